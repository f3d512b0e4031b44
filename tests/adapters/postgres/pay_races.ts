import { deepEqual, equal } from "node:assert/strict";
import type { Reservation } from "../../../src/domain/booking.ts";
import { assertLaws } from "../../contract/box_office/laws.ts";
import {
  HOLD_TTL_MS,
  must,
  newFan,
  newRichFan,
  nth,
  PRICE,
  putOnSale,
  refusalOf,
  RICH,
  SEAT_LIMIT,
} from "../../contract/box_office/office.ts";
import {
  behindLock,
  CONTENDERS,
  officeAt,
  type RaceTest,
  type RaceTrack,
  rounds,
  untilWaiting,
} from "./race.ts";

const SELL_OUT_ROUNDS = rounds(25);
const CROSSED_ROUNDS = 40;
const CANCEL_ROUNDS = rounds(25);

const LOCK_SEAT = "select 1 from seats where seat_id = $1::text::bigint for update";

/** Two acts on one seat, got into line for its lock in this order. */
async function inOrder<First, Second>(
  track: RaceTrack,
  seatId: number,
  first: () => Promise<First>,
  second: () => Promise<Second>,
): Promise<[First, Second]> {
  const lock = { text: LOCK_SEAT, params: [String(seatId)] };
  return await behindLock(track, lock, async (release) => {
    const firstOutcome = first();
    await untilWaiting(track, 1, firstOutcome);
    const secondOutcome = second();
    await untilWaiting(track, 2);
    await release();
    return await Promise.all([firstOutcome, secondOutcome]);
  });
}

/** A hold of one seat by a fan who can pay for it. */
async function oneHold({ office }: RaceTrack) {
  const [date] = await putOnSale(office, [{ seats: 1 }]);
  const fan = await newRichFan(office);
  const seatId = nth(date.seatIds, 0);
  return { date, fan, seatId, reservation: await fan.holdOne(date, seatId) };
}

