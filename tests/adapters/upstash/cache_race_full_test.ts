import { equal, ok } from "node:assert/strict";
import { upstashCache } from "../../../src/adapters/upstash/cache.ts";
import { redisIsInstalled } from "../../../src/tools/local_cloud/redis/server.ts";
import { openUpstash, type UpstashForTests, upstashParts } from "../../support/upstash.ts";
import { leased, naive, race, READERS, READS_A_BURST, WRITERS } from "./cache_race.ts";

// A hundred thousand: STANCHION_READS=100000 npx -y deno@2.9.6 test -A \
//   --config src/tools/deno.json tests/adapters/upstash/cache_race_full_test.ts
const READS_IN_CI = 10_000;
const READS_OF_STAND_IN = 1_000;
const READS = Number(Deno.env.get("STANCHION_READS") ?? 0) ||
  (await redisIsInstalled() ? READS_IN_CI : READS_OF_STAND_IN);
const MOST_ROUNDS = 20;

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

Deno.test("cache: no read that starts after an acknowledged eviction returns an older value", async () => {
  const parts = upstashParts(upstash!.endpoint, Date.now);
  const cache = upstashCache({ ...parts, prefix: "race" });
  const ours = await race(READS, () => leased(cache, "value"));
  // The naive cache returns a stale value by chance, so the race is repeated until it does.
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
  ok(ours.changes >= READS / READS_A_BURST, "too few changes for a result");
  ok(theirs.stale > 0, "this race does not detect a wrong cache");
});
