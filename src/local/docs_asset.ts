import type { DocsAsset } from "../http/pages/reference.ts";

/** Reads the files of the reference page from the installed package. */
export const installedDocsAsset: DocsAsset = async (name) => {
  const url = new URL(import.meta.resolve(`swagger-ui-dist/${name}`));
  return await Deno.readFile(url);
};
