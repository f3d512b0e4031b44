import type { DocsAsset } from "../http/pages/reference.ts";

/** Reads the reference page's files out of the installed package. */
export const installedDocsAsset: DocsAsset = async (name) => {
  const url = new URL(import.meta.resolve(`swagger-ui-dist/${name}`));
  return await Deno.readFile(url);
};
