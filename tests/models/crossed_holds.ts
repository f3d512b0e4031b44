import { fail } from "node:assert/strict";
import { newFan, putOnSale } from "../contract/box_office/office.ts";
import { behindLock, type RaceTrack, untilWaiting } from "../adapters/postgres/race.ts";

const LOCK_SEAT = "select 1 from seats where seat_id = $1::text::bigint for update";

/**
 * Two fans want the same three seats from opposite ends, and a third holds the one in the
 * middle. A call that locks in the order of the request has by then what the other needs next: a
 * deadlock in every run, where a race would need luck.
 */
export async function crossedHolds(track: RaceTrack): Promise<void> {
  const { office } = track;
  const [date] = await putOnSale(office, [{ seats: 3 }]);
  const lock = { text: LOCK_SEAT, params: [String(date.seatIds[1])] };
  const outcomes = await behindLock(track, lock, async (release) => {
    const holds = [date.seatIds, date.seatIds.toReversed()]
      .map((seatIds) => newFan(office).hold(date, seatIds));
    const settled = Promise.allSettled(holds);
    await untilWaiting(track, holds.length);
    await release();
    return await settled;
  });
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") fail(`B6: ${outcome.reason}`);
  }
  const won = outcomes.filter((one) => one.status === "fulfilled" && one.value.ok);
  if (won.length !== 1) fail(`B2: ${won.length} of two got every seat`);
}
