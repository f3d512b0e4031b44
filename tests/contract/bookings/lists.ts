import { deepEqual, equal } from "node:assert/strict";
import type {
  Page,
  PageMark,
  PageRequest,
  ReservationStatus,
} from "../../../src/domain/booking.ts";
import type { ReservationId, ScheduleId } from "../../../src/domain/ids.ts";
import {
  type ContractTest,
  HOLD_TTL_MS,
  must,
  newFan,
  newRichFan,
  nth,
  putOnSale,
} from "../box_office/office.ts";

const SEATS = 6;

/** The sizes of all pages, and their items in one. */
export async function readAll<Item>(
  limit: number,
  list: (page: PageRequest) => Promise<Page<Item>>,
) {
  const sizes: number[] = [];
  const items: Item[] = [];
  let after: PageMark | null = null;
  do {
    const page: Page<Item> = await list({ limit, after });
    sizes.push(page.items.length);
    items.push(...page.items);
    after = page.next;
  } while (after !== null && sizes.length < 100);
  return { sizes, items };
}

export function listsContract(test: ContractTest): void {
  test("`listReservations()` pages newest first, each row once, ties and all", async (office) => {
    const [date] = await putOnSale(office, [{ seats: SEATS }]);
    const fan = newFan(office);
    const groups = [date.seatIds.slice(0, 3), date.seatIds.slice(3, 4), date.seatIds.slice(4)];
    const held = [];
    for (const [index, seatIds] of groups.entries()) {
      held.unshift(...must(await fan.hold(date, seatIds, { seatLimit: SEATS })));
      office.clock.nowMs += index; // The first two groups tie to the millisecond.
    }
    const list = (page: PageRequest) => office.bookings.listReservations(fan.fan, page);
    for (const [limit, sizes] of [[1, [1, 1, 1, 1, 1, 1]], [4, [4, 2]], [3, [3, 3]], [9, [6]]]) {
      deepEqual(await readAll(limit as number, list), { sizes, items: held });
    }
  });

  test("`listPayments()` pages newest first, each row once, ties and all", async (office) => {
    const [date] = await putOnSale(office, [{ seats: SEATS }]);
    const fan = await newRichFan(office);
    const held = must(await fan.hold(date, date.seatIds, { seatLimit: SEATS }));
    const payments = [];
    for (const [index, part] of [held.slice(0, 3), held.slice(3, 4), held.slice(4)].entries()) {
      payments.unshift(...JSON.parse(must(await fan.pay(part)).json).payments);
      office.clock.nowMs += index;
    }
    const list = (page: PageRequest) => office.bookings.listPayments(fan.fan, page);
    for (const [limit, sizes] of [[1, [1, 1, 1, 1, 1, 1]], [4, [4, 2]], [3, [3, 3]], [9, [6]]]) {
      deepEqual(await readAll(limit as number, list), { sizes, items: payments });
    }
  });

  test("a row that comes while the pages are read moves none of them", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 4 }]);
    const fan = newFan(office);
    const held = must(await fan.hold(date, date.seatIds.slice(0, 3)));
    const first = await office.bookings.listReservations(fan.fan, { limit: 2, after: null });
    await fan.holdOne(date, nth(date.seatIds, 3));
    const second = await office.bookings.listReservations(fan.fan, { limit: 2, after: first.next });
    deepEqual([...first.items, ...second.items], held);
    equal(second.next, null);
  });

  test("lists hold the fan's own rows only, and may be empty", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = await newRichFan(office);
    must(await fan.pay(must(await fan.hold(date, date.seatIds))));
    const other = newFan(office).fan;
    const empty = { items: [], next: null };
    deepEqual(await office.bookings.listReservations(other, { limit: 5, after: null }), empty);
    deepEqual(await office.bookings.listPayments(other, { limit: 5, after: null }), empty);
  });

  test("`listReservations()` chooses by status and schedule, page by page", async (office) => {
    const [first, second] = await putOnSale(office, [{ seats: 4 }, { seats: 1 }]);
    const fan = await newRichFan(office);
    const hold = async (date: typeof first, index: number) =>
      nth(must(await fan.hold(date, [nth(date.seatIds, index)])), 0);
    const lapsed = await hold(first, 0);
    office.clock.nowMs += HOLD_TTL_MS;
    const paid = [await hold(first, 1), await hold(second, 0)];
    must(await fan.pay(paid));
    const cancelled = await hold(first, 2);
    must(await office.bookings.cancel(fan.fan, cancelled.reservationId));
    const held = await hold(first, 3);

    const idsOf = async (status: ReservationStatus | null, scheduleId: ScheduleId | null) => {
      const filter = { status, scheduleId };
      const list = (page: PageRequest) => office.bookings.listReservations(fan.fan, page, filter);
      const { items } = await readAll(1, list);
      return items.map(({ reservationId }) => reservationId);
    };
    const ids = (...reservations: { reservationId: ReservationId }[]) =>
      reservations.map(({ reservationId }) => reservationId);
    const [one, two] = paid as [typeof held, typeof held];
    deepEqual(await idsOf(null, null), ids(held, cancelled, two, one, lapsed));
    deepEqual(await idsOf("HELD", null), ids(held));
    deepEqual(await idsOf("EXPIRED", null), ids(lapsed));
    deepEqual(await idsOf("CANCELLED", null), ids(cancelled));
    deepEqual(await idsOf("PAID", null), ids(two, one));
    deepEqual(await idsOf("REFUNDED", null), []);
    deepEqual(await idsOf(null, second.scheduleId), ids(two));
    deepEqual(await idsOf("PAID", first.scheduleId), ids(one));
    deepEqual(await idsOf("HELD", second.scheduleId), []);
    await office.bookings.sweep(1000);
    deepEqual(await idsOf("EXPIRED", first.scheduleId), ids(lapsed));
  });

  test("`listReservations()` reads a lapsed hold as EXPIRED, swept or not", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = newFan(office);
    await fan.holdOne(date, nth(date.seatIds, 0));
    const status = async () => {
      const { items } = await office.bookings.listReservations(fan.fan, { limit: 1, after: null });
      return nth(items, 0).status;
    };
    equal(await status(), "HELD");
    office.clock.nowMs += HOLD_TTL_MS;
    equal(await status(), "EXPIRED");
    await office.bookings.sweep(1000);
    equal(await status(), "EXPIRED");
  });
}
