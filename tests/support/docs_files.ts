import { documentFiles } from "../../src/http/document/document_files.ts";
import type { DocsFiles } from "../../src/http/pages/reference.ts";

/** The files of the reference page of a box: what is made, and a text in the place of a package's. */
export const boxDocsFiles: DocsFiles = (endpoints) => {
  const made = documentFiles(endpoints);
  return async (name) => await made(name) ?? new TextEncoder().encode("asset");
};
