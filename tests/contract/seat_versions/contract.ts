import assert from "node:assert/strict";
import type { ConcertId, ScheduleId } from "../../../src/domain/ids.ts";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import type { QueueStore } from "../../../src/ports/queue_store.ts";
import {
  type LoadedVersion,
  type ScheduleRef,
  SEATS_VERSION_MS,
  type SeatVersions,
} from "../../../src/ports/seat_versions.ts";
import { firstRules, TEST_SETTINGS } from "../queue_store/harness.ts";
import type { TestClock } from "../../support/test_clock.ts";

export interface SeatVersionsHarness {
  readonly queue: QueueStore;
  readonly versions: SeatVersions;
  readonly clock: TestClock;
  /** Lets time pass, also for what the store keeps. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const SEATS: ScheduleRef = { concertId: 1 as ConcertId, scheduleId: 2 as ScheduleId };

function lookedUp(version: string, atMs: number, forMs = SEATS_VERSION_MS): LoadedVersion {
  return { version, atMs, forMs };
}

/** What every adapter of the SeatVersions port does. The name of each test begins with `name`. */
export function seatVersionsContract(
  name: string,
  harness: () => Promise<SeatVersionsHarness>,
): void {
  function test(what: string, act: (made: Scene) => Promise<void>): void {
    Deno.test(`${name}: ${what}`, async () => {
      const made = await harness();
      try {
        await made.queue.applyRules(MAIN_ROOM, firstRules(TEST_SETTINGS));
        const joined = await made.queue.join(MAIN_ROOM, "ann" as FanId, null);
        if (joined.refused !== undefined) assert.fail("the room is open");
        await act({ ...made, place: joined.place });
      } finally {
        await made.close();
      }
    });
  }

  test("nothing is remembered at first, and the answer contains the time", async ({ versions, place, clock }) => {
    const checked = await versions.check(place, SEATS);
    assert.equal(checked.standing.state, "ADMITTED");
    assert.deepEqual([checked.version, checked.atMs], [null, clock()]);
  });

  test("a version is remembered until its time, to the millisecond", async (made) => {
    const { versions, place, clock, pass } = made;
    await versions.keep(SEATS, lookedUp("abc", clock()));
    await pass(999);
    assert.equal((await versions.check(place, SEATS)).version, "abc");
    await pass(1);
    assert.equal((await versions.check(place, SEATS)).version, null);
  });

  test("its TTL starts with the check, not with `keep()`", async (made) => {
    const { versions, place, clock, pass } = made;
    const checkedMs = clock();
    await pass(300);
    await versions.keep(SEATS, lookedUp("abc", checkedMs, 500));
    await pass(199);
    assert.equal((await versions.check(place, SEATS)).version, "abc");
    await pass(1);
    assert.equal((await versions.check(place, SEATS)).version, null);
  });

  test("a version that comes too late is not kept", async ({ versions, place, clock, pass }) => {
    const checkedMs = clock();
    await pass(SEATS_VERSION_MS);
    await versions.keep(SEATS, lookedUp("late", checkedMs));
    assert.equal((await versions.check(place, SEATS)).version, null);
  });

  test("of two versions the one that was checked later stays", async (made) => {
    const { versions, place, clock, pass } = made;
    const [oldMs, newMs] = [clock(), clock() + 100];
    await pass(200);
    await versions.keep(SEATS, lookedUp("newer", newMs));
    await versions.keep(SEATS, lookedUp("older", oldMs));
    assert.equal((await versions.check(place, SEATS)).version, "newer");
    await versions.keep(SEATS, lookedUp("newest", clock()));
    assert.equal((await versions.check(place, SEATS)).version, "newest");
  });

  test("an older version does not come back when a newer one's time is over", async (made) => {
    const { versions, place, clock, pass } = made;
    const oldMs = clock();
    await pass(100);
    await versions.keep(SEATS, lookedUp("newer", clock(), 50));
    await pass(50);
    await versions.keep(SEATS, lookedUp("older", oldMs));
    assert.equal((await versions.check(place, SEATS)).version, null);
  });

  test("a dropped version is forgotten, and the others are not", async (made) => {
    const { versions, place, clock } = made;
    const [third, fourth] = [3, 4].map((id) => ({ ...SEATS, scheduleId: id as ScheduleId }));
    for (const seats of [SEATS, third!, fourth!]) {
      await versions.keep(seats, lookedUp("abc", clock()));
    }
    await versions.drop([]);
    await versions.drop([SEATS.scheduleId, fourth!.scheduleId]);
    await versions.drop([SEATS.scheduleId]);
    assert.equal((await versions.check(place, SEATS)).version, null);
    assert.equal((await versions.check(place, third!)).version, "abc");
    assert.equal((await versions.check(place, fourth!)).version, null);
  });

  test("what was checked before a drop, or at its time, is not kept after it", async (made) => {
    const { versions, place, clock, pass } = made;
    const beforeMs = clock();
    await pass(1);
    await versions.drop([SEATS.scheduleId]);
    for (const atMs of [beforeMs, clock()]) {
      await versions.keep(SEATS, lookedUp("old", atMs));
      assert.equal((await versions.check(place, SEATS)).version, null);
    }
    await pass(SEATS_VERSION_MS - 2);
    await versions.keep(SEATS, lookedUp("old", beforeMs));
    assert.equal((await versions.check(place, SEATS)).version, null);
    await versions.keep(SEATS, lookedUp("new", clock()));
    assert.equal((await versions.check(place, SEATS)).version, "new");
  });

  test("what was checked before a drop does not come back after what was kept since", async (made) => {
    const { versions, place, clock, pass } = made;
    const beforeMs = clock();
    await versions.drop([SEATS.scheduleId]);
    await pass(1);
    await versions.keep(SEATS, lookedUp("new", clock(), 10));
    await pass(10);
    await versions.keep(SEATS, lookedUp("old", beforeMs));
    assert.equal((await versions.check(place, SEATS)).version, null);
  });

  test("a clock that goes back makes no version stand longer", async (made) => {
    const { versions, place, clock } = made;
    await versions.keep(SEATS, lookedUp("old", clock()));
    clock.advance(-5_000);
    assert.equal((await versions.check(place, SEATS)).version, null);
    await versions.keep(SEATS, lookedUp("new", clock()));
    assert.equal((await versions.check(place, SEATS)).version, "new");
    await versions.keep(SEATS, lookedUp("future", clock() + 1));
    assert.equal((await versions.check(place, SEATS)).version, "new");
  });

  test("a clock that goes back makes no drop stand longer", async (made) => {
    const { versions, place, clock } = made;
    await versions.drop([SEATS.scheduleId]);
    clock.advance(-5_000);
    await versions.keep(SEATS, lookedUp("new", clock()));
    assert.equal((await versions.check(place, SEATS)).version, "new");
  });

  test("each date has its own", async ({ versions, place, clock }) => {
    await versions.keep(SEATS, lookedUp("abc", clock()));
    const others = [
      { ...SEATS, scheduleId: 3 as ScheduleId },
      { ...SEATS, concertId: 3 as ConcertId },
      { concertId: 12 as ConcertId, scheduleId: 2 as ScheduleId },
    ];
    for (const other of others) assert.equal((await versions.check(place, other)).version, null);
  });

  test("a fan whose place is gone gets GONE", async ({ queue, versions, place, clock }) => {
    await versions.keep(SEATS, lookedUp("abc", clock()));
    await queue.leave(place);
    const { standing } = await versions.check(place, SEATS);
    assert.equal(standing.state === "GONE" && standing.reason, "ENDED");
  });
}

type Scene = SeatVersionsHarness & { readonly place: PlaceRef };
