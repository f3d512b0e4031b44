import { deepEqual, equal } from "node:assert/strict";
import type { FieldError } from "../../../src/domain/failures.ts";
import { MAX_SEATS_PER_CONCERT } from "../../../src/domain/limits.ts";
import type { ConcertId, ScheduleId, SeatId } from "../../../src/domain/ids.ts";
import type { Result } from "../../../src/domain/result.ts";
import type { NewSeat } from "../../../src/ports/catalogue.ts";
import { assertLaws, unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type BoxOffice,
  type ContractTest,
  type DateOnSale,
  MISSING_ID,
  must,
  newFan,
  newRichFan,
  nth,
  putOnSale,
  refusalOf,
  rfc3339,
  seatsShown,
} from "../box_office/office.ts";

const PLAIN: NewSeat = { price: 700, section: null, row: null, x: null, y: null };
const ADD = { dryRun: false };

function add(office: BoxOffice, date: DateOnSale, seats: readonly NewSeat[], options = ADD) {
  return office.seating.addSeats(date, seats, options, ALEX);
}

/** The faults of a request, as `path: message`. */
async function faults<Value>(
  office: BoxOffice,
  act: () => Promise<Result<Value, { kind: string }>>,
): Promise<string[]> {
  const failure = refusalOf(await unchanged(office.sql, act));
  equal(failure.kind, "VALIDATION_FAILED");
  const { errors } = failure as unknown as { errors: FieldError[] };
  return errors.map(({ path }) => path);
}

async function lastEntry(office: BoxOffice) {
  const [entry] = (await office.auditLog.list(null, { limit: 1, after: null })).items;
  const { action, subject, operator, reason, old, new: is } = entry!;
  return { action, subject, by: { operator, reason }, old, is };
}