export function payRaces(test: RaceTest): void {
  test("B5: of those who pay for the last seats at once, one sees the sell-out", async (track) => {
    const { office } = track;
    for (let round = 0; round < SELL_OUT_ROUNDS; round++) {
      const dates = await putOnSale(office, [{ seats: CONTENDERS / 2 }, { seats: CONTENDERS / 2 }]);
      const buyers = await Promise.all(
        dates.flatMap((date) =>
          date.seatIds.map(async (seatId) => {
            const fan = await newRichFan(office);
            const reservation = await fan.holdOne(date, seatId);
            return () => fan.pay([reservation]);
          })
        ),
      );
      const paid = await Promise.all(buyers.map((pay) => pay()));
      const effects = paid.map((outcome) => must(outcome).effects);
      const { concertId } = dates[0];
      deepEqual(effects.flatMap((one) => one.changedConcerts), [concertId]);
      deepEqual(effects.flatMap((one) => one.concertsWithChangedSchedule), [concertId, concertId]);
      const concert = await office.catalogue.get(concertId);
      equal(concert?.status, "SOLD_OUT");
      deepEqual(
        concert?.schedules.map(({ status, seatsLeft }) => [status, seatsLeft]),
        [["SOLD_OUT", 0], ["SOLD_OUT", 0]],
      );
    }
    await assertLaws(office.sql);
  });

  test("B1 B4: a payment before a cancel wins, and the seat stays sold", async (track) => {
    const { fan, seatId, reservation } = await oneHold(track);
    const [paid, cancelled] = await inOrder(
      track,
      seatId,
      () => fan.pay([reservation]),
      () => fan.cancel(reservation),
    );
    equal(JSON.parse(must(paid).json).totalAmount, PRICE);
    deepEqual(refusalOf(cancelled), { kind: "RESERVATION_NOT_CANCELLABLE" });
    await assertLaws(track.office.sql);
  });

  test("B1 B3: a cancel before a payment wins, and nothing is debited", async (track) => {
    const { fan, seatId, reservation } = await oneHold(track);
    const [cancelled, paid] = await inOrder(
      track,
      seatId,
      () => fan.cancel(reservation),
      () => fan.pay([reservation]),
    );
    equal(must(cancelled).status, "CANCELLED");
    deepEqual(refusalOf(paid), {
      kind: "RESERVATION_NOT_PAYABLE",
      reservations: [{ reservationId: reservation.reservationId, status: "CANCELLED" }],
    });
    equal(await track.office.accounts.balance(fan.fan), RICH);
    await assertLaws(track.office.sql);
  });

  test("B1 B3: of payments and cancels at once each seat sees one, whole", async (track) => {
    const { office } = track;
    for (let round = 0; round < CANCEL_ROUNDS; round++) {
      const [date] = await putOnSale(office, [{ seats: SEAT_LIMIT }]);
      const fan = await newRichFan(office);
      const held = must(await fan.hold(date, date.seatIds));
      const [paid, ...cancelled] = await Promise.all([
        fan.pay(held),
        ...held.toReversed().map((reservation) => fan.cancel(reservation)),
      ]);
      const freed = cancelled.filter((outcome) => outcome.ok).length;
      // One cancel before it, and nothing is paid; a payment before them all, and none is freed.
      equal(paid.ok ? freed : Math.sign(freed), paid.ok ? 0 : 1);
      const spent = paid.ok ? SEAT_LIMIT * PRICE : 0;
      equal(await office.accounts.balance(fan.fan), RICH - spent);
    }
    await assertLaws(office.sql);
  });

  test("B1: a payment in time keeps the seat from a hold after the end", async (track) => {
    const { date, fan, seatId, reservation } = await oneHold(track);
    const later = officeAt(track.office, track.office.clock.nowMs + HOLD_TTL_MS);
    const [paid, held] = await inOrder(
      track,
      seatId,
      () => fan.pay([reservation]),
      () => newFan(later).hold(date, [seatId]),
    );
    must(paid);
    deepEqual(refusalOf(held), {
      kind: "SEAT_UNAVAILABLE",
      seatIds: [seatId],
      ownReservations: [],
    });
    await assertLaws(track.office.sql);
  });

  test("B1 B3: a hold after the end keeps the seat from a late payment", async (track) => {
    const { date, fan, seatId, reservation } = await oneHold(track);
    const later = officeAt(track.office, track.office.clock.nowMs + HOLD_TTL_MS);
    const other = await newRichFan(later);
    const [held, paid] = await inOrder(
      track,
      seatId,
      () => other.hold(date, [seatId]),
      // By a clock that still calls the hold live: what the row says under its lock decides.
      () => fan.pay([reservation]),
    );
    deepEqual(refusalOf(paid), {
      kind: "RESERVATION_NOT_PAYABLE",
      reservations: [{ reservationId: reservation.reservationId, status: "EXPIRED" }],
    });
    equal(await track.office.accounts.balance(fan.fan), RICH);
    must(await other.pay(must(held)));
    await assertLaws(track.office.sql);
  });

  test("B1: a cancel in line behind another's hold does not free the seat", async (track) => {
    const { date, fan, seatId, reservation } = await oneHold(track);
    const later = officeAt(track.office, track.office.clock.nowMs + HOLD_TTL_MS);
    const [held, cancelled] = await inOrder(
      track,
      seatId,
      () => newFan(later).hold(date, [seatId]),
      () => fan.cancel(reservation),
    );
    must(held);
    equal(must(cancelled).status, "CANCELLED");
    deepEqual(refusalOf(await newFan(later).hold(date, [seatId])), {
      kind: "SEAT_UNAVAILABLE",
      seatIds: [seatId],
      ownReservations: [],
    });
    await assertLaws(track.office.sql);
  });

  test("B1 B6: payments and later holds of the same seats exclude each other", async ({ office }) => {
    const later = officeAt(office, office.clock.nowMs + HOLD_TTL_MS);
    for (let round = 0; round < CROSSED_ROUNDS; round++) {
      const [date] = await putOnSale(office, [{ seats: SEAT_LIMIT }]);
      const fan = await newRichFan(office);
      const held: Reservation[] = [];
      // From the last seat to the first, so that their rows lie the other way round on disk.
      for (const seatId of date.seatIds.toReversed()) held.push(await fan.holdOne(date, seatId));
      const outcomes = await Promise.all([
        newFan(later).hold(date, date.seatIds),
        fan.pay(held),
        newFan(later).hold(date, date.seatIds),
      ]);
      equal(outcomes.filter((outcome) => outcome.ok).length, 1);
    }
    await assertLaws(office.sql);
  });

  test("B6: payments over two dates and changes to both do not deadlock", async ({ office }) => {
    const dates = await putOnSale(office, [{ seats: CROSSED_ROUNDS }, { seats: CROSSED_ROUNDS }]);
    const schedules = dates.map(({ scheduleId }) => ({
      scheduleId,
      reservationAvailableAt: "2020-01-01T00:00:00.000Z",
    }));
    const { concertId } = dates[0];
    const fans = await Promise.all(Array.from({ length: CROSSED_ROUNDS }, async (_, index) => {
      const fan = await newRichFan(office);
      const held = await Promise.all(
        dates.map((date) => fan.holdOne(date, nth(date.seatIds, index))),
      );
      return () => fan.pay(held);
    }));
    await Promise.all(fans.map(async (pay) => {
      const [paid, updated] = await Promise.all([
        pay(),
        office.catalogue.update(concertId, { schedules: schedules.toReversed() }, null),
      ]);
      must(paid);
      must(updated);
    }));
    equal((await office.catalogue.get(concertId))?.status, "SOLD_OUT");
    await assertLaws(office.sql);
  });
}
