import assert from "node:assert/strict";
import { assetsIn, checkAssets } from "../support/assets.ts";
import { checkNotModified } from "../support/not_modified.ts";
import type { Scenario } from "./scenario.ts";

export function pageScenarios(test: Scenario): void {
  test("no page needs an outside host", async (open) => {
    const box = await open();
    for (const path of ["/", "/line", "/shop", "/tickets", "/ops", "/docs"]) {
      const page = await box.call("GET", path);
      assert.equal(page.status, 200);
      assert.doesNotMatch(page.text, /https?:\/\//);
      const links = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, link]) => link!);
      links.push(...assetsIn(page.text));
      assert.ok(links.some((link) => link.endsWith(".js")), path);
      for (const link of links) assert.equal((await box.call("GET", link)).status, 200, link);
      assert.match(page.headers.get("Content-Security-Policy")!, /default-src 'none'/);
      assert.doesNotMatch(page.headers.get("Content-Security-Policy")!, /unsafe/);
    }
  });

  test("every link of the documentation leads to a page, and its anchor to a part of it", async (open) => {
    const { call } = await open();
    const pages = new Map<string, string>();
    const unread = ["/docs"];
    const links = new Set<string>();
    for (const path of unread) {
      const { status, text } = await call("GET", path);
      assert.equal(status, 200, path);
      pages.set(path, text);
      for (const [, href] of text.matchAll(/<a [^>]*?href="([^"]+)"/g)) {
        const target = href!.startsWith("#") ? path + href : href!;
        links.add(target);
        const [page] = target.split("#") as [string];
        if (page.startsWith("/docs") && !unread.includes(page)) unread.push(page);
      }
    }
    assert.ok(pages.size > 15, `${pages.size} pages were read`);
    assert.ok([...pages.keys()].includes("/docs/guides/going-live"));
    const dead = [...links].filter((link) => {
      const [path, anchor] = link.split("#") as [string, string?];
      if (!pages.has(path)) return path !== "/openapi.json";
      return anchor !== undefined && !pages.get(path)!.includes(` id="${anchor}"`);
    });
    assert.deepEqual(dead, []);
  });

  test("assets are kept for good, and answer HEAD and If-None-Match; no path leaves their folder", async (open) => {
    await checkAssets(await open());
  });

  test("a page of the documentation has a version, and 304 for who has it", async (open) => {
    const { call } = await open();
    const { headers } = await call("GET", "/docs/guides/errors");
    assert.equal(headers.get("Content-Type"), "text/html; charset=utf-8");
    const known = { headers: { "If-None-Match": headers.get("ETag")! } };
    assert.equal((await call("GET", "/docs/guides/errors", known)).status, 304);
    for (const path of ["/docs/guides/nothing", "/docs/api/..%2fopenapi", "/docs/other/sale"]) {
      assert.equal((await call("GET", path)).status, 404, path);
    }
    assert.equal((await call("POST", "/docs/guides/errors")).status, 405);
  });

  test("304 of a page, of the document and of an asset has the headers of 200, the page's policy too", async (open) => {
    const box = await open();
    const { text } = await box.call("GET", "/docs");
    const pages = [...text.matchAll(/href="(\/docs[^"#]*)/g)].map(([, path]) => path!);
    const paths = new Set(["/openapi.json", ...pages, ...assetsIn(text)]);
    for (const path of ["/docs", "/docs/problems", "/docs/api/line", "/docs/guides/sale"]) {
      assert.ok(paths.has(path), path);
    }
    for (const path of paths) await checkNotModified(box, path);
  });

  test("GET /docs offers no demo tokens where USER_JWT_* is set", async (open) => {
    const { call } = await open();
    assert.doesNotMatch((await call("GET", "/docs/api/line")).text, /dev\/sign-in/);
  });

  test("every answer has security headers and is not stored", async (open) => {
    const box = await open();
    for (const path of ["/v1/queue", "/v1/balance", "/nothing"]) {
      const { headers } = await box.call("GET", path);
      assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
      assert.equal(headers.get("Cache-Control"), "no-store");
      assert.equal(
        headers.get("Content-Security-Policy"),
        "default-src 'none'; frame-ancestors 'none'",
      );
    }
  });

  test("GET /healthz and GET /readyz are 200 while every dependency is up", async (open) => {
    const { call } = await open();
    assert.equal((await call("GET", "/healthz")).status, 200);
    const { status, body } = await call("GET", "/readyz");
    assert.deepEqual([status, body.dependencies], [200, { redis: "up", postgres: "up" }]);
  });
}
