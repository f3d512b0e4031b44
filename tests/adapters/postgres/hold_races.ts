import { deepEqual, equal, ok } from "node:assert/strict";
import type { SeatId } from "../../../src/domain/ids.ts";
import { assertLaws, countOf } from "../../contract/box_office/laws.ts";
import {
  type DateOnSale,
  HOLD_TTL_MS,
  newFan,
  putOnSale,
  refusalOf,
  SEAT_LIMIT,
} from "../../contract/box_office/office.ts";
import { withSeed } from "../../support/random.ts";
import {
  behindLock,
  CONTENDERS,
  pick,
  RACES_FILE,
  type RaceTest,
  type RaceTrack,
  rounds,
  untilWaiting,
} from "./race.ts";

const CROSSED_ROUNDS = rounds(150);
const CROSSED_SEATS = 12;
const CROWD_ROUNDS = rounds(60);
const CROWD_SEATS = 8;
const LIMIT_ROUNDS = rounds(15);

const LOCK_SEATS = "select 1 from seats where schedule_id = $1::text::bigint for update";

/** The seats of all holds that were got; no seat may be among them twice. */
async function raceForSeats(
  { office }: RaceTrack,
  date: DateOnSale,
  wishes: readonly (readonly SeatId[])[],
): Promise<number> {
  const outcomes = await Promise.all(
    wishes.map((seatIds) => newFan(office).hold(date, seatIds, { seatLimit: CROSSED_SEATS })),
  );
  const got = outcomes.flatMap((outcome, index) => {
    if (!outcome.ok) {
      equal(outcome.failure.kind, "SEAT_UNAVAILABLE");
      return [];
    }
    deepEqual(outcome.value.map(({ seatId }) => seatId), wishes[index]);
    return outcome.value;
  });
  equal(new Set(got.map(({ seatId }) => seatId)).size, got.length, "a seat is held twice");
  const kept = "select count(*) from reservations where schedule_id = $1::text::bigint";
  equal(await countOf(office.sql, kept, String(date.scheduleId)), got.length, "a partial hold");
  ok(got.length > 0, "nobody got anything");
  return outcomes.filter((outcome) => outcome.ok).length;
}

export function holdRaces(test: RaceTest): void {
  test("B1 B2 B6: of two who want every seat in crossed orders one gets all", async (track) => {
    await withSeed(RACES_FILE, async (random) => {
      for (let round = 0; round < CROSSED_ROUNDS; round++) {
        const [date] = await putOnSale(track.office, [{ seats: CROSSED_SEATS }]);
        const order = pick(random, date.seatIds, CROSSED_SEATS);
        equal(await raceForSeats(track, date, [order, order.toReversed()]), 1);
      }
      await assertLaws(track.office.sql);
    });
  });

  test("B1 B2 B6: a crowd with overlapping wishes gets whole wishes, none twice", async (track) => {
    await withSeed(RACES_FILE, async (random) => {
      for (let round = 0; round < CROWD_ROUNDS; round++) {
        const [date] = await putOnSale(track.office, [{ seats: CROWD_SEATS }]);
        const wishes = Array.from(
          { length: CONTENDERS },
          () => pick(random, date.seatIds, 2 + Math.floor(random() * 3)),
        );
        await raceForSeats(track, date, wishes);
      }
      await assertLaws(track.office.sql);
    });
  });

  test("B1 B2: a lapsed hold that all want at once goes to one of them", async (track) => {
    const { office } = track;
    for (let round = 0; round < LIMIT_ROUNDS; round++) {
      const [date] = await putOnSale(office, [{ seats: 2 }]);
      await newFan(office).hold(date, date.seatIds);
      office.clock.nowMs += HOLD_TTL_MS;
      const outcomes = await Promise.all(
        Array.from(
          { length: CONTENDERS },
          (_, index) =>
            newFan(office).hold(date, index % 2 ? date.seatIds : date.seatIds.toReversed()),
        ),
      );
      equal(outcomes.filter((outcome) => outcome.ok).length, 1);
    }
    await assertLaws(office.sql);
  });

  test("B7: parallel holds of one fan never pass the limit together", async (track) => {
    const { office } = track;
    for (let round = 0; round < LIMIT_ROUNDS; round++) {
      const [date] = await putOnSale(office, [{ seats: CONTENDERS - 1 }]);
      const fan = newFan(office);
      const lock = { text: LOCK_SEATS, params: [String(date.scheduleId)] };
      // All wait for the lock of the seats, so that all go on in the same moment.
      const outcomes = await behindLock(track, lock, async (release) => {
        const holds = date.seatIds.map((seatId) => fan.hold(date, [seatId]));
        await untilWaiting(track, holds.length);
        await release();
        return await Promise.all(holds);
      });
      equal(outcomes.filter((outcome) => outcome.ok).length, SEAT_LIMIT);
      for (const outcome of outcomes.filter((one) => !one.ok)) {
        deepEqual(refusalOf(outcome), {
          kind: "SEAT_LIMIT_EXCEEDED",
          limit: SEAT_LIMIT,
          held: SEAT_LIMIT,
        });
      }
    }
  });
}
