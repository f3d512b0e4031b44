import { deepEqual, equal } from "node:assert/strict";
import type { SeatId } from "../../../src/domain/ids.ts";
import { assertLaws } from "../box_office/laws.ts";
import {
  type BoxOffice,
  type ContractTest,
  type DateOnSale,
  must,
  newFan,
  newRichFan,
  newRoom,
  putOnSale,
} from "../box_office/office.ts";

/** Status of the concert, whether the list has it, and the status of each date. */
async function statuses({ catalogue }: BoxOffice, { concertId }: DateOnSale): Promise<unknown> {
  const listed = (await catalogue.listOnSale(0)).value.concerts.some((one) =>
    one.concertId === concertId
  );
  const dates = (await catalogue.listSchedules(concertId))?.value.schedules.map(({ status }) =>
    status
  );
  return [(await catalogue.get(concertId))?.status, listed, dates];
}

async function buy(office: BoxOffice, ...dates: readonly DateOnSale[]) {
  const fan = await newRichFan(office);
  const reservations = [];
  for (const date of dates) reservations.push(...must(await fan.hold(date, date.seatIds)));
  const { effects: { concertsWithChangedSchedule, changedConcerts } } = must(
    await fan.pay(reservations),
  );
  return { concertsWithChangedSchedule, changedConcerts };
}

export function sellOutContract(test: ContractTest): void {
  test("one sold-out date does not sell out its concert; the last one does (B5)", async (office) => {
    const [date, other] = await putOnSale(office, [{ seats: 2 }, { seats: 1 }]);
    const { concertId } = date;
    deepEqual(await statuses(office, date), ["ON_SALE", true, ["ON_SALE", "ON_SALE"]]);
    deepEqual(await buy(office, date), {
      concertsWithChangedSchedule: [concertId],
      changedConcerts: [],
    });
    deepEqual(await statuses(office, date), ["ON_SALE", true, ["SOLD_OUT", "ON_SALE"]]);
    deepEqual(await buy(office, other), {
      concertsWithChangedSchedule: [concertId],
      changedConcerts: [concertId],
    });
    deepEqual(await statuses(office, date), ["SOLD_OUT", false, ["SOLD_OUT", "SOLD_OUT"]]);
    await assertLaws(office.sql);
  });

  test("a date is not sold out while its last seat is only held (B5)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 3 }]);
    must(await newFan(office).hold(date, date.seatIds.slice(2)));
    deepEqual(await buy(office, { ...date, seatIds: date.seatIds.slice(0, 2) }), {
      concertsWithChangedSchedule: [],
      changedConcerts: [],
    });
    deepEqual(await statuses(office, date), ["ON_SALE", true, ["ON_SALE"]]);
  });

  test("a date whose sale is still to open keeps its concert from selling out", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }, { seats: 1, opensInMs: 60_000 }]);
    deepEqual(await buy(office, date), {
      concertsWithChangedSchedule: [date.concertId],
      changedConcerts: [],
    });
    deepEqual(await statuses(office, date), ["ON_SALE", true, ["SOLD_OUT"]]);
  });

  test("one payment sells out several dates and concerts, each named once", async (office) => {
    const [first, second] = await putOnSale(office, [{ seats: 1 }, { seats: 2 }]);
    const [half, rest] = await putOnSale(office, [{ seats: 1 }, { seats: 1 }]);
    const { concertsWithChangedSchedule, changedConcerts } = await buy(office, half, second, first);
    deepEqual(new Set(concertsWithChangedSchedule), new Set([first.concertId, half.concertId]));
    equal(concertsWithChangedSchedule.length, 2);
    deepEqual(changedConcerts, [first.concertId]);
    deepEqual(await statuses(office, rest), ["ON_SALE", true, ["SOLD_OUT", "ON_SALE"]]);
    await assertLaws(office.sql);
  });

  test("a payment that sells out names the rooms in which its concerts are now", async (office) => {
    const [room, other] = [await newRoom(office), await newRoom(office)];
    const [date] = await putOnSale(office, [{ seats: 2 }], room);
    const fan = await newRichFan(office, room);
    const [first, second] = date.seatIds as [SeatId, SeatId];
    const paysFor = async (seatId: SeatId) =>
      must(await fan.pay([await fan.holdOne(date, seatId)])).effects.rooms;
    deepEqual(await paysFor(first), []);
    const held = await fan.holdOne(date, second);
    must(await office.catalogue.update(date.concertId, { room: other }, null));
    deepEqual(must(await fan.pay([held])).effects.rooms, [other]);
  });
}
