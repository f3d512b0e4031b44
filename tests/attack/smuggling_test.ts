import { deepEqual, equal, ok } from "node:assert/strict";
import { OPERATOR_TOKEN } from "../support/api_box.ts";
import { type Box, openBox } from "../support/box.ts";
import { requestDocument } from "../requests/document.ts";
import { needsOf } from "./needs.ts";
import { codesOf, type RawServer, startRawServer, statusesOf } from "./raw_server.ts";
import { openTestDatabase } from "../support/embedded_database.ts";

const HOST = "Host: localhost\r\n";
const LAST = `${HOST}Connection: close\r\n`;
const SMUGGLED =
  `GET /v1/admin/rooms HTTP/1.1\r\n${LAST}Authorization: Bearer ${OPERATOR_TOKEN}\r\n\r\n`;

const database = await openTestDatabase();
let box: Box;
let server: RawServer;
Deno.test.beforeAll(() => {
  box = openBox(database.sql, { settings: { FAILED_CREDENTIALS_PER_MINUTE: "1000000" } });
  server = startRawServer(box);
});
Deno.test.afterAll(async () => {
  await server.close();
  await database.close();
});

const get = (target: string, headers = LAST) => `GET ${target} HTTP/1.1\r\n${headers}\r\n`;
const post = (headers: string, body: string) =>
  `POST /v1/queue/tokens HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n${headers}\r\n${body}`;

/** Requests whose end two servers could see in different places, or that are no HTTP. */
const AMBIGUOUS: Readonly<Record<string, string>> = {
  "two lengths": post("Content-Length: 0\r\nContent-Length: 9\r\n", SMUGGLED),
  "a length and chunks": post(
    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    `0\r\n\r\n${SMUGGLED}`,
  ),
  "chunks and a length": post(
    "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    `0\r\n\r\n${SMUGGLED}`,
  ),
  "a coding that nobody has": post("Transfer-Encoding: xchunked\r\n", SMUGGLED),
  "a coding after chunks": post("Transfer-Encoding: chunked, identity\r\n", `0\r\n\r\n${SMUGGLED}`),
  "a coding with a tab": post("Transfer-Encoding:\tchunked, x\r\n", `0\r\n\r\n${SMUGGLED}`),
  "a blank before the colon": post("Content-Length : 0\r\n", SMUGGLED),
  "a length below zero": post("Content-Length: -1\r\n", SMUGGLED),
  "a length with a sign": post("Content-Length: +0\r\n", SMUGGLED),
  "a length beyond all numbers": post("Content-Length: 99999999999999999999\r\n", SMUGGLED),
  "a chunk of no length": post("Transfer-Encoding: chunked\r\n", `zz\r\n${SMUGGLED}`),
  "a chunk beyond all numbers": post(
    "Transfer-Encoding: chunked\r\n",
    `FFFFFFFFFFFFFFFFF\r\n${SMUGGLED}`,
  ),
  "a folded header": get("/v1/balance", `${LAST}Authorization: Bearer\r\n x\r\n`),
  "a null byte in a header": get("/v1/queue", `${LAST}X-A: a\0b\r\n`),
  "a header without a colon": get("/v1/queue", `${LAST}nothing\r\n`),
  "two hosts": get("/v1/queue", `${HOST}Host: evil.test\r\nConnection: close\r\n`),
  "no path": `GET  HTTP/1.1\r\n${LAST}\r\n`,
  "a path without a slash": get("v1/queue"),
  "no version": "GET /v1/queue\r\n\r\n",
  "a path for CONNECT": `CONNECT /v1/queue HTTP/1.1\r\n${LAST}\r\n`,
  "600 KB of one header": get("/v1/queue", `${LAST}X-A: ${"x".repeat(600_000)}\r\n`),
  "300 headers": get(
    "/v1/queue",
    LAST + Array.from({ length: 300 }, (_, index) => `X-${index}: 1\r\n`).join(""),
  ),
};

Deno.test("the local server refuses what is ambiguous, and serves nothing that was smuggled in it", async () => {
  for (const [name, request] of Object.entries(AMBIGUOUS)) {
    const answer = await server.ask(request);
    const statuses = statusesOf(answer);
    // A body that breaks in the middle closes the connection without an answer.
    ok(statuses.every((status) => status === 400) && statuses.length <= 1, `${name}: ${statuses}`);
    ok(!answer.includes("capacity"), name);
  }
  deepEqual(box.reports, []);
});

