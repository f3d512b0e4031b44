import { DOCS_ASSETS } from "../../http/pages/reference.ts";

/** Copies the files of the reference page to `folder`/docs, where the assets binding reads them. */
export async function copyDocsFiles(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/docs`, { recursive: true });
  for (const name of Object.keys(DOCS_ASSETS)) {
    const installed = new URL(import.meta.resolve(`swagger-ui-dist/${name}`));
    await Deno.copyFile(installed, `${folder}/docs/${name}`);
  }
}
