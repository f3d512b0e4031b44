import { type DocsFiles, DOCUMENT_FILE, PROBLEMS_FILE } from "../pages/reference.ts";
import { openApiDocument } from "./openapi_document.ts";
import { problemsPage } from "./problems_page.ts";

/** The files of the reference page that are made from the endpoints and from the problems. */
export const documentFiles: DocsFiles = (endpoints) => {
  const texts: Readonly<Record<string, () => string>> = {
    [DOCUMENT_FILE]: () => JSON.stringify(openApiDocument(endpoints)),
    [PROBLEMS_FILE]: problemsPage,
  };
  return (name) => {
    const text = texts[name]?.();
    return Promise.resolve(text === undefined ? null : new TextEncoder().encode(text));
  };
};