/** Other spellings of a path, which must not open what the path does not. */
const SPELLINGS: readonly ((path: string) => string)[] = [
  (path) => path.replace("/v1/", "/v1/%2e%2e/v1/"),
  (path) => path.replace("/v1/", "/v1/x/../"),
  (path) => path.replace("/v1/", "/v1//"),
  (path) => `/${path}`,
  (path) => `/.${path}`,
  (path) => `//evil.test${path}`,
  (path) => path.replace("/v1/", "/v1%2F"),
  (path) => path.replace("/v1/", "/v1%252F"),
  (path) => path.replace("/v1/", "/v1\\"),
  (path) => path.replace("/v1/", "/V1/"),
  (path) => path.replace("v1", "%761"),
  (path) => path.replace("admin", "%61dmin"),
  (path) => path.replace("admin", "%2561dmin"),
  (path) => path.replace("admin", "%EF%BD%81dmin"),
  (path) => `${path}/`,
  (path) => `${path}/.`,
  (path) => `${path}//`,
  (path) => `${path};jsessionid=1`,
  (path) => `${path}%00`,
  (path) => `${path}%20`,
  (path) => `${path}.json`,
  (path) => `${path}%3fx=1`,
  (path) => `${path}?_method=GET&access_token=${OPERATOR_TOKEN}`,
  (path) => `http://localhost${path}`,
  (path) => `http://evil.test${path}`,
];
const REFUSALS = new Set([400, 401, 404, 405, 413, 415]);

Deno.test("no spelling of a path opens a route without its credential", async () => {
  const { operations } = requestDocument((await box.call("GET", "/openapi.json")).text);
  let asked = 0;
  for (const operation of operations) {
    const { bearers, queueToken } = needsOf(operation);
    if (bearers.length === 0 && queueToken === "NEVER") continue;
    const path = operation.path.replaceAll(/\{\w+\}/g, "1");
    const requests = SPELLINGS.map((spell) => spell(path)).map((target, index, { length }) => {
      const isLast = index === length - 1;
      const body = operation.method === "GET" ? "" : "Content-Length: 0\r\n";
      return `${operation.method} ${target} HTTP/1.1\r\n${isLast ? LAST : HOST}${body}\r\n`;
    });
    const statuses = statusesOf(await server.ask(requests.join("")));
    equal(statuses.length, SPELLINGS.length, operation.operationId);
    for (const [index, status] of statuses.entries()) {
      ok(REFUSALS.has(status), `${status}: ${requests[index]}`);
    }
    asked += statuses.length;
  }
  ok(asked > 1000, `${asked} requests`);
  deepEqual(box.reports, []);
});

Deno.test("methods are what the request line says: case counts, and no header or parameter overrides them", async () => {
  const expected: Readonly<Record<string, number>> = {
    "get": 405,
    "Get": 405,
    "FOO": 405,
    "TRACE": 405,
    "PUT": 405,
    "HEAD": 200,
    "OPTIONS": 204,
  };
  for (const [method, status] of Object.entries(expected)) {
    const answer = await server.ask(`${method} /v1/queue HTTP/1.1\r\n${LAST}\r\n`);
    deepEqual(statusesOf(answer), [status], method);
  }
  const names = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"];
  const overrides = names.map((name) => `${name}: DELETE\r\n`).join("");
  const place = await box.join("overridden");
  const path = "/v1/queue/tokens/me";
  const own = `Queue-Token: ${place}\r\n`;
  const kept = await server.ask(get(path, `${LAST}${own}${overrides}`));
  deepEqual([statusesOf(kept), kept.includes("ADMITTED")], [[200], true]);
  const posted = await server.ask(`POST ${path} HTTP/1.1\r\n${LAST}${own}${overrides}\r\n`);
  deepEqual(codesOf(posted), ["METHOD_NOT_ALLOWED"]);
  const asked = await server.ask(get(`${path}?_method=DELETE`, `${LAST}${own}`));
  deepEqual(codesOf(asked), ["VALIDATION_FAILED"]);
  equal((await box.call("GET", path, { place })).body.state, "ADMITTED");
});

