import { deepEqual, equal, ok } from "node:assert/strict";
import pLimit from "p-limit";
import { upstashCache } from "../../../src/adapters/upstash/cache.ts";
import { redisIsInstalled } from "../../../src/tools/local_cloud/redis/server.ts";
import type { Cache } from "../../../src/ports/cache.ts";
import {
  leased,
  LOAD_MS,
  naive,
  race,
  READERS,
  READS_A_BURST,
  sleep,
  WRITERS,
} from "./cache_race.ts";
import { openUpstash, type UpstashForTests, upstashParts } from "../../support/upstash.ts";

// A hundred thousand: STANCHION_READS=100000 deno test -A tests/adapters/upstash/cache_lease_test.ts
const READS_IN_CI = 10_000;
const READS_OF_STAND_IN = 1_000;

const asked = Number(Deno.env.get("STANCHION_READS") ?? 0);
const READS = asked || (await redisIsInstalled() ? READS_IN_CI : READS_OF_STAND_IN);
const MOST_ROUNDS = 20;
const ISOLATES = 10;
const REQUESTS_OF_ISOLATE = asked ? 1_000 : 200;
/** Connections that are open at once, for the sake of the process's file descriptors. */
const MOST_CONNECTIONS = 100;

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

Deno.test("cache: no read that begins after an acknowledged eviction gets an older value", async () => {
  const parts = upstashParts(upstash!.endpoint, Date.now);
  const cache = upstashCache({ ...parts, prefix: "race" });
  const ours = await race(READS, () => leased(cache, "value"));
  // Chance decides when the naive way goes wrong, but it does not take long.
  const theirs = { reads: 0, stale: 0 };
  for (let round = 0; round < MOST_ROUNDS && theirs.stale === 0; round++) {
    theirs.stale += (await race(READS / 4, () => naive(parts, "race:naive"))).stale;
    theirs.reads += READS / 4;
  }
  console.log(
    `${READERS} readers and ${WRITERS} writers: of ${READS} reads ${ours.stale} were stale after ` +
      `${ours.changes} changes; with SET and DEL ${theirs.stale} of ${theirs.reads}`,
  );
  equal(ours.stale, 0);
  ok(ours.changes >= READS / READS_A_BURST, "too few changes to tell anything");
  ok(theirs.stale > 0, "this race would not tell a cache that is wrong");
});

Deno.test("cache: a cold key is filled once, and loaded once by an isolate at most", async () => {
  const parts = upstashParts(upstash!.endpoint, Date.now);
  const over = upstashCache({ ...parts, prefix: "cold" });
  const turn = pLimit(MOST_CONNECTIONS);
  let fills = 0;
  const cache: Cache = {
    ...over,
    read: (key) => turn(() => over.read(key)),
    lease: (...args) => turn(() => over.lease(...args)),
    async fill(...args) {
      const filled = await over.fill(...args);
      if (filled) fills++;
      return filled;
    },
  };
  const loads = Array.from({ length: ISOLATES }, () => 0);
  const answers = await Promise.all(loads.flatMap((_, isolate) => {
    const { read } = leased(cache, "value");
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
