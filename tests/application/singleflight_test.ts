import { equal } from "node:assert/strict";
import { createSingleflight } from "../../src/application/singleflight.ts";
import { createVirtualTime } from "../support/virtual_time.ts";

const LEASE_TTL_MS = 3_000;

function newSingleflight() {
  const { clock, sleep } = createVirtualTime();
  return { clock, flights: createSingleflight({ clock, sleep, leaseTtlMs: LEASE_TTL_MS }) };
}

Deno.test("callers under one lease share its load, and others do not", async () => {
  const { flights } = newSingleflight();
  const { value } = flights.start("a", async () => ({ value: 7, ttlMs: 1_000 }), { keeps: true });
  equal(flights.current("a"), value);
  equal(flights.current("b"), undefined);
  equal(await value, 7);
});

Deno.test("a load is joined until the end of its value, and of its lease", async () => {
  const { clock, flights } = newSingleflight();
  await flights.start("short", async () => ({ value: 1, ttlMs: 100 }), { keeps: true }).ended;
  await flights.start("long", async () => ({ value: 2, ttlMs: 60_000 }), { keeps: true }).ended;
  clock.advance(100);
  equal(flights.current("short"), undefined);
  equal(await flights.current("long"), 2);
  clock.advance(LEASE_TTL_MS - 100);
  equal(flights.current("long"), undefined);
});

Deno.test("a load that fails, finds nothing or is not kept is not joined after its end", async () => {
  const { flights } = newSingleflight();
  const failed = flights.start("failed", () => Promise.reject(new Error("asleep")), {
    keeps: true,
  });
  failed.value.catch(() => {});
  await failed.ended;
  await flights.start("nothing", async () => null, { keeps: true }).ended;
  await flights.start("passing", async () => ({ value: 1, ttlMs: 1_000 }), { keeps: false }).ended;
  for (const lease of ["failed", "nothing", "passing"]) equal(flights.current(lease), undefined);
  equal(flights.size, 0);
});

Deno.test("ended loads leave the memory when another one starts", async () => {
  const { clock, flights } = newSingleflight();
  for (let load = 0; load < 50; load++) {
    await flights.start(`lease ${load}`, async () => ({ value: load, ttlMs: 60_000 }), {
      keeps: true,
    }).ended;
    clock.advance(LEASE_TTL_MS);
  }
  equal(flights.size, 1);
});
