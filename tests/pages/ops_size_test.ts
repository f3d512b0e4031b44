import { ok } from "node:assert/strict";
import { buildPages } from "../../src/site/pages.ts";

const LIMIT_BYTES = 60 * 1024;

Deno.test("the script of the operator's page, with what it imports, is at most 60 KiB", async () => {
  const files = await buildPages();
  const html = new TextDecoder().decode(files.get("pages/en/ops.html"));
  const paths = new Set(html.match(/assets\/[\w.-]+\.js/g));
  ok(paths.size > 2);
  let bytes = 0;
  for (const path of paths) {
    const gzip = new Blob([files.get(path)!]).stream()
      .pipeThrough(new CompressionStream("gzip"));
    bytes += (await new Response(gzip).arrayBuffer()).byteLength;
  }
  console.log(`${(bytes / 1024).toFixed(1)} KiB`);
  ok(bytes <= LIMIT_BYTES, `${bytes} bytes`);
});
