import assert from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import type { Scenario } from "./scenario.ts";

const SHOP = "https://shop.example.com";
const CONSOLE = "https://console.example.com";
const STRANGER = "https://stranger.example.net";
const SETTINGS = { ALLOWED_ORIGINS: SHOP, OPERATOR_ORIGINS: CONSOLE };

function preflight(origin: string, method: string) {
  return { headers: { "Origin": origin, "Access-Control-Request-Method": method } };
}

export function crossOriginScenarios(test: Scenario): void {
  test("a page of an allowed origin may send every request of a fan", async (open) => {
    const { call } = await open(SETTINGS);
    const { status, text, headers } = await call(
      "OPTIONS",
      "/v1/reservations",
      preflight(SHOP, "POST"),
    );
    assert.deepEqual([status, text], [204, ""]);
    assert.equal(headers.get("Access-Control-Allow-Origin"), SHOP);
    assert.equal(headers.get("Access-Control-Allow-Credentials"), null);
    const allowed = headers.get("Access-Control-Allow-Headers")!.toLowerCase();
    for (const name of ["authorization", "queue-token", "idempotency-key", "content-type"]) {
      assert.ok(allowed.includes(name), name);
    }
    for (const method of ["GET", "POST", "PATCH", "DELETE"]) {
      assert.ok(headers.get("Access-Control-Allow-Methods")!.includes(method));
    }
    assert.match(headers.get("Vary")!, /\bOrigin\b/);
  });

  test("an answer to a call without an origin is kept for no page of another origin", async (open) => {
    const { call } = await open(SETTINGS);
    for (const path of ["/v1/queue", "/v1/balance", "/nothing", "/healthz"]) {
      const { headers } = await call("GET", path);
      assert.match(headers.get("Vary")!, /\bOrigin\b/, path);
      assert.equal(headers.get("Cross-Origin-Resource-Policy"), "same-origin", path);
      assert.equal(headers.get("Access-Control-Allow-Origin"), null, path);
    }
  });

  test("a page of an allowed origin reads answers, refusals and their headers", async (open) => {
    const { call } = await open(SETTINGS);
    const joined = { fan: newFan("page"), headers: { Origin: SHOP } };
    for (
      const { headers, status } of [
        await call("POST", "/v1/queue/tokens", joined),
        await call("GET", "/v1/balance", { headers: { Origin: SHOP } }),
        await call("GET", "/nothing", { headers: { Origin: SHOP } }),
      ]
    ) {
      assert.equal(headers.get("Access-Control-Allow-Origin"), SHOP, String(status));
      assert.equal(headers.get("Cross-Origin-Resource-Policy"), "cross-origin");
      assert.match(headers.get("Vary")!, /\bOrigin\b/);
      const exposed = headers.get("Access-Control-Expose-Headers")!.split(",");
      for (
        const name of [
          "ETag",
          "Retry-After",
          "Location",
          "Idempotency-Replayed",
          "X-Request-Id",
          "Server-Timing",
        ]
      ) assert.ok(exposed.includes(name), name);
    }
  });

  test("a page of another origin may read nothing", async (open) => {
    const { call } = await open(SETTINGS);
    for (const origin of [STRANGER, "null", `${SHOP}.evil.test`]) {
      for (
        const { headers } of [
          await call("OPTIONS", "/v1/reservations", preflight(origin, "POST")),
          await call("GET", "/v1/queue", { headers: { Origin: origin } }),
        ]
      ) {
        assert.equal(headers.get("Access-Control-Allow-Origin"), null, origin);
        assert.equal(headers.get("Cross-Origin-Resource-Policy"), "same-origin");
        assert.match(headers.get("Vary")!, /\bOrigin\b/);
      }
    }
  });

  test("operator routes are for OPERATOR_ORIGINS, other routes for ALLOWED_ORIGINS", async (open) => {
    const { call } = await open(SETTINGS);
    const readers = async (path: string) => {
      const found = [];
      for (const origin of [SHOP, CONSOLE]) {
        const { headers } = await call("OPTIONS", path, preflight(origin, "GET"));
        if (headers.get("Access-Control-Allow-Origin") === origin) found.push(origin);
      }
      return found;
    };
    assert.deepEqual(await readers("/v1/admin/rooms"), [CONSOLE]);
    assert.deepEqual(await readers("/v1/%61dmin/rooms"), [CONSOLE]);
    assert.deepEqual(await readers("/v1/queue"), [SHOP]);
  });

  test("OPTIONS without an origin lists the methods of a path", async (open) => {
    const { call } = await open();
    const { status, text, headers } = await call("OPTIONS", "/v1/payments");
    assert.deepEqual([status, text, headers.get("Allow")], [204, "", "GET, HEAD, OPTIONS, POST"]);
    assert.equal((await call("OPTIONS", "/nothing")).status, 404);
  });

  test("CSV answers vary by Accept and by origin", async (open) => {
    const { call } = await open(SETTINGS);
    const { headers } = await call("GET", "/v1/admin/audit", {
      operator: true,
      headers: { Origin: CONSOLE, Accept: "text/csv" },
    });
    assert.deepEqual(headers.get("Vary")!.split(/, ?/).sort(), ["Accept", "Origin"]);
  });
}
