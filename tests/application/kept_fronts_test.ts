import { equal } from "node:assert/strict";
import { createKeptFronts } from "../../src/application/kept_fronts.ts";
import { MAIN_ROOM, type RoomId } from "../../src/domain/ids.ts";
import { AT_MS, frontOf } from "../support/fronts.ts";
import { testClock } from "../support/test_clock.ts";

function keeping() {
  const clock = testClock(AT_MS + 10_000);
  const kept = createKeptFronts({ clock });
  const called = () => kept.find(MAIN_ROOM)?.called;
  const keep = (called: number, atMs: number, epoch = "one") =>
    kept.keep(MAIN_ROOM, frontOf({ called, takenAtMs: AT_MS + atMs, epoch }));
  return { clock, kept, called, keep };
}

Deno.test("`keep()` keeps the document that was taken last, whenever it comes", () => {
  const { keep, called } = keeping();
  keep(1, 5_000);
  keep(2, 4_999);
  equal(called(), 1);
  keep(3, 5_001);
  equal(called(), 3);
});

Deno.test("`keep()` replaces a document by a later one of another epoch, and by no earlier one", () => {
  const { keep, called } = keeping();
  keep(1, 5_000, "one");
  keep(2, 5_001, "two");
  equal(called(), 2);
  keep(3, 5_000, "one");
  equal(called(), 2);
});

Deno.test("a document of the future counts as taken when it arrived", () => {
  const { clock, kept, keep, called } = keeping();
  keep(1, 60_000);
  equal(kept.find(MAIN_ROOM)?.takenAtMs, AT_MS + 10_000);
  clock.advance(1);
  keep(2, 10_001);
  equal(called(), 2);
});

Deno.test("after a step back of the clock the next document is kept", () => {
  const { clock, keep, called } = keeping();
  keep(1, 10_000);
  clock.advance(-5_000);
  keep(2, 5_000);
  equal(called(), 2);
});

Deno.test("one document is kept for each room, and of many rooms the latest 1,000", () => {
  const { kept } = keeping();
  const room = (number: number) => `room-${number}` as RoomId;
  for (let number = 0; number < 1_000; number++) kept.keep(room(number), frontOf());
  kept.keep(room(0), frontOf({ takenAtMs: AT_MS + 1 }));
  kept.keep(room(1_000), frontOf());
  equal(kept.find(room(1)), null);
  for (const number of [0, 2, 999, 1_000]) equal(kept.find(room(number))?.epoch, frontOf().epoch);
});
