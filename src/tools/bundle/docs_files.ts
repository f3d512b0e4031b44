import { problemsPage } from "../../http/document/problems_page.ts";
import { DOCS_ASSETS, DOCUMENT_FILE, PROBLEMS_FILE } from "../../http/pages/reference.ts";

const DOCUMENT = new URL("../../../docs/openapi.json", import.meta.url);

/** Copies the files of the reference page to `folder`/docs, where the assets binding reads them. */
export async function copyDocsFiles(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/docs`, { recursive: true });
  for (const name of Object.keys(DOCS_ASSETS)) {
    const installed = new URL(import.meta.resolve(`swagger-ui-dist/${name}`));
    await Deno.copyFile(installed, `${folder}/docs/${name}`);
  }
  await Deno.copyFile(DOCUMENT, `${folder}/docs/${DOCUMENT_FILE}`);
  await Deno.writeTextFile(`${folder}/docs/${PROBLEMS_FILE}`, problemsPage());
}
