import assert from "node:assert/strict";
import { memoryCache } from "../../src/adapters/memory/cache.ts";
import { createPublicRooms } from "../../src/application/public_rooms.ts";
import { createReadThrough } from "../../src/application/read_through.ts";
import { MAIN_ROOM } from "../../src/domain/ids.ts";
import type { Room } from "../../src/ports/rooms.ts";
import { testClock } from "../support/test_clock.ts";

const CONTEXT = { afterAnswer: () => {}, keepAlive: () => {} };
const TO_OPENING_MS = 10_000;
const SECOND_MS = 1_000;
const SEED = "5eed";

/**
 * A lobby whose opening is near, in a database whose clock is `behindMs` behind. An answer of the
 * database takes `takesMs`.
 */
function lobby({ behindMs = 0, takesMs = 0 } = {}) {
  const clock = testClock();
  const opensAtMs = clock() + TO_OPENING_MS;
  const calls = { postgres: 0 };
  const cache = memoryCache({ clock });
  const never = () => new Promise<void>(() => {});
  let ids = 0;
  const report = () => {};
  const rooms = createPublicRooms({
    rooms: {
      async find() {
        calls.postgres++;
        const isOpen = clock() - behindMs >= opensAtMs;
        clock.advance(takesMs);
        return {
          settings: isOpen ? { state: "OPEN", opensAtMs: null } : { state: "LOBBY", opensAtMs },
          draw: { seed: isOpen ? SEED : null },
        } as Room;
      },
    },
    queue: { listDraw: async () => [] },
    knownRooms: { has: async () => true } as unknown as Parameters<
      typeof createPublicRooms
    >[0]["knownRooms"],
    cache,
    readThrough: createReadThrough({
      ...{ cache, clock, report, sleep: never, random: () => 0 },
      newId: () => `lease-${ids += 1}`,
    }),
    clock,
    report,
  });
  const seed = async () => (await rooms.find(CONTEXT, MAIN_ROOM))!.draw!.seed;
  return { clock, calls, seed };
}

Deno.test("an answer that was slow while the room opened has its seed a second later", async () => {
  const { clock, seed } = lobby({ takesMs: 20 });
  clock.advance(TO_OPENING_MS - 10);
  assert.equal(await seed(), null);
  clock.advance(SECOND_MS);
  assert.equal(await seed(), SEED);
});

Deno.test("a database whose clock is behind hides a seed for so long and a second", async () => {
  const { clock, seed } = lobby({ behindMs: 2 * SECOND_MS });
  clock.advance(TO_OPENING_MS);
  for (let second = 0; second < 2; second++) {
    assert.equal(await seed(), null);
    clock.advance(SECOND_MS);
  }
  assert.equal(await seed(), SEED);
});

Deno.test("an answer from before the opening is not kept past it, and one after it for a day", async () => {
  const { clock, calls, seed } = lobby();
  assert.equal(await seed(), null);
  clock.advance(TO_OPENING_MS - 1);
  assert.equal(await seed(), null);
  assert.equal(calls.postgres, 1);
  clock.advance(1);
  assert.equal(await seed(), SEED);
  clock.advance(23 * 3_600 * SECOND_MS);
  assert.equal(await seed(), SEED);
  assert.equal(calls.postgres, 2);
});
