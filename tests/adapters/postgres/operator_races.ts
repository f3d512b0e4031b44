import { deepEqual, equal, rejects } from "node:assert/strict";
import { DependencyError } from "../../../src/domain/failures.ts";
import type { ConcertChanges } from "../../../src/ports/catalogue.ts";
import {
  type DateOnSale,
  must,
  newFan,
  putOnSale,
  refusalOf,
  rfc3339,
} from "../../contract/box_office/office.ts";
import { withoutHang } from "../../support/wait.ts";
import { behindLock, type RaceTest, type RaceTrack, untilWaiting } from "./race.ts";

const HOUR_MS = 3_600_000;
const LOCK_SEATS = "select 1 from seats where schedule_id = $1::text::bigint for update";
const LOCK_BALANCE = "select 1 from balances where fan_id = $1::text for update";

/** Changes the concert while a hold of it waits for the seats, and gives the hold's outcome. */
async function changeWhileHoldWaits(
  track: RaceTrack,
  date: DateOnSale,
  changes: ConcertChanges,
) {
  const lock = { text: LOCK_SEATS, params: [String(date.scheduleId)] };
  return await behindLock(track, lock, async (release) => {
    const hold = newFan(track.office).hold(date, date.seatIds);
    await untilWaiting(track, 1);
    must(await track.office.catalogue.update(date.concertId, changes, null));
    await release();
    return await hold;
  });
}

export function operatorRaces(test: RaceTest): void {
  test("a hold that waited finds its concert withdrawn meanwhile", async (track) => {
    const [date] = await putOnSale(track.office, [{ seats: 1 }]);
    const lock = { text: LOCK_SEATS, params: [String(date.scheduleId)] };
    const outcome = await behindLock(track, lock, async (release) => {
      const withdrawn = track.office.catalogue.update(
        date.concertId,
        { status: "WITHDRAWN" },
        null,
      );
      await untilWaiting(track, 1, withdrawn);
      const hold = newFan(track.office).hold(date, date.seatIds);
      await untilWaiting(track, 2);
      await release();
      must(await withdrawn);
      return await hold;
    });
    deepEqual(refusalOf(outcome), { kind: "CONCERT_NOT_FOUND" });
  });

  test("a hold that waited finds its sale moved meanwhile", async (track) => {
    const [date] = await putOnSale(track.office, [{ seats: 1 }]);
    const opensAt = rfc3339(track.office.clock.nowMs + HOUR_MS);
    const schedules = [{ scheduleId: date.scheduleId, reservationAvailableAt: opensAt }];
    const outcome = await changeWhileHoldWaits(track, date, { schedules });
    deepEqual(refusalOf(outcome), { kind: "SALE_NOT_OPEN", opensAt });
  });

  test("no act waits for a lock without end: it fails as a whole, as out of reach", async ({ withTimeouts: track }) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = newFan(office);
    must(await fan.charge(100));
    const seats = { text: LOCK_SEATS, params: [String(date.scheduleId)] };
    const balance = { text: LOCK_BALANCE, params: [fan.fan] };
    await behindLock(track, seats, async () => {
      await behindLock(track, balance, async () => {
        const failures = Promise.all([
          rejects(fan.hold(date, date.seatIds), DependencyError),
          rejects(fan.charge(100), DependencyError),
        ]);
        await withoutHang("the failure of acts that wait for a lock", failures);
      });
    });
    equal(await office.accounts.balance(fan.fan), 100);
    must(await fan.hold(date, date.seatIds));
  });
}