/** Seats that operators add and change. */
export function seatingContract(test: ContractTest): void {
  test("names keep every character that they may have", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const names = ["\x7f", "\x01d", "\x01", "\x01e\x7fd", '"\\', ",", "{null}", "NULL", "\n가🎫"];
    const seats = names.flatMap((name) => [
      { ...PLAIN, label: `${name}.`, section: `${name}s`, row: `r${name}` },
      { ...PLAIN, label: `.${name}`, section: null, row: `${name}s`, x: -0.5, y: 1e-7 },
    ]);
    const added = must(await add(office, date, seats));
    deepEqual(added.seats.map(({ label }) => label), seats.map(({ label }) => label));
    const byId = new Map(
      must(await seatsShown(office, date)).seats.map((seat) => [seat.seatId, seat]),
    );
    deepEqual(
      added.seats.map(({ seatId }) => byId.get(seatId!)!)
        .map(({ label, section, row, x, y }) => ({ ...PLAIN, label, section, row, x, y })),
      seats,
    );
  });

  test("numbers left out follow the highest of schedule and request", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 3 }]);
    const added = must(
      await add(office, date, [
        PLAIN,
        { ...PLAIN, seatNumber: 10, label: "A" },
        { ...PLAIN, label: "12", section: "R", row: "3" },
      ]),
    );
    equal(added.added, 3);
    deepEqual(added.seats.map(({ seatNumber, label }) => [seatNumber, label]), [
      [11, "11"],
      [10, "A"],
      [12, "12"],
    ]);
    const more = must(await add(office, date, [PLAIN]));
    deepEqual(more.seats.map(({ seatNumber }) => seatNumber), [13]);
    const map = must(await seatsShown(office, date));
    equal(map.seats.length, 7);
    deepEqual(map.seats.find(({ seatNumber }) => seatNumber === 12), {
      seatId: added.seats[2]!.seatId,
      seatNumber: 12,
      label: "12",
      section: "R",
      row: "3",
      x: null,
      y: null,
      price: 700,
      status: "AVAILABLE",
    });
    await assertLaws(office.sql);
  });

  test("every fault of added seats is named, and nothing is added", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 3 }]);
    const seats = [
      { ...PLAIN, seatNumber: 3 },
      { ...PLAIN, label: "2" },
      { ...PLAIN, seatNumber: 20, section: "R", label: "x" },
      { ...PLAIN, seatNumber: 20, section: "R", label: "x" },
      { ...PLAIN, section: "R", label: "y" },
      { ...PLAIN, section: "R", row: "1", label: "y" },
    ];
    const expected = [
      "seats[0].seatNumber",
      "seats[1].label",
      "seats[3].seatNumber",
      "seats[3].label",
    ];
    for (const dryRun of [false, true]) {
      deepEqual(await faults(office, () => add(office, date, seats, { dryRun })), expected);
    }
    const highest = [{ ...PLAIN, seatNumber: 1_000_000 }, PLAIN];
    deepEqual(await faults(office, () => add(office, date, highest)), ["seats[1].seatNumber"]);
    const schedule = {
      concertAt: rfc3339(office.clock.nowMs + 1),
      reservationAvailableAt: rfc3339(office.clock.nowMs),
      seats: [PLAIN, { ...PLAIN, seatNumber: 1 }, { ...PLAIN, seatNumber: 1 }],
    };
    deepEqual(
      await faults(office, () => office.seating.addSchedule(date.concertId, schedule, ALEX)),
      ["seats[2].seatNumber"],
    );
  });

  test("a dry run answers what would be added, and adds nothing", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const wanted = [PLAIN, { ...PLAIN, label: "B" }];
    const tried = await unchanged(office.sql, () => add(office, date, wanted, { dryRun: true }));
    const { added, seats } = must(tried);
    deepEqual([added, seats], [2, [
      { seatId: null, seatNumber: 2, label: "2" },
      { seatId: null, seatNumber: 3, label: "B" },
    ]]);
  });

  test("added seats bring a sold-out schedule back on sale (B5)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    must(await fan.pay([await fan.holdOne(date, nth(date.seatIds, 0))]));
    equal((await office.catalogue.get(date.concertId))?.status, "SOLD_OUT");
    const { seats } = must(await add(office, date, [PLAIN]));
    equal((await office.catalogue.get(date.concertId))?.status, "ON_SALE");
    await assertLaws(office.sql);
    deepEqual(await lastEntry(office), {
      action: "SEATS_ADDED",
      subject: String(date.concertId),
      by: ALEX,
      old: null,
      is: { scheduleId: date.scheduleId, seats: 1 },
    });
    equal((await newFan(office).holdOne(date, seats[0]!.seatId as SeatId)).price, 700);
  });

  test("a concert has a limited number of schedules and seats in all", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const { concertId } = date;
    const schedule = {
      concertAt: rfc3339(office.clock.nowMs + 1),
      reservationAvailableAt: rfc3339(office.clock.nowMs),
      salesEndAt: null,
      refundUntil: null,
      seats: [PLAIN],
    };
    const addOne = () => office.seating.addSchedule(concertId, schedule, ALEX);
    const { schedule: added } = must(await addOne());
    deepEqual(added.seats.map(({ seatNumber, label }) => [seatNumber, label]), [[1, "1"]]);
    equal((await lastEntry(office)).action, "SCHEDULE_ADDED");
    await office.sql(
      "update schedules set seat_count = 99998 where schedule_id = $1::bigint",
      [String(added.scheduleId)],
    );
    deepEqual(await faults(office, () => add(office, date, [PLAIN, PLAIN])), ["seats"]);
    must(await add(office, date, [PLAIN]));
    equal(MAX_SEATS_PER_CONCERT, 100_000);
    deepEqual(await faults(office, addOne), ["seats"]);
    await office.sql(
      "update schedules set seat_count = 1 where schedule_id = $1::bigint",
      [String(added.scheduleId)],
    );
    for (let schedules = 2; schedules < 100; schedules++) must(await addOne());
    deepEqual(await faults(office, addOne), ["body"]);
  });

  test("seats are added to a schedule of the concert alone", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const [foreign] = await putOnSale(office, [{ seats: 1 }]);
    const { concertId, scheduleId } = foreign;
    const cases = [
      [{ ...date, concertId: MISSING_ID as ConcertId }, "CONCERT_NOT_FOUND"],
      [{ ...date, scheduleId }, "SCHEDULE_NOT_FOUND"],
      [{ ...date, scheduleId: MISSING_ID as ScheduleId }, "SCHEDULE_NOT_FOUND"],
    ] as const;
    for (const [where, kind] of cases) {
      const seatId = nth(date.seatIds, 0);
      equal(refusalOf(await add(office, where, [PLAIN])).kind, kind);
      const outcome = await office.seating.changeSeat(where, seatId, { price: 1 }, ALEX);
      equal(refusalOf(outcome).kind, kind);
    }
    const elsewhere = { concertId, scheduleId };
    const outcome = await office.seating.changeSeat(elsewhere, nth(date.seatIds, 0), {}, ALEX);
    deepEqual(refusalOf(outcome), { kind: "SEAT_NOT_FOUND", seatIds: [nth(date.seatIds, 0)] });
  });

  test("a blocked seat reads SOLD, is not left, and comes back (B5)", async (office) => {
    const { catalogue, seating } = office;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const seatId = nth(date.seatIds, 0);
    const set = (status: "BLOCKED" | "AVAILABLE") =>
      seating.changeSeat(date, seatId, { status }, ALEX);
    const { seat, effects } = must(await set("BLOCKED"));
    equal(seat.status, "BLOCKED");
    deepEqual(effects, {
      concertsWithChangedSchedule: [date.concertId],
      changedConcerts: [date.concertId],
      rooms: ["main"],
    });
    const shown = must(await seatsShown(office, date)).seats;
    equal(shown[0]!.status, "SOLD");
    const { status, schedules } = (await catalogue.get(date.concertId))!;
    deepEqual([status, nth(schedules, 0).seatsLeft], ["SOLD_OUT", 0]);
    equal(refusalOf(await newFan(office).hold(date, [seatId])).kind, "SEAT_UNAVAILABLE");
    await assertLaws(office.sql);
    deepEqual(await lastEntry(office), {
      action: "SEAT_CHANGED",
      subject: String(date.concertId),
      by: ALEX,
      old: { seatId, scheduleId: date.scheduleId, price: 1000, status: "AVAILABLE" },
      is: { seatId, scheduleId: date.scheduleId, price: 1000, status: "BLOCKED" },
    });
    const again = must(await unchanged(office.sql, () => set("BLOCKED")));
    deepEqual(again.effects.changedConcerts, []);
    equal(must(await set("AVAILABLE")).seat.status, "AVAILABLE");
    await assertLaws(office.sql);
    equal((await newFan(office).holdOne(date, seatId)).status, "HELD");
  });

  test("a seat that is held or sold is not blocked, and a sold one keeps its price", async (office) => {
    const { seating } = office;
    const [date] = await putOnSale(office, [{ seats: 2, price: 500 }]);
    const [heldId, soldId] = [nth(date.seatIds, 0), nth(date.seatIds, 1)];
    const fan = await newRichFan(office);
    const held = await fan.holdOne(date, heldId);
    must(await fan.pay([await fan.holdOne(date, soldId)]));
    const refused = [
      [heldId, { status: "BLOCKED" }],
      [soldId, { status: "BLOCKED" }],
      [soldId, { status: "AVAILABLE" }],
      [soldId, { price: 1 }],
    ] as const;
    for (const [seatId, changes] of refused) {
      const act = () => seating.changeSeat(date, seatId, { price: 500, ...changes }, ALEX);
      const failure = refusalOf(await unchanged(office.sql, act));
      deepEqual(failure, { kind: "SEAT_UNAVAILABLE", seatIds: [seatId], ownReservations: [] });
    }
    const { seat } = must(await seating.changeSeat(date, heldId, { price: 900 }, ALEX));
    deepEqual([seat.price, seat.status], [900, "HELD"]);
    must(await fan.pay([held]));
    equal((await office.catalogue.get(date.concertId))!.schedules[0]!.revenue, 1000);
    await assertLaws(office.sql);
  });

  test("a seat whose hold has lapsed can be blocked", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const held = await fan.holdOne(date, nth(date.seatIds, 0));
    office.clock.nowMs = Date.parse(held.expiresAt);
    must(await office.seating.changeSeat(date, nth(date.seatIds, 0), { status: "BLOCKED" }, null));
    equal(refusalOf(await fan.pay([held])).kind, "RESERVATION_NOT_PAYABLE");
    await assertLaws(office.sql);
  });

  test("`seats()` shows operators each seat, and which are blocked", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 4, price: 500 }]);
    const fan = await newRichFan(office);
    const [held, sold, blocked] = [0, 1, 2].map((index) => nth(date.seatIds, index));
    await fan.holdOne(date, held!);
    must(await fan.pay([await fan.holdOne(date, sold!)]));
    must(await office.seating.changeSeat(date, blocked!, { status: "BLOCKED" }, null));
    const { seats, statuses } = must(await office.seating.seats(date));
    equal(statuses, "HSBA");
    deepEqual(seats[0], [held, 1, "1", null, null, null, null, 500]);
    equal(seats.length, 4);
    const { scheduleId } = date;
    const missing = { concertId: MISSING_ID as ConcertId, scheduleId };
    equal(refusalOf(await office.seating.seats(missing)).kind, "CONCERT_NOT_FOUND");
    const other = { ...date, scheduleId: MISSING_ID as ScheduleId };
    equal(refusalOf(await office.seating.seats(other)).kind, "SCHEDULE_NOT_FOUND");
  });
}
