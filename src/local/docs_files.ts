import { documentFiles } from "../http/document/document_files.ts";
import type { DocsFiles } from "../http/pages/reference.ts";

/** Makes the document of the endpoints, and reads the other files from the installed package. */
export const installedDocsFiles: DocsFiles = (endpoints) => {
  const made = documentFiles(endpoints);
  return async (name) => {
    const url = () => new URL(import.meta.resolve(`swagger-ui-dist/${name}`));
    return await made(name) ?? await Deno.readFile(url());
  };
};
