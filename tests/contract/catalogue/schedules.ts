import { deepEqual, equal } from "node:assert/strict";
import type { ConcertChanges, ScheduleChanges } from "../../../src/ports/catalogue.ts";
import { unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type BoxOffice,
  type ContractTest,
  type DateOnSale,
  must,
  newFan,
  newRichFan,
  nth,
  putOnSale,
  refusalOf,
  rfc3339,
} from "../box_office/office.ts";

const HOUR_MS = 3_600_000;

/** Changes the schedule of the date. */
function change(office: BoxOffice, date: DateOnSale, changes: Omit<ScheduleChanges, "scheduleId">) {
  const schedules = [{ scheduleId: date.scheduleId, ...changes }];
  return office.catalogue.update(date.concertId, { schedules }, ALEX);
}

async function changed(
  office: BoxOffice,
  date: DateOnSale,
  changes: Omit<ScheduleChanges, "scheduleId">,
) {
  return nth(must(await change(office, date, changes)).schedules, 0);
}

/** Times and withdrawals of schedules, as operators change them. */
export function schedulesContract(test: ContractTest): void {
  test("`salesEndAt` follows `concertAt` until it is named, and again when it is null", async (office) => {
    const { clock } = office;
    const [date] = await putOnSale(office, [{ seats: 1, concertInMs: 2 * HOUR_MS }]);
    const at = (ms: number) => rfc3339(clock.nowMs + ms);
    const moved = await changed(office, date, { concertAt: at(3 * HOUR_MS) });
    equal(moved.salesEndAt, at(3 * HOUR_MS));
    const ended = await changed(office, date, { salesEndAt: at(HOUR_MS) });
    deepEqual([ended.concertAt, ended.salesEndAt], [at(3 * HOUR_MS), at(HOUR_MS)]);
    const later = await changed(office, date, { concertAt: at(4 * HOUR_MS) });
    equal(later.salesEndAt, at(HOUR_MS));
    const follows = await changed(office, date, { salesEndAt: null, refundUntil: at(HOUR_MS) });
    deepEqual([follows.salesEndAt, follows.refundUntil], [at(4 * HOUR_MS), at(HOUR_MS)]);
    equal((await changed(office, date, { refundUntil: null })).refundUntil, null);
  });

  test("an opening that is not before the end is refused, whichever time changes", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1, opensInMs: 0, concertInMs: 2 * HOUR_MS }]);
    const at = (ms: number) => rfc3339(office.clock.nowMs + ms);
    const cases: [Omit<ScheduleChanges, "scheduleId">, string][] = [
      [{ reservationAvailableAt: at(2 * HOUR_MS) }, "reservationAvailableAt"],
      [{ concertAt: at(0) }, "concertAt"],
      [{ salesEndAt: at(0) }, "salesEndAt"],
      [{ salesEndAt: at(-1), concertAt: at(HOUR_MS) }, "salesEndAt"],
    ];
    for (const [changes, field] of cases) {
      const { kind, ...rest } = refusalOf(
        await unchanged(office.sql, () => change(office, date, changes)),
      );
      equal(kind, "VALIDATION_FAILED");
      const { errors } = rest as { errors: { path: string }[] };
      deepEqual(errors.map(({ path }) => path), [`schedules[0].${field}`]);
    }
    await changed(office, date, { reservationAvailableAt: at(2 * HOUR_MS - 1) });
  });

  test("an end that moves brings a schedule back on sale", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1, concertInMs: HOUR_MS }]);
    office.clock.nowMs += HOUR_MS;
    const { concertId } = date;
    equal((await office.catalogue.get(concertId))?.status, "ENDED");
    await changed(office, date, { salesEndAt: rfc3339(office.clock.nowMs + 1) });
    equal((await office.catalogue.get(concertId))?.status, "ON_SALE");
    equal((await newFan(office).holdOne(date, nth(date.seatIds, 0))).status, "HELD");
  });

  test("one schedule is withdrawn alone, and comes back", async (office) => {
    const { catalogue } = office;
    const [date, other] = await putOnSale(office, [{ seats: 1 }, { seats: 1 }]);
    const ids = async () =>
      (await catalogue.listSchedules(date.concertId))!.value.schedules.map((one) => one.scheduleId);
    equal((await changed(office, date, { status: "WITHDRAWN" })).status, "WITHDRAWN");
    equal((await catalogue.get(date.concertId))?.status, "ON_SALE");
    deepEqual(await ids(), [other.scheduleId]);
    const refused = await newFan(office).hold(date, date.seatIds);
    equal(refusalOf(refused).kind, "SCHEDULE_NOT_FOUND");
    must(await change(office, other, { status: "WITHDRAWN" }));
    equal((await catalogue.idsOnSale()).includes(date.concertId), false);
    equal((await changed(office, date, { status: "ON_SALE" })).status, "ON_SALE");
    deepEqual(await ids(), [date.scheduleId]);
  });

  test("a withdrawal that is final is not undone", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const { concertId, scheduleId } = date;
    const both = (status: "WITHDRAWN" | "ON_SALE"): ConcertChanges[] => [
      { status },
      { schedules: [{ scheduleId, status }] },
    ];
    for (const changes of both("WITHDRAWN")) {
      must(await office.catalogue.update(concertId, changes, null));
    }
    for (const table of ["concerts", "schedules"]) {
      const final = `update ${table} set withdrawal_is_final = true where concert_id = $1::bigint`;
      await office.sql(final, [String(concertId)]);
    }
    for (const changes of both("ON_SALE")) {
      const outcome = await unchanged(
        office.sql,
        () => office.catalogue.update(concertId, { title: "No", ...changes }, ALEX),
      );
      deepEqual(refusalOf(outcome), { kind: "WITHDRAWAL_FINAL" });
    }
  });

  test("`get()` has held seats and revenue as they are now", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 5, price: 300 }]);
    const buyer = await newRichFan(office);
    must(await buyer.pay(must(await buyer.hold(date, date.seatIds.slice(0, 2)))));
    const lapsed = newFan(office);
    await lapsed.holdOne(date, nth(date.seatIds, 2));
    office.clock.nowMs += HOUR_MS / 2;
    await newFan(office).holdOne(date, nth(date.seatIds, 3));
    const { schedules } = (await office.catalogue.get(date.concertId))!;
    const { seatCount, seatsLeft, seatsHeld, revenue } = nth(schedules, 0);
    deepEqual([seatCount, seatsLeft, seatsHeld, revenue], [5, 3, 1, 600]);
  });

  test("`list()` pages through all concerts by room and status, the newest first", async (office) => {
    const { catalogue } = office;
    const dates = [];
    for (let nth = 0; nth < 3; nth++) dates.push((await putOnSale(office, [{ seats: 1 }]))[0]);
    const newest = dates.map(({ concertId }) => concertId).toReversed();
    const all = { status: null, room: null };
    const first = await catalogue.list(all, { limit: 2, after: null });
    const rest = await catalogue.list(all, { limit: 1, after: first.next });
    deepEqual([...first.items, ...rest.items].map(({ concertId }) => concertId), newest);
    deepEqual(first.items[0], await catalogue.get(newest[0]!));
    must(await catalogue.update(newest[1]!, { status: "WITHDRAWN" }, null));
    const withdrawn = await catalogue.list({ ...all, status: "WITHDRAWN" }, {
      limit: 1,
      after: null,
    });
    deepEqual(withdrawn.items.map(({ concertId }) => concertId), [newest[1]]);
    const nowhere = { ...all, room: "no-such-room" as never };
    deepEqual(await catalogue.list(nowhere, { limit: 1, after: null }), { items: [], next: null });
  });
}
