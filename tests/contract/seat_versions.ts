import assert from "node:assert/strict";
import type { ConcertId, ScheduleId } from "../../src/domain/ids.ts";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import type { PlaceRef } from "../../src/domain/line.ts";
import type { QueueStore } from "../../src/ports/queue_store.ts";
import type { SeatsOf, SeatVersions } from "../../src/ports/seat_versions.ts";
import type { TestClock } from "./test_clock.ts";

export interface SeatVersionsHarness {
  readonly queue: QueueStore;
  readonly versions: SeatVersions;
  readonly clock: TestClock;
  close(): Promise<void>;
}

const SEATS: SeatsOf = { concertId: 1 as ConcertId, scheduleId: 2 as ScheduleId };

/** What every adapter of the SeatVersions port does. `name` begins the name of each test. */
export function seatVersionsContract(
  name: string,
  harness: () => Promise<SeatVersionsHarness>,
): void {
  function test(what: string, act: (made: Scene) => Promise<void>): void {
    Deno.test(`${name}: ${what}`, async () => {
      const made = await harness();
      try {
        const { place } = await made.queue.join(MAIN_ROOM, "ann" as FanId, null);
        await act({ ...made, place });
      } finally {
        await made.close();
      }
    });
  }

  test("nothing is remembered at first, and the time is told", async ({ versions, place, clock }) => {
    const checked = await versions.check(place, SEATS);
    assert.equal(checked.standing.state, "ADMITTED");
    assert.deepEqual([checked.version, checked.atMs], [null, clock()]);
  });

  test("a version is remembered until its time, to the millisecond", async (made) => {
    const { versions, place, clock } = made;
    await versions.keep(SEATS, "abc", clock() + 1_000);
    clock.advance(999);
    assert.equal((await versions.check(place, SEATS)).version, "abc");
    clock.advance(1);
    assert.equal((await versions.check(place, SEATS)).version, null);
  });

  test("what comes too late is not remembered", async ({ versions, place, clock }) => {
    await versions.keep(SEATS, "late", clock());
    assert.equal((await versions.check(place, SEATS)).version, null);
  });

  test("of two versions the one that was looked at later stays", async (made) => {
    const { versions, place, clock } = made;
    await versions.keep(SEATS, "newer", clock() + 1_000);
    await versions.keep(SEATS, "older", clock() + 900);
    assert.equal((await versions.check(place, SEATS)).version, "newer");
    await versions.keep(SEATS, "newest", clock() + 1_100);
    assert.equal((await versions.check(place, SEATS)).version, "newest");
  });

  test("a clock that goes back makes no version stand longer", async (made) => {
    const { versions, place, clock } = made;
    await versions.keep(SEATS, "old", clock() + 1_000);
    clock.advance(-5_000);
    assert.equal((await versions.check(place, SEATS)).version, null);
    await versions.keep(SEATS, "new", clock() + 1_000);
    assert.equal((await versions.check(place, SEATS)).version, "new");
  });

  test("each date has its own", async ({ versions, place, clock }) => {
    await versions.keep(SEATS, "abc", clock() + 1_000);
    const others = [
      { ...SEATS, scheduleId: 3 as ScheduleId },
      { ...SEATS, concertId: 3 as ConcertId },
      { concertId: 12 as ConcertId, scheduleId: 2 as ScheduleId },
    ];
    for (const other of others) assert.equal((await versions.check(place, other)).version, null);
  });

  test("whoever is gone is told so", async ({ queue, versions, place, clock }) => {
    await versions.keep(SEATS, "abc", clock() + 1_000);
    await queue.leave(place);
    const { standing } = await versions.check(place, SEATS);
    assert.deepEqual(standing, { state: "GONE", reason: "ENDED" });
  });
}

type Scene = SeatVersionsHarness & { readonly place: PlaceRef };
