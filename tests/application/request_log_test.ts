import { deepEqual, equal, ok } from "node:assert/strict";
import { createRequestLog } from "../../src/application/request_log.ts";
import { createLogPseudonyms } from "../../src/adapters/node_crypto/pseudonyms.ts";
import type { FanId, RoomId } from "../../src/domain/ids.ts";
import { PROGRAM_VERSION } from "../../src/domain/version.ts";

const REQUEST = {
  requestId: "r-1",
  traceparent: "00-1-2-01",
  route: "GET /v1/balance",
  status: 200,
  code: null,
  ms: 12.345,
  roundTrips: { redis: { trips: 0, ms: 0 }, postgres: { trips: 1, ms: 11.04 } },
  fan: "alice@example.com" as FanId,
  room: "main" as RoomId,
};

function logOf(samplePercent: number, random = 0.5) {
  const lines: string[] = [];
  const log = createRequestLog({
    samplePercent,
    random: () => random,
    clock: () => 0,
    pseudonymOf: createLogPseudonyms("5".repeat(64)),
    write: (line) => lines.push(line),
  });
  return { log, lines };
}

Deno.test("a request is one line of JSON, with a name of the fan that only the key makes", () => {
  const { log, lines } = logOf(100);
  log.observe(REQUEST);
  const { fan, ...line } = JSON.parse(lines[0]!);
  deepEqual(line, {
    what: "request",
    at: "1970-01-01T00:00:00.000Z",
    version: PROGRAM_VERSION,
    requestId: "r-1",
    traceparent: "00-1-2-01",
    route: "GET /v1/balance",
    status: 200,
    code: null,
    ms: 12.3,
    redis: { trips: 0, ms: 0 },
    postgres: { trips: 1, ms: 11 },
    room: "main",
  });
  equal(lines[0]!.includes("\n"), false);
  ok(!lines[0]!.includes("alice"));
  const name = createLogPseudonyms("5".repeat(64));
  equal(fan, name(REQUEST.fan));
  ok(name(REQUEST.fan) !== createLogPseudonyms("6".repeat(64))(REQUEST.fan));
  ok(name(REQUEST.fan) !== name("bob" as FanId));
});

Deno.test("successes are sampled, and every fault has its line", () => {
  const wants = (percent: number, status: number, random?: number) =>
    logOf(percent, random).log.wants(status);
  deepEqual([wants(0, 200, 0), wants(0, 429, 0), wants(0, 500), wants(0, 503)], [
    false,
    false,
    true,
    true,
  ]);
  deepEqual([wants(50, 200, 0.49), wants(50, 200, 0.5), wants(100, 200, 0.999)], [
    true,
    false,
    true,
  ]);
});
