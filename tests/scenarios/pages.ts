import assert from "node:assert/strict";
import type { Scenario } from "./scenario.ts";

export function pageScenarios(test: Scenario): void {
  test("GET / and GET /docs need no outside host", async (open) => {
    const box = await open();
    for (const [path, scripts] of [["/", 1], ["/docs", 2]] as const) {
      const page = await box.call("GET", path);
      assert.equal(page.status, 200);
      assert.doesNotMatch(page.text, /https?:\/\//);
      const links = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, link]) => link!);
      assert.equal(links.filter((link) => link.endsWith(".js")).length, scripts);
      for (const link of links) assert.equal((await box.call("GET", link)).status, 200, link);
      assert.match(page.headers.get("Content-Security-Policy")!, /default-src 'none'/);
    }
  });

  test("GET /docs offers no demo tokens where USER_JWT_* is set", async (open) => {
    const { call } = await open();
    assert.doesNotMatch((await call("GET", "/docs")).text, /id="demo"/);
    assert.doesNotMatch((await call("GET", "/docs/start.js")).text, /dev\/sign-in/);
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
