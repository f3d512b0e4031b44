import assert from "node:assert/strict";
import type { ApiBox } from "./api_box.ts";

/** The paths of all assets that a page names. */
export function assetsIn(html: string): string[] {
  return [...new Set([...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path!))];
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
};

/** What is true of the assets of `/docs`, wherever they are kept. */
export async function checkAssets({ call }: ApiBox): Promise<void> {
  const paths = assetsIn((await call("GET", "/docs")).text);
  assert.equal(paths.length, 5);
  for (const path of paths) {
    const { status, headers, text } = await call("GET", path);
    const type = headers.get("Content-Type");
    assert.deepEqual([status, type], [200, MEDIA_TYPES[path.split(".").at(-1)!]], path);
    assert.equal(headers.get("Cache-Control"), "public, max-age=31536000, immutable");
    assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
    assert.ok(text.length > 0);
    const head = await call("HEAD", path);
    assert.deepEqual([head.status, head.text, head.headers.get("Content-Type")], [200, "", type]);
    const known = { headers: { "If-None-Match": headers.get("ETag")! } };
    const again = await call("GET", path, known);
    assert.deepEqual([again.status, again.text], [304, ""]);
  }
  const [name] = paths[0]!.split("/").slice(-1) as [string];
  const absent = [
    "/assets/",
    "/assets/site.css",
    "/assets/site.0000000000000000.css",
    `/assets/..%2fassets%2f${name}`,
    `/assets/%2e%2e/assets%2f${name}`,
    `/assets//${name}`,
    "/assets/..%2fdocs%2findex.html",
    "/assets/..%5cworker%5cworker.js",
    "/assets/constructor",
  ];
  for (const path of absent) assert.equal((await call("GET", path)).status, 404, path);
  const posted = await call("POST", paths[0]!);
  assert.deepEqual([posted.status, posted.body.code], [405, "METHOD_NOT_ALLOWED"]);
}
