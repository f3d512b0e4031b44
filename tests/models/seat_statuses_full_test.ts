import { ok } from "node:assert/strict";
import fc from "fast-check";
import { createSeatStatuses } from "../../src/application/seat_statuses.ts";
import { upstashCaches } from "../adapters/upstash/harness.ts";
import type { CacheHarness } from "../contract/cache/contract.ts";
import { withSeed } from "../support/random.ts";
import { openUpstash, type UpstashForTests } from "../support/upstash.ts";
import { memoryCaches } from "./memory.ts";
import { seatStatusesHistories } from "./seat_statuses_histories.ts";

// Ten thousand tries: STANCHION_TRIES=10000 npx -y deno@2.9.6 test -A \
//   --config src/tools/deno.json tests/models/seat_statuses_full_test.ts
const FILE = "tests/models/seat_statuses_full_test.ts";
const TRIES = Number(Deno.env.get("STANCHION_TRIES") ?? 0);
const TRIES_IN_MEMORY_IN_CI = 2_000;
const TRIES_IN_REDIS_IN_CI = 100;
const HISTORIES_AT_ONCE = 20;

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

const HARNESSES: readonly (readonly [string, number, () => Promise<CacheHarness>])[] = [
  ["memory", TRIES || TRIES_IN_MEMORY_IN_CI, memoryCaches()],
  ["Redis", TRIES || TRIES_IN_REDIS_IN_CI, upstashCaches(() => upstash!.endpoint)],
];

for (const [store, tries, harness] of HARNESSES) {
  Deno.test(`seat statuses: a change is seen by all within a second, ${tries} times over ${store} under faults and slow loads`, async () => {
    let proven = 0;
    const { arbitrary, play } = seatStatusesHistories(
      { harness, createSeatStatuses, countsLoads: store === "memory" },
      (played) => proven += played.proven,
    );
    await withSeed(FILE, async (random) => {
      while (proven < tries) {
        const seed = Math.floor(random() * 2 ** 31);
        for (const history of fc.sample(arbitrary, { seed, numRuns: HISTORIES_AT_ONCE })) {
          if (proven < tries) await play(history);
        }
      }
    });
    ok(proven >= tries);
    console.log(`${proven} answers had to show a change that was a second old, and did`);
  });
}
