import assert from "node:assert/strict";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { type MetricSample, parseScrape, type Scrape } from "../support/open_metrics.ts";
import { charge, holdSeats, pay, putOnSale } from "../support/sale.ts";
import { joinRoom, makeRoom } from "../support/room.ts";
import { trips } from "./round_trips.ts";
import type { Scenario } from "./scenario.ts";

const METRICS = "/v1/admin/metrics";

async function scrape(box: ApiBox): Promise<Scrape> {
  const { status, text, headers } = await box.call("GET", METRICS, { operator: true });
  assert.equal(status, 200, text);
  assert.equal(
    headers.get("Content-Type"),
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
  );
  assert.ok(text.endsWith("\n# EOF\n"));
  return parseScrape(text);
}

/** The sum of the samples of this name with these labels; null without one. */
function valueOf(
  { samples }: Scrape,
  name: string,
  labels: Record<string, string> = {},
): number | null {
  const isMeant = (sample: MetricSample) =>
    sample.name === `stanchion_${name}` &&
    Object.entries(labels).every(([label, value]) => sample.labels[label] === value);
  const found = samples.filter(isMeant);
  return found.length === 0 ? null : found.reduce((sum, { value }) => sum + value, 0);
}

export function metricsScenarios(test: Scenario): void {
  test("the metrics have what happens in a room and in the box office", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 1 });
    const sale = await putOnSale(box, { dates: [3], price: 700, room });
    const fan = newFan("buyer");
    const place = (await joinRoom(box, room, fan)).body.token;
    await joinRoom(box, room, newFan("behind"));
    const held = await holdSeats(box, fan, place, sale, sale.schedules[0]!.seatIds.slice(0, 2));
    await box.tick();
    const line = await scrape(box);
    const ofRoom = (name: string, labels = {}) => valueOf(line, name, { room, ...labels });
    assert.deepEqual(
      {
        state: ofRoom("room_state", { state: "OPEN" }),
        waiting: ofRoom("room_waiting"),
        admitted: ofRoom("room_admitted"),
        capacity: ofRoom("room_capacity"),
        joins: ofRoom("room_joins_total"),
        admissions: ofRoom("room_admissions_total"),
        noShows: ofRoom("room_no_shows_total"),
        returns: ofRoom("room_returns_total"),
        holds: ofRoom("office_recent_holds"),
        sales: ofRoom("office_recent_sales"),
      },
      {
        state: 1,
        waiting: 1,
        admitted: 1,
        capacity: 1,
        joins: 2,
        admissions: 1,
        noShows: 0,
        returns: 0,
        holds: 2,
        sales: 0,
      },
    );
    assert.equal(ofRoom("room_last_tick_timestamp_seconds"), box.clock() / 1000);
    assert.ok(ofRoom("room_wait_estimate_seconds", { bound: "high" })! > 0);

    await charge(box, fan, 5_000);
    assert.equal((await pay(box, fan, held.slice(0, 1))).status, 201);
    await box.settle();
    const sold = await scrape(box);
    assert.deepEqual([
      valueOf(sold, "office_recent_sales", { room }),
      valueOf(sold, "office_recent_sales_amount", { room }),
    ], [1, 700]);
    // All scenarios share the ledger.
    assert.ok(valueOf(sold, "office_recent_ledger_amount", { kind: "CHARGE" })! >= 5_000);
    assert.ok(valueOf(sold, "office_recent_ledger_entries", { kind: "PAYMENT" })! >= 1);
  });

  test("the metrics have what the isolate has done", async (open) => {
    const box = await open();
    await box.call("GET", "/v1/queue/tokens/me", { place: "x.y.z" });
    const fan = newFan("a");
    const place = await box.join(fan);
    await putOnSale(box);
    const list = async () => {
      await box.call("GET", "/v1/concerts", { fan, place });
      await box.settle();
    };
    await list();
    await list();
    await box.call("GET", "/no/such/path");
    await box.tick();
    const found = await scrape(box);
    const route = "GET /v1/queue/tokens/me";
    assert.equal(valueOf(found, "isolate_requests_total", { route, status: "401" }), 1);
    assert.equal(valueOf(found, "isolate_requests_total", { route: "other", status: "404" }), 1);
    assert.equal(valueOf(found, "isolate_refusals_total", { code: "QUEUE_TOKEN_INVALID" }), 1);
    assert.equal(valueOf(found, "isolate_cron_runs_total", { result: "done" }), 1);
    assert.equal(valueOf(found, "isolate_cache_loads_total", { kind: "concerts" }), 1);
    assert.equal(
      valueOf(found, "isolate_cache_reads_total", { kind: "concerts", result: "hit" }),
      1,
    );
    for (const store of ["redis", "postgres"]) {
      const calls = valueOf(found, "isolate_round_trip_duration_seconds_count", { store })!;
      const bucket = { store, le: "+Inf" };
      assert.ok(calls > 0);
      assert.equal(valueOf(found, "isolate_round_trip_duration_seconds_bucket", bucket), calls);
      assert.equal(valueOf(found, "isolate_round_trip_failures_total", { store }), 0);
    }
    assert.equal(valueOf(found, "store_up", {}), 2);
  });

  test("the metrics are the operator's, and cost a round trip to each store", async (open) => {
    const box = await open();
    const fan = newFan("a");
    await box.join(fan);
    assert.equal((await box.call("GET", METRICS)).status, 401);
    assert.equal((await box.call("GET", METRICS, { fan })).status, 401);
    await scrape(box); // Teaches the script.
    const answer = await box.call("GET", METRICS, { operator: true });
    assert.deepEqual(trips(answer), { redis: 1, postgres: 1 });
  });

  test("while nothing is going on, the metrics leave the database asleep", async (open) => {
    const box = await open();
    await scrape(box);
    const idle = await box.call("GET", METRICS, { operator: true });
    assert.deepEqual(trips(idle), { redis: 1, postgres: 0 });
    assert.equal(valueOf(parseScrape(idle.text), "store_up", { store: "postgres" }), null);
    box.clock.advance(3_600_000);
    assert.equal(trips(await box.call("GET", METRICS, { operator: true })).postgres, 1);
  });
}
