import { deepEqual, equal, throws } from "node:assert/strict";
import { createIsolateCounters } from "../../src/application/isolate_counters.ts";
import { openMetricsText } from "../../src/http/open_metrics.ts";
import { parseScrape } from "../support/open_metrics.ts";

const AT_MS = Date.parse("2026-12-01T10:00:00Z");

function scrapeOf(use: (counters: ReturnType<typeof createIsolateCounters>) => void) {
  const counters = createIsolateCounters({ clock: () => AT_MS, isolate: "a1" });
  use(counters);
  const { samples } = parseScrape(openMetricsText(counters.families()));
  return (name: string) =>
    samples.filter((sample) => sample.name === `stanchion_isolate_${name}`)
      .map(({ labels: { isolate, ...labels }, value }) => {
        equal(isolate, "a1");
        return [labels, value];
      });
}

Deno.test("counters are by route, status and code", () => {
  const found = scrapeOf((counters) => {
    counters.countRequest("GET /v1/queue", 200, null, 2);
    counters.countRequest("GET /v1/queue", 200, null, 3);
    counters.countRequest("GET /v1/queue", 404, "ROOM_NOT_FOUND", 4);
    counters.countFault("cache_failed");
  });
  deepEqual(found("requests_total"), [
    [{ route: "GET /v1/queue", status: "200" }, 2],
    [{ route: "GET /v1/queue", status: "404" }, 1],
  ]);
  deepEqual(found("refusals_total"), [[{ code: "ROOM_NOT_FOUND" }, 1]]);
  deepEqual(found("faults_total").filter(([, value]) => value === 1), [[
    { what: "cache_failed" },
    1,
  ]]);
  deepEqual(found("start_time_seconds"), [[{}, AT_MS / 1000]]);
});

Deno.test("durations are in the bucket of their bound, and in all above it", () => {
  const found = scrapeOf((counters) => {
    for (const ms of [1, 1.1, 10, 9_999, 60_000]) counters.countRoundTrip("redis", ms, ms > 20_000);
  });
  const buckets = Object.fromEntries(
    found("round_trip_duration_seconds_bucket")
      .filter(([labels]) => (labels as Record<string, string>)["store"] === "redis")
      .map(([labels, value]) => [(labels as Record<string, string>)["le"], value]),
  );
  deepEqual(
    [buckets["0.001"], buckets["0.0025"], buckets["0.01"], buckets["1.0"], buckets["10.0"]],
    [1, 2, 3, 3, 4],
  );
  equal(buckets["+Inf"], 5);
  deepEqual(found("round_trip_duration_seconds_count"), [
    [{ store: "redis" }, 5],
    [{ store: "postgres" }, 0],
  ]);
  deepEqual(found("round_trip_failures_total"), [
    [{ store: "redis" }, 1],
    [{ store: "postgres" }, 0],
  ]);
});

Deno.test("the parser of the tests refuses a sample without a family", () => {
  throws(() => parseScrape("# TYPE a counter\na 1\n# EOF\n"), /no family has the sample/);
});
