import { buildStaticFiles } from "../../site/site.ts";

const DOCUMENT = new URL("../../../docs/openapi.json", import.meta.url);

/** Writes the static files to `folder`, where the assets binding reads them. */
export async function writeAssets(folder: string): Promise<void> {
  const site = await buildStaticFiles(JSON.parse(await Deno.readTextFile(DOCUMENT)));
  for (const [path, bytes] of site) {
    const file = `${folder}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(file, bytes);
  }
}
