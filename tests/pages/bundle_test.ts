import assert from "node:assert/strict";
import { buildPages } from "../../src/site/pages.ts";

/** Of script alone, compressed, as it travels. */
const MOST_LINE_KIB = 25;
const MOST_ALL_KIB = 60;
const PAGES = ["home", "line", "shop", "tickets"];

const files = await buildPages();

async function gzipKib(paths: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const path of paths) {
    const stream = new Blob([files.get(path)!]).stream()
      .pipeThrough(new CompressionStream("gzip"));
    bytes += (await new Response(stream).arrayBuffer()).byteLength;
  }
  return bytes / 1024;
}

const documentOf = (page: string, language: string) =>
  new TextDecoder().decode(files.get(`pages/${language}/${page}.html`));

/** The scripts that a document loads. */
function scriptsOf(page: string): string[] {
  return [...documentOf(page, "en").matchAll(/"\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path!);
}

Deno.test("the scripts of fans are small, and that of the line is smaller", async () => {
  const line = await gzipKib(scriptsOf("line"));
  assert.ok(line <= MOST_LINE_KIB, `the line has ${line.toFixed(1)} KiB`);
  const all = await gzipKib(new Set(PAGES.flatMap(scriptsOf)));
  assert.ok(all <= MOST_ALL_KIB, `all pages have ${all.toFixed(1)} KiB`);
  console.log(`      line ${line.toFixed(1)} KiB, all ${all.toFixed(1)} KiB of script, gzip`);
});

Deno.test("the script of the operator's page is small, too", async () => {
  const ops = await gzipKib(scriptsOf("ops"));
  assert.ok(ops <= MOST_ALL_KIB, `it has ${ops.toFixed(1)} KiB`);
  console.log(`      ops ${ops.toFixed(1)} KiB of script, gzip`);
});

Deno.test("every document loads files that exist, and has nothing inline", () => {
  for (const page of [...PAGES, "ops"]) {
    for (const language of ["en", "ko"]) {
      const html = documentOf(page, language);
      const assets = [...html.matchAll(/"\/(assets\/[^"]+)"/g)].map(([, path]) => path!);
      assert.ok(assets.length >= 4, page);
      for (const asset of assets) assert.ok(files.has(asset), asset);
      assert.doesNotMatch(html, /<style|<script(?![^>]* src=)| style=| on[a-z]+="/, page);
      assert.match(html, new RegExp(`<html lang="${language}"`));
    }
  }
});

Deno.test("the same sources give the same names", async () => {
  assert.deepEqual([...(await buildPages()).keys()], [...files.keys()]);
});
