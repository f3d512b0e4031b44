import { DOCS_ASSETS } from "../../http/pages/reference.ts";

/** Copies the reference page's files to where the Worker's binding finds them: `folder`/docs. */
export async function copyDocsFiles(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/docs`, { recursive: true });
  for (const name of Object.keys(DOCS_ASSETS)) {
    const installed = new URL(import.meta.resolve(`swagger-ui-dist/${name}`));
    await Deno.copyFile(installed, `${folder}/docs/${name}`);
  }
}
