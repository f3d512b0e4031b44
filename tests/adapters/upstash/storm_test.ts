import assert from "node:assert/strict";
import { createQueueScripts } from "../../../src/adapters/upstash/queue_scripts.ts";
import { upstashQueueStore } from "../../../src/adapters/upstash/queue_store.ts";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { PlaceRef, Standing } from "../../../src/domain/queue.ts";
import type { QueueStore } from "../../../src/ports/queue_store.ts";
import { firstRules, TEST_SETTINGS } from "../../contract/queue_store/harness.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { openUpstash, upstashParts } from "../../support/upstash.ts";

const SECONDS = Number(Deno.env.get("STANCHION_RACE_SECONDS") ?? 3);
const CLIENTS = Number(Deno.env.get("STANCHION_RACE_CLIENTS") ?? 64);
const SEED = Number(Deno.env.get("STANCHION_SEED") ?? 20_261_122);
const CAPACITY = 7;
/** Long enough that nobody who polls in this storm misses a turn. */
const SETTINGS = { ...TEST_SETTINGS, capacity: CAPACITY, admissionTtlMs: 400 };

/** Mulberry32: uniform in [0, 1), the same in every run of a seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const counted = { visits: 0, admitted: 0, left: 0, lapsed: 0, doubleJoins: 0, promotions: 0 };

/** Admissions that were told, as far as they bear on who waits: the highest ticket, and since when. */
function admissions() {
  let highest = 0;
  return {
    told: ({ order }: PlaceRef) => void (highest = Math.max(highest, order)),
    highest: () => highest,
  };
}

/** One fan after another on one connection: joins, polls until admitted, and goes. */
async function client(
  queue: QueueStore,
  name: string,
  random: () => number,
  seen: ReturnType<typeof admissions>,
  untilMs: number,
): Promise<void> {
  for (let visit = 0; performance.now() < untilMs; visit++) {
    const fan = `${name}-${visit}` as FanId;
    counted.visits++;
    const twice = random() < 0.3;
    const joins = await Promise.all(
      Array.from({ length: twice ? 2 : 1 }, async () => {
        const joined = await queue.join(MAIN_ROOM, fan, null);
        if (joined.refused !== undefined) assert.fail("the room is open");
        return joined;
      }),
    );
    const { place } = joins[0]!;
    for (const other of joins) assert.deepEqual(other.place, place, "L3: one place per fan");
    assert.equal(joins.filter(({ created }) => created).length, 1, "L3: made once");
    if (twice) counted.doubleJoins++;
    const standings = joins.map(({ standing }) => standing);
    await stay(queue, place, standings, random, seen, untilMs);
  }
}

async function stay(
  queue: QueueStore,
  place: PlaceRef,
  [first]: readonly Standing[],
  random: () => number,
  seen: ReturnType<typeof admissions>,
  untilMs: number,
): Promise<void> {
  let standing = first!;
  let ahead = Infinity;
  while (standing.state === "WAITING" && performance.now() < untilMs) {
    assert.ok(standing.ahead <= ahead, "L4: the position never rises");
    ahead = standing.ahead;
    // Against the promotion that may be under way.
    if (random() < 0.02) {
      counted.left++;
      assert.equal((await queue.leave(place)).state, "GONE");
      assert.equal((await queue.status(place)).state, "GONE", "what was left stays left");
      return;
    }
    const highest = seen.highest();
    standing = await queue.status(place);
    if (standing.state === "WAITING") {
      assert.ok(highest < place.order, "L2: a later ticket went in while this one waited");
    }
  }
  if (standing.state === "WAITING") return;
  assert.equal(standing.state, "ADMITTED", "L4: never gone while waiting");
  seen.told(place);
  counted.admitted++;
  if (random() < 0.7) return await queue.endPlaces(random() < 0.5 ? [place] : [place, place]);
  // The others let their admission lapse.
  counted.lapsed++;
  while ((await queue.status(place)).state !== "GONE" && performance.now() < untilMs);
}

testOfRealRedis(
  `L1 to L5: ${CLIENTS} clients storm one room of real Redis for ${SECONDS} s`,
  async () => {
    const upstash = await openUpstash({ keepAlive: true });
    try {
      const { redis, ...parts } = upstashParts(upstash.endpoint, Date.now);
      const calls = createQueueScripts({ ...parts, settings: SETTINGS, prefix: "storm" });
      const queue = upstashQueueStore({ redis, calls, newId: () => crypto.randomUUID() });
      await queue.applyRules(MAIN_ROOM, firstRules(SETTINGS));
      const untilMs = performance.now() + SECONDS * 1000;
      const seen = admissions();

      /** A promoter of its own, as every Worker's cron, that sees what stands in between. */
      const promoter = async () => {
        while (performance.now() < untilMs) {
          await queue.promote(MAIN_ROOM);
          counted.promotions++;
          const { admitted } = (await queue.counts(MAIN_ROOM))!;
          assert.ok(admitted <= CAPACITY, `L1: ${admitted} are admitted`);
        }
      };

      const random = seeded(SEED);
      await Promise.all([
        ...Array.from({ length: CLIENTS }, (_, i) => client(queue, `c${i}`, random, seen, untilMs)),
        ...Array.from({ length: 4 }, promoter),
      ]);
      console.log(`seed ${SEED}: ${JSON.stringify(counted)}`);
      assert.ok(counted.admitted > CLIENTS && counted.left > 0 && counted.lapsed > 0);
    } finally {
      await upstash.close();
    }
  },
);
