import assert from "node:assert/strict";
import { newFan, type Sent } from "../support/api_box.ts";
import type { Scenario } from "./scenario.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

export function requestScenarios(test: Scenario): void {
  test("unknown paths are NOT_FOUND with any credential", async (open) => {
    const { call } = await open();
    for (
      const path of [
        "/v1",
        "/v1/concerts/",
        "//v1/concerts",
        "/v1/queue/tokens/you",
        "/V1/queue",
      ]
    ) {
      const { status, body, headers } = await call("GET", path);
      assert.deepEqual([status, body.code], [404, "NOT_FOUND"], path);
      assert.equal(headers.get("Content-Type"), "application/problem+json");
      assert.match(body.instance, new RegExp(headers.get("X-Request-Id")!));
    }
  });

  test("known paths with another method are METHOD_NOT_ALLOWED, with Allow", async (open) => {
    const { call } = await open();
    for (
      const [method, path, allow] of [
        ["PUT", "/v1/concerts", "GET, HEAD, OPTIONS"],
        ["PUT", "/v1/queue/tokens", "OPTIONS, POST"],
        ["POST", "/v1/queue/tokens/me", "DELETE, GET, HEAD, OPTIONS"],
        ["DELETE", "/v1/admin/concerts/1", "GET, HEAD, OPTIONS, PATCH"],
        ["GET", "/v1/reservations/rsv_1", "DELETE, OPTIONS"],
        ["POST", "/healthz", "GET, HEAD, OPTIONS"],
        ["POST", "/openapi.json", "GET, HEAD, OPTIONS"],
      ] as const
    ) {
      const { status, body, headers } = await call(method, path);
      assert.deepEqual([status, body.code, headers.get("Allow")], [
        405,
        "METHOD_NOT_ALLOWED",
        allow,
      ]);
    }
    const head = await call("HEAD", "/v1/queue");
    assert.deepEqual([head.status, head.text], [200, ""]);
  });

  test("checks come in order: size, media type, credentials, body", async (open) => {
    const { call } = await open();
    const big = "x".repeat(64 * 1024 + 1);
    const code = async (sent: Sent) => (await call("POST", "/v1/payments", sent)).body.code;
    assert.equal(await code({ raw: big }), "PAYLOAD_TOO_LARGE");
    assert.equal(
      await code({ raw: "{", headers: { "Content-Type": "text/plain" } }),
      "UNSUPPORTED_MEDIA_TYPE",
    );
    assert.equal(await code({ raw: "{", headers: JSON_TYPE }), "UNAUTHENTICATED");
    assert.equal(
      await code({ raw: "{", headers: JSON_TYPE, fan: "a", key: "k" }),
      "MALFORMED_JSON",
    );
    assert.equal(await code({ json: {}, fan: "a" }), "VALIDATION_FAILED");
    assert.equal(
      await code({ json: { reservationIds: ["rsv_1"] }, fan: "a" }),
      "IDEMPOTENCY_KEY_REQUIRED",
    );
    const late = await call("POST", "/v1/reservations", {
      fan: "a",
      place: await gone(),
      json: {},
    });
    assert.equal(late.body.code, "VALIDATION_FAILED", "the body comes before the admission");

    async function gone() {
      const place = (await call("POST", "/v1/queue/tokens", { fan: "a" })).body.token;
      await call("DELETE", "/v1/queue/tokens/me", { place });
      return place;
    }
  });

  test("a body over the limit is refused without a Content-Length too", async (open) => {
    const { call } = await open();
    const chunk = new TextEncoder().encode(" ".repeat(1024));
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        controller.enqueue(chunk);
        if (++sent > 1_000) controller.close();
      },
    });
    const { status, body } = await call("POST", "/v1/payments", { raw: endless });
    assert.deepEqual([status, body.code, body.limitBytes], [413, "PAYLOAD_TOO_LARGE", 65_536]);
    const fits = await call("POST", "/v1/admin/concerts", {
      raw: " ".repeat(100_000),
      headers: JSON_TYPE,
    });
    assert.equal(fits.body.code, "UNAUTHENTICATED");
  });

  test("a body over the limit is refused on routes without a body, too", async (open) => {
    const { call } = await open();
    for (const path of ["/v1/queue/tokens/me", "/v1/reservations/rsv_1"]) {
      const { body } = await call("DELETE", path, {
        raw: "x".repeat(65_537),
        headers: { "Content-Length": "65537" },
      });
      assert.equal(body.code, "PAYLOAD_TOO_LARGE");
    }
  });

  test("bodies need Content-Type: application/json, in UTF-8", async (open) => {
    const { call } = await open();
    const code = async (type: string | null) =>
      (await call("POST", "/v1/queue/tokens", {
        fan: "a",
        raw: new TextEncoder().encode("{}"),
        headers: type === null ? {} : { "Content-Type": type },
      })).body.code;
    for (
      const type of [null, "text/json", "application/jsonp", "application/json; charset=utf-16"]
    ) {
      assert.equal(await code(type), "UNSUPPORTED_MEDIA_TYPE", String(type));
    }
    for (
      const type of [
        "application/json",
        'Application/JSON;charset="UTF-8"',
        "application/json; charset=utf8",
        'application/json;charset="UTF8"',
      ]
    ) {
      assert.equal(await code(type), undefined);
    }
  });

  test("a body with a content coding is UNSUPPORTED_MEDIA_TYPE, and the answer says which is taken", async (open) => {
    const { call } = await open();
    const send = (coding: string) =>
      call("POST", "/v1/queue/tokens", {
        fan: "a",
        raw: "{}",
        headers: { ...JSON_TYPE, "Content-Encoding": coding },
      });
    for (const coding of ["gzip", "br", "identity, gzip", "x"]) {
      const { status, body, headers } = await send(coding);
      assert.deepEqual([status, body.code], [415, "UNSUPPORTED_MEDIA_TYPE"], coding);
      assert.equal(headers.get("Accept-Encoding"), "identity");
    }
    assert.equal((await send("Identity")).status, 201);
    const text = await call("POST", "/v1/queue/tokens", { fan: "a", raw: "{}" });
    assert.deepEqual([text.status, text.headers.get("Accept-Encoding")], [415, null]);
  });

  test("a JSON object with a doubled key is MALFORMED_JSON and names the key", async (open) => {
    const { call } = await open();
    const send = (raw: string) =>
      call("POST", "/v1/admin/balance/charges", {
        operator: true,
        key: "k",
        raw,
        headers: JSON_TYPE,
      });
    const [a, b] = [newFan("a"), newFan("b")];
    const twice = await send(`{"userId":"${a}","amount":1,"userId":"${b}"}`);
    assert.deepEqual([twice.status, twice.body.code], [400, "MALFORMED_JSON"]);
    assert.match(twice.body.detail, /"userId"/);
    assert.equal((await call("GET", "/v1/balance", { fan: b })).body.balance, 0);
    const deep = await send('{"userId":"a","amount":1,"x":[{"y":1,"y":1}]}');
    assert.match(deep.body.detail, /"y"/);
    const long = await send(`{"${"x".repeat(10_000)}":1,"${"x".repeat(10_000)}":1}`);
    assert.ok(long.text.length < 1_000);
  });

  test("unknown and doubled query parameters are VALIDATION_FAILED on every route", async (open) => {
    const { call, join } = await open();
    const place = await join("a");
    const fan = { fan: "a" };
    const operator = { operator: true } as const;
    const routes: [string, string, Sent][] = [
      ["GET", "/healthz", {}],
      ["GET", "/readyz", {}],
      ["GET", "/v1/queue", {}],
      ["GET", "/v1/rooms/main", {}],
      ["GET", "/v1/rooms/main/draw", {}],
      ["POST", "/v1/queue/tokens", fan],
      ["GET", "/v1/queue/tokens/me", { place }],
      ["DELETE", "/v1/queue/tokens/me", { place }],
      ["GET", "/v1/concerts", { ...fan, place }],
      ["GET", "/v1/concerts/1/schedules", { ...fan, place }],
      ["GET", "/v1/reservations", fan],
      ["DELETE", "/v1/reservations/rsv_1", fan],
      ["GET", "/v1/payments", fan],
      ["POST", "/v1/payments", { ...fan, key: "k", json: { reservationIds: ["rsv_1"] } }],
      ["GET", "/v1/balance", fan],
      ["GET", "/v1/admin/concerts/1/sales", operator],
      ["GET", "/v1/admin/audit", operator],
      ["GET", "/v1/admin/fans/a", operator],
      ["POST", "/v1/admin/caches/evictions", operator],
      ["DELETE", "/v1/admin/rooms/main/places/a", operator],
    ];
    for (const [method, path, sent] of routes) {
      for (const name of ["seatNumber", "Limit", "__proto__", "x".repeat(300)]) {
        const { status, body } = await call(method, `${path}?${name}=1`, sent);
        assert.deepEqual(
          [status, body.code, body.errors?.[0]],
          [400, "VALIDATION_FAILED", { path: name.slice(0, 64), message: "is not known here" }],
          `${method} ${path}`,
        );
      }
    }
    for (const query of ["=1", "=1&=2"]) {
      const unnamed = await call("GET", `/v1/queue?${query}`);
      assert.equal(unnamed.body.errors[0].path, '""');
    }
    const twice = await call("GET", "/v1/payments?limit=1&limit=1", fan);
    assert.deepEqual(twice.body.errors, [{ path: "limit", message: "must be given once" }]);
    const many = Array.from({ length: 500 }, (_, i) => `p${i}=1&p${i}=1`).join("&");
    const flood = await call("GET", `/v1/payments?${many}`, fan);
    assert.equal(flood.status, 400);
    assert.ok(flood.text.length < 20_000);
  });

  test("a caller's X-Request-Id is kept where it is short and plain, else replaced", async (open) => {
    const { call } = await open();
    const idOf = async (id: string) => {
      const { headers, body } = await call("GET", "/nowhere", { headers: { "X-Request-Id": id } });
      const answered = headers.get("X-Request-Id")!;
      assert.equal(body.instance, `urn:stanchion:request:${answered}`);
      return answered;
    };
    for (const id of ["abc-DEF_1=", "x".repeat(128)]) assert.equal(await idOf(id), id);
    for (const id of ["x".repeat(129), "a b", "\u00e9", "a\tb", '"a"', "a;b"]) {
      assert.match(await idOf(id), /^[\w=-]{1,128}$/, id);
      assert.notEqual(await idOf(id), id);
    }
  });

  test("texts that are not JSON are MALFORMED_JSON", async (open) => {
    const { call } = await open();
    const texts = ["", "{", "{'a':1}", "[1,]", "NaN", "{}{}", new Uint8Array([0x22, 0xff, 0x22])];
    for (const raw of texts) {
      const { status, body } = await call("POST", "/v1/balance/charges", {
        fan: "a",
        key: "k",
        raw,
        headers: JSON_TYPE,
      });
      assert.deepEqual([status, body.code], [400, "MALFORMED_JSON"], String(raw));
    }
  });
}
