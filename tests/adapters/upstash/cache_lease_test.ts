import { deepEqual, equal, ok } from "node:assert/strict";
import pLimit from "p-limit";
import { upstashCache } from "../../../src/adapters/upstash/cache.ts";
import type { Cache } from "../../../src/ports/cache.ts";
import { testClock } from "../../support/test_clock.ts";
import { openUpstash, type UpstashForTests, upstashParts } from "../../support/upstash.ts";
import { sleep } from "../../support/wait.ts";
import { leased, LOAD_MS, race, READS_A_BURST } from "./cache_race.ts";

const READS = 1_000;
const ISOLATES = 10;
const REQUESTS_OF_ISOLATE = 200;
/** Connections that are open at once, for the sake of the process's file descriptors. */
const MOST_CONNECTIONS = 100;
/** A lease of Redis's own clock must not lapse however slow the machine is. */
const LEASE_FACTOR = 100;

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

// The same race with more reads, and against a wrong cache: cache_race_full_test.ts.
Deno.test("cache: no read that starts after an acknowledged eviction returns an older value", async () => {
  const cache = upstashCache({ ...upstashParts(upstash!.endpoint, Date.now), prefix: "race" });
  const { stale, changes } = await race(READS, () => leased(cache, "value"));
  equal(stale, 0);
  ok(changes >= READS / READS_A_BURST, "too few changes for a result");
});

Deno.test("cache: a cold key is filled once, and loaded once by an isolate at most", async () => {
  const parts = upstashParts(upstash!.endpoint, Date.now);
  const over = upstashCache({ ...parts, prefix: "cold" });
  const turn = pLimit(MOST_CONNECTIONS);
  let fills = 0;
  const cache: Cache = {
    ...over,
    read: (key) => turn(() => over.read(key)),
    lease: (key, lease, leaseTtlMs) =>
      turn(() => over.lease(key, lease, LEASE_FACTOR * leaseTtlMs)),
    async fill(...args) {
      const filled = await over.fill(...args);
      if (filled) fills++;
      return filled;
    },
  };
  const loads = Array.from({ length: ISOLATES }, () => 0);
  const answers = await Promise.all(loads.flatMap((_, isolate) => {
    const { read } = leased(cache, "value", testClock());
    return Array.from({ length: REQUESTS_OF_ISOLATE }, () =>
      read(async () => {
        loads[isolate]!++;
        await sleep(LOAD_MS);
        return 42;
      }));
  }));
  deepEqual(new Set(answers), new Set([42]));
  equal(answers.length, ISOLATES * REQUESTS_OF_ISOLATE);
  console.log(`${answers.length} requests of ${ISOLATES} isolates: ${loads.join(" ")} loads`);
  ok(loads.every((count) => count <= 1));
  ok(loads.some((count) => count === 1));
  equal(fills, 1);
});
