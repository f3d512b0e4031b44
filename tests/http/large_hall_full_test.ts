import { equal, ok } from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import { type RemoteBackend, startRemoteBackend } from "../support/remote_backend.ts";
import { openRemoteBox } from "../support/remote_box.ts";
import { redisCommand } from "../support/redis_keys.ts";
import { testOfRealRedis } from "../support/redis.ts";

const SECTIONS = 40;
const SEATS_A_SECTION = 2_500;
const SEATS_A_REQUEST = 10_000;
const MOST_SCRIPT_MICROSECONDS = 5_000;
const MOST_VALUE_BYTES = 200_000;
const MOST_HEAP_BYTES = 100_000_000;

let backend: RemoteBackend | undefined;
Deno.test.beforeAll(async () => {
  backend = await startRemoteBackend();
});
Deno.test.afterAll(async () => {
  await backend?.close();
});

testOfRealRedis("a hall of 100,000 seats is served by section, without a slow script", async () => {
  const box = openRemoteBox(backend!, { redisDecides: true });
  const redis = (...command: string[]) => redisCommand(backend!.upstash, ...command);
  const seats = Array.from({ length: SECTIONS * SEATS_A_SECTION }, (_, i) => ({
    section: `S${Math.floor(i / SEATS_A_SECTION) + 1}`,
    row: `${Math.floor(i / 50) % 50 + 1}`,
    label: `${i % 50 + 1}`,
    x: i % 50,
    y: Math.floor(i / 50),
    price: 100,
  }));
  const { status, body, text } = await box.call("POST", "/v1/admin/concerts", {
    operator: true,
    json: {
      title: "A stadium",
      description: "",
      schedules: [{
        concertAt: new Date(box.clock() + 86_400_000).toISOString(),
        reservationAvailableAt: new Date(box.clock() - 1_000).toISOString(),
        seats: seats.slice(0, SEATS_A_REQUEST),
      }],
    },
  });
  equal(status, 201, text.slice(0, 500));
  const { concertId, schedules: [{ scheduleId }] } = body;
  for (let from = SEATS_A_REQUEST; from < seats.length; from += SEATS_A_REQUEST) {
    const more = `/v1/admin/concerts/${concertId}/schedules/${scheduleId}/seats`;
    const json = { seats: seats.slice(from, from + SEATS_A_REQUEST) };
    equal((await box.call("POST", more, { operator: true, json })).status, 201);
  }
  const fan = newFan("a");
  const place = await box.join(fan);
  const path = `/v1/concerts/${concertId}/schedules/${scheduleId}`;
  await redis("CONFIG", "RESETSTAT");
  const before = Deno.memoryUsage().heapUsed;
  for (let round = 0; round < 2; round++) {
    for (let section = 1; section <= SECTIONS; section++) {
      const query = `?section=S${section}`;
      const map = await box.call("GET", `${path}/seat-map${query}`, { fan, place });
      equal(map.body.seats.length, SEATS_A_SECTION);
      const statuses = await box.call("GET", `${path}/seat-statuses${query}`, { fan, place });
      equal(statuses.body.statuses, "A".repeat(SEATS_A_SECTION));
    }
    await box.settle();
  }
  const whole = await box.call("GET", `${path}/seat-statuses`, { fan, place });
  equal(whole.body.statuses.length, SECTIONS * SEATS_A_SECTION);
  await box.settle();
  // Of all calls, because a single one may have waited for the processor.
  const stats = String(await redis("INFO", "commandstats"));
  const meanMicroseconds = Number(/^cmdstat_evalsha:.*usec_per_call=([\d.]+)/m.exec(stats)![1]);
  ok(meanMicroseconds < MOST_SCRIPT_MICROSECONDS, `${meanMicroseconds} µs`);
  const keys = await redis("KEYS", `${box.prefix}:cache:seat*`) as string[];
  equal(keys.length, SECTIONS + 1);
  for (const key of keys) {
    const length = await redis("STRLEN", key) as number;
    ok(length < MOST_VALUE_BYTES, `${key} has ${length} bytes`);
  }
  const grown = Deno.memoryUsage().heapUsed - before;
  console.log(`${meanMicroseconds} µs a script, the heap grew by ${Math.round(grown / 1e6)} MB`);
  ok(grown < MOST_HEAP_BYTES);
  for (const view of ["seat-map", "seats"]) {
    const { body } = await box.call("GET", `${path}/${view}`, { fan, place });
    equal(body.seats.length, SECTIONS * SEATS_A_SECTION);
    await box.settle();
  }
});