Deno.test("a header that comes twice is not the first one, and not the last", async () => {
  const place = await box.join("doubled");
  const good = `Authorization: Bearer ${await box.userToken("doubled")}\r\n`;
  const bad = "Authorization: Bearer junk\r\n";
  const own = `Queue-Token: ${place}\r\n`;
  const json = "Content-Type: application/json\r\nContent-Length: 12\r\n";
  const key = (name: string) => `Idempotency-Key: ${name}\r\n`;
  const charge = (headers: string) =>
    `POST /v1/balance/charges HTTP/1.1\r\n${LAST}${headers}\r\n{"amount":1}`;
  const cases: readonly (readonly [string, string])[] = [
    [get("/v1/balance", LAST + good + bad), "UNAUTHENTICATED"],
    [get("/v1/balance", LAST + bad + good), "UNAUTHENTICATED"],
    [get("/v1/balance", LAST + good + good), "UNAUTHENTICATED"],
    [get("/v1/concerts", LAST + good + own + "Queue-Token: x\r\n"), "QUEUE_TOKEN_INVALID"],
    [get("/v1/concerts", LAST + good + "Queue-Token: x\r\n" + own), "QUEUE_TOKEN_INVALID"],
    [charge(good + json + key("a") + key("b")), "IDEMPOTENCY_KEY_REQUIRED"],
    [charge(`${good}${json}Content-Type: text/plain\r\n${key("c")}`), "UNSUPPORTED_MEDIA_TYPE"],
    [charge(`${good}${json}Content-Encoding: gzip\r\n${key("d")}`), "UNSUPPORTED_MEDIA_TYPE"],
  ];
  for (const [request, code] of cases) {
    deepEqual(codesOf(await server.ask(request)), [code], request);
  }
  equal((await box.call("GET", "/v1/balance", { fan: "doubled" })).body.balance, 0);
});

Deno.test("a query is what it says: doubled, disguised and unknown names are refused", async () => {
  const queries = [
    "room=main&room=main",
    "room=main&%72oom=other",
    "room=main&ROOM=other",
    "room[]=main",
    "room=main;room=other",
    "room=main?room=other",
    "room=main%26room=other",
    "room=main%00",
    "%00=1",
    "=main",
    "__proto__=1",
    "constructor=1",
    "room=main&" + "x=1&".repeat(5_000),
    `room=${"m".repeat(50_000)}`,
  ];
  for (const query of queries) {
    const answer = await server.ask(get(`/v1/queue?${query}`));
    ok([400, 404].includes(statusesOf(answer)[0]!), `${query}: ${answer.slice(0, 20)}`);
  }
  deepEqual(box.reports, []);
});

Deno.test("a Host header that is no host is no 500 on any page or route", async () => {
  const { operations } = requestDocument((await box.call("GET", "/openapi.json")).text);
  const routes = [
    ...operations.map(({ method, path }) => ({ method, path: path.replaceAll(/\{\w+\}/g, "1") })),
    ...box.routes.filter(({ path }) => !path.includes(":") && path !== "/*"),
  ].filter(({ method }) => method !== "ALL");
  const hosts = ["a%zz:99999999", "a b", "[::", "localhost:x", "", "\u00e9", "evil.test/..%2f"];
  for (const { method, path } of routes) {
    for (const host of hosts) {
      const form = "Origin: null\r\nCookie: line-fan=x; line-place=y\r\nContent-Length: 14\r\n";
      const body = method === "GET" || method === "OPTIONS" ? "\r\n" : `${form}\r\naccess_token=x`;
      const head = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`;
      const [status] = statusesOf(await server.ask(head + body));
      ok(status! < 500, `${status}: ${method} ${path} of ${host}`);
    }
  }
  deepEqual(box.reports, []);
});

Deno.test("a page of fans may not read an operator's answer, however the path is spelled", async () => {
  const fans = "https://fans.test";
  const open = openBox(database.sql, { settings: { ALLOWED_ORIGINS: fans } });
  for (const path of ["/v1/admin/rooms", "/v1/%61dmin/rooms", "/v1/admi%6e/rooms"]) {
    const { headers } = await open.fetch(
      new Request(`http://stanchion.test${path}`, {
        headers: { Origin: fans, Authorization: `Bearer ${OPERATOR_TOKEN}` },
      }),
    );
    equal(headers.get("Access-Control-Allow-Origin"), null, path);
  }
});
