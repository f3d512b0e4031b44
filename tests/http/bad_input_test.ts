import assert from "node:assert/strict";
import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import { openBox, type Sent } from "../support/box.ts";

const database = await openEmbeddedDatabase();
Deno.test.afterAll(() => database.close());
const openTestBox = (settings: Record<string, string> = {}) => openBox(database.sql, { settings });

const JSON_TYPE = { "Content-Type": "application/json" };

Deno.test("unknown paths are NOT_FOUND, whoever asks", async () => {
  const { call } = openTestBox();
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

Deno.test("known paths with another method are METHOD_NOT_ALLOWED, with Allow", async () => {
  const { call } = openTestBox();
  for (
    const [method, path, allow] of [
      ["PUT", "/v1/concerts", "GET, HEAD"],
      ["OPTIONS", "/v1/queue/tokens", "POST"],
      ["POST", "/v1/queue/tokens/me", "DELETE, GET, HEAD"],
      ["DELETE", "/v1/admin/concerts/1", "GET, HEAD, PATCH"],
      ["GET", "/v1/reservations/rsv_1", "DELETE"],
      ["POST", "/healthz", "GET, HEAD"],
      ["POST", "/openapi.json", "GET, HEAD"],
    ] as const
  ) {
    const { status, body, headers } = await call(method, path);
    assert.deepEqual([status, body.code, headers.get("Allow")], [405, "METHOD_NOT_ALLOWED", allow]);
  }
  const head = await call("HEAD", "/v1/queue");
  assert.deepEqual([head.status, head.text], [200, ""]);
});

Deno.test("checks come in order: size, media type, credentials, body", async () => {
  const { call } = openTestBox();
  const big = "x".repeat(64 * 1024 + 1);
  const code = async (sent: Sent) => (await call("POST", "/v1/payments", sent)).body.code;
  assert.equal(await code({ raw: big }), "PAYLOAD_TOO_LARGE");
  assert.equal(
    await code({ raw: "{", headers: { "Content-Type": "text/plain" } }),
    "UNSUPPORTED_MEDIA_TYPE",
  );
  assert.equal(await code({ raw: "{", headers: JSON_TYPE }), "UNAUTHENTICATED");
  assert.equal(await code({ raw: "{", headers: JSON_TYPE, fan: "a", key: "k" }), "MALFORMED_JSON");
  assert.equal(await code({ json: {}, fan: "a" }), "VALIDATION_FAILED");
  assert.equal(
    await code({ json: { reservationIds: ["rsv_1"] }, fan: "a" }),
    "IDEMPOTENCY_KEY_REQUIRED",
  );
  const late = await call("POST", "/v1/reservations", { fan: "a", place: await gone(), json: {} });
  assert.equal(late.body.code, "VALIDATION_FAILED", "the body comes before the admission");

  async function gone() {
    const place = (await call("POST", "/v1/queue/tokens", { fan: "a" })).body.token;
    await call("DELETE", "/v1/queue/tokens/me", { place });
    return place;
  }
});

Deno.test("a body over the limit is refused without a Content-Length too", async () => {
  const { call } = openTestBox();
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
  assert.ok(sent < 100, "reading stops at the limit");
  const fits = await call("POST", "/v1/admin/concerts", {
    raw: " ".repeat(100_000),
    headers: JSON_TYPE,
  });
  assert.equal(fits.body.code, "UNAUTHENTICATED");
});

Deno.test("a body over the limit is refused where none is wanted, too", async () => {
  const { call } = openTestBox();
  for (const path of ["/v1/queue/tokens/me", "/v1/reservations/rsv_1"]) {
    const { body } = await call("DELETE", path, { headers: { "Content-Length": "65537" } });
    assert.equal(body.code, "PAYLOAD_TOO_LARGE");
  }
});

Deno.test("ids that no store can keep are VALIDATION_FAILED, in bodies and in paths", async () => {
  const { call } = openTestBox();
  for (const id of ["a\0", "\ud800", ""]) {
    const { body } = await call("POST", "/v1/payments", {
      fan: "a",
      key: "k",
      json: { reservationIds: [id] },
    });
    assert.equal(body.errors?.[0].path, "reservationIds[0]");
  }
  for (const path of ["/v1/reservations/%00", "/v1/payments/a%00"]) {
    const method = path.includes("payments") ? "GET" : "DELETE";
    assert.equal((await call(method, path, { fan: "a" })).body.code, "VALIDATION_FAILED");
  }
});

Deno.test("bodies need Content-Type: application/json, in UTF-8", async () => {
  const { call } = openTestBox();
  const code = async (type: string | null) =>
    (await call("POST", "/v1/queue/tokens", {
      fan: "a",
      raw: new TextEncoder().encode("{}"),
      headers: type === null ? {} : { "Content-Type": type },
    })).body.code;
  for (const type of [null, "text/json", "application/jsonp", "application/json; charset=utf-16"]) {
    assert.equal(await code(type), "UNSUPPORTED_MEDIA_TYPE", String(type));
  }
  for (const type of ["application/json", 'Application/JSON;charset="UTF-8"']) {
    assert.equal(await code(type), undefined);
  }
});

Deno.test("texts that are not JSON are MALFORMED_JSON", async () => {
  const { call } = openTestBox();
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

Deno.test("hostile JSON is VALIDATION_FAILED and names the field", async () => {
  const { call, join } = openTestBox();
  const place = await join("a");
  const right = { concertId: 1, scheduleId: 1, seatIds: [1] };
  const cases: [string, string][] = [
    ["null", "body"],
    ["[]", "body"],
    ['"text"', "body"],
    ["[".repeat(20_000) + "]".repeat(20_000), "body"],
    ["{}", "concertId"],
    [JSON.stringify({ ...right, concertId: "1" }), "concertId"],
    [JSON.stringify({ ...right, concertId: 0 }), "concertId"],
    [JSON.stringify({ ...right, scheduleId: 1.5 }), "scheduleId"],
    ['{"concertId":9007199254740993,"scheduleId":1,"seatIds":[1]}', "concertId"],
    ['{"concertId":1e400,"scheduleId":1,"seatIds":[1]}', "concertId"],
    [JSON.stringify({ ...right, seatIds: [] }), "seatIds"],
    [JSON.stringify({ ...right, seatIds: [1, 2, 1] }), "seatIds"],
    [JSON.stringify({ ...right, seatIds: [1, -2] }), "seatIds[1]"],
    [JSON.stringify({ ...right, seatIds: { 0: 1 } }), "seatIds"],
    [JSON.stringify({ ...right, seatIds: Array.from({ length: 51 }, (_, i) => i + 1) }), "seatIds"],
    [JSON.stringify({ ...right, userId: "b" }), "userId"],
    ['{"concertId":1,"scheduleId":1,"seatIds":[1],"__proto__":{"x":1}}', "__proto__"],
  ];
  for (const [raw, path] of cases) {
    const { status, body } = await call("POST", "/v1/reservations", {
      fan: "a",
      place,
      raw,
      headers: JSON_TYPE,
    });
    const label = raw.slice(0, 80);
    assert.deepEqual(
      [status, body.code, body.errors?.[0].path],
      [400, "VALIDATION_FAILED", path],
      label,
    );
  }
});

Deno.test("bad concerts are refused whole, with every fault named", async () => {
  const { call } = openTestBox();
  const { status, body } = await call("POST", "/v1/admin/concerts", {
    operator: true,
    json: {
      title: "a\0b",
      description: 5,
      timeZone: "Mars/Olympus",
      schedules: [{
        concertAt: "2026-12-24",
        reservationAvailableAt: "0000-01-01T00:00:00Z",
        seats: [
          { seatNumber: 1, price: 1 },
          { seatNumber: 1, price: -1 },
          { seatNumber: 1_000_001, price: 100_000_001, x: "left" },
        ],
      }, { concertAt: "2026-02-30T00:00:00Z", reservationAvailableAt: "x", seats: [] }],
    },
  });
  assert.equal(status, 400);
  const paths = body.errors.map(({ path }: { path: string }) => path);
  for (
    const path of [
      "title",
      "description",
      "timeZone",
      "schedules[0].concertAt",
      "schedules[0].reservationAvailableAt",
      "schedules[0].seats[1].price",
      "schedules[0].seats[2].seatNumber",
      "schedules[0].seats[2].price",
      "schedules[0].seats[2].x",
      "schedules[1].concertAt",
      "schedules[1].seats",
    ]
  ) assert.ok(paths.includes(path), `${path} in ${paths}`);
  const twice = await call("POST", "/v1/admin/concerts", {
    operator: true,
    json: {
      title: "t",
      description: "",
      schedules: [{
        concertAt: "2026-12-24T00:00:00Z",
        reservationAvailableAt: "2026-12-01T00:00:00Z",
        seats: [{ seatNumber: 1, price: 1 }, { seatNumber: 1, price: 1 }],
      }],
    },
  });
  assert.deepEqual(twice.body.errors.map(({ path }: { path: string }) => path), [
    "schedules[0].seats[1].seatNumber",
  ]);
});

Deno.test("a change that changes nothing, or too much, is refused", async () => {
  const { call } = openTestBox();
  const cases: [unknown, string][] = [
    [{}, "body"],
    [{ status: "ON_SALE" }, "status"],
    [{ timeZone: "UTC" }, "timeZone"],
    [{ title: "\ud800" }, "title"],
    [{ schedules: [{ scheduleId: 1 }] }, "schedules[0].reservationAvailableAt"],
  ];
  for (const [json, path] of cases) {
    const { status, body } = await call("PATCH", "/v1/admin/concerts/1", { operator: true, json });
    assert.deepEqual([status, body.errors?.[0].path], [400, path]);
  }
});

Deno.test("bad paths and queries are VALIDATION_FAILED and name the parameter", async () => {
  const { call, join } = openTestBox();
  const place = await join("a");
  for (
    const id of ["0", "-1", "1.5", "01", "1e3", "abc", "9007199254740993", "%00", "%zz", "1%20"]
  ) {
    const { status, body } = await call("GET", `/v1/concerts/${id}/schedules`, { fan: "a", place });
    assert.deepEqual([status, body.errors?.[0].path], [400, "concertId"], id);
  }
  const cursors = [
    "",
    "x",
    "%",
    btoa("1"),
    btoa("a.b"),
    btoa("1.2.3"),
    btoa(`${"9".repeat(16)}.1`),
  ];
  const queries = [
    ...["0", "101", "-1", "1.5", "x", "", "1e1"].map((limit) => ["limit", limit] as const),
    ...cursors.map((cursor) => ["cursor", cursor] as const),
  ];
  for (const list of ["/v1/reservations", "/v1/payments"]) {
    for (const [name, value] of queries) {
      const { status, body } = await call("GET", `${list}?${name}=${encodeURIComponent(value)}`, {
        fan: "a",
      });
      assert.deepEqual([status, body.errors?.[0].path], [400, name], `${list} ${name}=${value}`);
    }
    const far = btoa(`${"9".repeat(15)}.${"9".repeat(15)}`).replaceAll("=", "");
    assert.equal((await call("GET", `${list}?limit=100&cursor=${far}`, { fan: "a" })).status, 200);
  }
});

Deno.test("ids that nothing has, up to the largest number, are not found", async () => {
  const { call, join } = openTestBox();
  const place = await join("a");
  const largest = "9007199254740991";
  const seats = `/v1/concerts/${largest}/schedules/${largest}/seats`;
  for (const path of [`/v1/concerts/${largest}/schedules`, seats]) {
    const { status, body } = await call("GET", path, { fan: "a", place });
    assert.deepEqual([status, body.code], [404, "CONCERT_NOT_FOUND"]);
  }
});
