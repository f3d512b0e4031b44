import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { drawValue } from "../../../src/adapters/node_crypto/draw_value.ts";
import { createQueueScripts } from "../../../src/adapters/upstash/queue_scripts.ts";
import { upstashQueueStore } from "../../../src/adapters/upstash/queue_store.ts";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { PlaceRef, Standing } from "../../../src/domain/queue.ts";
import type { QueueStore } from "../../../src/ports/queue_store.ts";
import { firstRules, TEST_SETTINGS } from "../../contract/queue_store/harness.ts";
import { withSeed } from "../../support/random.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { openUpstash, upstashParts } from "../../support/upstash.ts";
import { HANG_MS } from "../../support/wait.ts";

const FILE = "tests/adapters/upstash/storm_full_test.ts";
const SECONDS = Number(Deno.env.get("STANCHION_RACE_SECONDS") ?? 3);
const CLIENTS = Number(Deno.env.get("STANCHION_RACE_CLIENTS") ?? 64);
const CAPACITY = 7;
/** By Redis's own clock. The window to show up is a minute or more, so no fan misses a turn. */
const SETTINGS = { ...TEST_SETTINGS, capacity: CAPACITY, admissionTtlMs: 400 };

const counted = { visits: 0, admitted: 0, left: 0, lapsed: 0, doubleJoins: 0, promotions: 0 };

/** The highest ticket whose admission an answer has reported. */
interface Admissions {
  record(place: PlaceRef): void;
  highest(): number;
}

function createAdmissions(): Admissions {
  let highest = 0;
  return {
    record: ({ order }) => void (highest = Math.max(highest, order)),
    highest: () => highest,
  };
}

/** True once the storm has lasted its time and has seen each kind of outcome. */
function createEnd(): () => boolean {
  const startedMs = performance.now();
  const hasSeenAll = () => counted.admitted > CLIENTS && counted.left > 0 && counted.lapsed > 0;
  return () => {
    const lastedMs = performance.now() - startedMs;
    return lastedMs >= HANG_MS || (lastedMs >= SECONDS * 1000 && hasSeenAll());
  };
}

/** One fan after another on one connection: joins, polls until admitted, and goes. */
async function client(
  queue: QueueStore,
  name: string,
  random: () => number,
  seen: Admissions,
  isOver: () => boolean,
): Promise<void> {
  for (let visit = 0; !isOver(); visit++) {
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
    joins.sort((a, b) => a.place.order - b.place.order);
    const [first, last] = [joins[0]!, joins.at(-1)!];
    const { place } = last;
    // On a slow machine the admission of the first join may lapse before the second one is served.
    const isOneLater = !isDeepStrictEqual(first.place, place);
    if (isOneLater) assert.ok(hasLapsedBefore(first.standing, last.standing), "L3: one place");
    const created = joins.filter((joined) => joined.created).length;
    assert.equal(created, isOneLater ? 2 : 1, "L3: made once");
    if (twice) counted.doubleJoins++;
    const ofPlace = joins.filter((joined) => joined.place.order === place.order);
    const standings = ofPlace.map(({ standing }) => standing);
    await stay(queue, place, standings, random, seen, isOver);
  }
}

/** By the times of Redis. */
function hasLapsedBefore(earlier: Standing, later: Standing): boolean {
  return earlier.state === "ADMITTED" && later.state !== "GONE" && later.state !== "GATHERED" &&
    earlier.expiresAtMs <= later.provenAtMs;
}

async function stay(
  queue: QueueStore,
  place: PlaceRef,
  [first]: readonly Standing[],
  random: () => number,
  seen: Admissions,
  isOver: () => boolean,
): Promise<void> {
  let standing = first!;
  let ahead = Infinity;
  while (standing.state === "WAITING" && !isOver()) {
    assert.ok(standing.ahead! <= ahead, "L4: the position never rises");
    ahead = standing.ahead!;
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
  seen.record(place);
  counted.admitted++;
  if (random() < 0.7) {
    return await queue.endPlaces(random() < 0.5 ? [place] : [place, place], "PAID");
  }
  // The others let their admission lapse.
  counted.lapsed++;
  while ((await queue.status(place)).state !== "GONE" && !isOver());
}

testOfRealRedis(
  `L1 to L5: ${CLIENTS} clients storm one room of real Redis for ${SECONDS} s`,
  async () => {
    const upstash = await openUpstash({ keepAlive: true });
    try {
      const { redis, ...parts } = upstashParts(upstash.endpoint, Date.now);
      const calls = createQueueScripts({
        ...parts,
        settings: SETTINGS,
        prefix: "storm",
        random: Math.random,
      });
      const reader = { ...SETTINGS, random: Math.random, drawValue, onFront() {} };
      const queue = upstashQueueStore({ redis, calls, newId: () => crypto.randomUUID(), reader });
      await queue.applyRules(MAIN_ROOM, firstRules(SETTINGS));
      const isOver = createEnd();
      const seen = createAdmissions();

      /** A promoter of its own, as the cron of every Worker. It checks the counts in between. */
      const promoter = async () => {
        while (!isOver()) {
          await queue.promote(MAIN_ROOM);
          counted.promotions++;
          const { admitted } = (await queue.counts(MAIN_ROOM))!;
          assert.ok(admitted <= CAPACITY, `L1: ${admitted} are admitted`);
        }
      };

      await withSeed(FILE, async (random) => {
        await Promise.all([
          ...Array.from(
            { length: CLIENTS },
            (_, i) => client(queue, `c${i}`, random, seen, isOver),
          ),
          ...Array.from({ length: 4 }, promoter),
        ]);
      });
      console.log(JSON.stringify(counted));
      assert.ok(counted.admitted > CLIENTS && counted.left > 0 && counted.lapsed > 0);
    } finally {
      await upstash.close();
    }
  },
);
