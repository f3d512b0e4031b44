import { deepEqual, equal, notEqual } from "node:assert/strict";
import type { RoomId } from "../../../src/domain/ids.ts";
import type { NewConcert } from "../../../src/ports/catalogue.ts";
import type { RecordedAnswer } from "../../../src/ports/idempotency.ts";
import { countOf, unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type ContractTest,
  HOLD_TTL_MS,
  must,
  newDraw,
  newFan,
  newOnce,
  newRichFan,
  newRoom,
  nth,
  PRICE,
  putOnSale,
  refusalOf,
  RICH,
} from "../box_office/office.ts";

const OTHER_BODY = { bodyHash: "b".repeat(64) };
const REUSED = { kind: "IDEMPOTENCY_KEY_REUSED" };
const DAY_MS = 86_400_000;
const CONCERT: NewConcert = {
  title: "Ode",
  description: "",
  venue: null,
  timeZone: "Asia/Seoul",
  schedules: [{
    concertAt: "2100-01-01T00:00:00.000Z",
    reservationAvailableAt: "2099-01-01T00:00:00.000Z",
    seats: [{ seatNumber: 1, price: PRICE, section: null, row: null, x: null, y: null }],
  }],
};

/** What a repeat gets. */
function again<Effects>(first: RecordedAnswer<Effects>): RecordedAnswer<Effects> {
  equal(first.replayed, false);
  return { ...first, replayed: true };
}

export function idempotencyContract(test: ContractTest): void {
  test("`pay()` sent again gives the same bytes and has no second effect (B4)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = await newRichFan(office);
    const held = must(await fan.hold(date, date.seatIds));
    const once = newOnce("pay");
    const first = must(await fan.pay(held, once));
    deepEqual(first.effects.changedConcerts, [date.concertId]);
    office.clock.nowMs += HOLD_TTL_MS;
    deepEqual(must(await unchanged(office.sql, () => fan.pay(held, once))), again(first));
  });

  test("`charge()` sent again gives the same bytes and has no second effect", async (office) => {
    const fan = newFan(office);
    const once = newOnce("charge");
    const first = must(await fan.charge(500, once));
    must(await fan.charge(1));
    deepEqual(must(await unchanged(office.sql, () => fan.charge(500, once))), again(first));
    equal(await office.accounts.balance(fan.fan), 501);
  });

  test("`holdAll()` sent again gives the same bytes, also when the hold is over", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = newFan(office);
    const once = newOnce("hold");
    const hold = () => fan.holdAll(date, date.seatIds, { once });
    const first = must(await hold());
    deepEqual(must(await unchanged(office.sql, hold)), again(first));
    const other = { ...once, ...OTHER_BODY };
    const reused = () => fan.holdAll(date, date.seatIds, { once: other });
    deepEqual(refusalOf(await unchanged(office.sql, reused)), REUSED);
    office.clock.nowMs += HOLD_TTL_MS;
    must(await newFan(office).hold(date, date.seatIds));
    deepEqual(must(await unchanged(office.sql, hold)), again(first));
  });

  test("a refused hold leaves the key free", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const once = newOnce("hold");
    const reservation = await newFan(office).holdOne(date, nth(date.seatIds, 0));
    const fan = newFan(office);
    const hold = () => fan.holdAll(date, date.seatIds, { once });
    equal(refusalOf(await unchanged(office.sql, hold)).kind, "SEAT_UNAVAILABLE");
    office.clock.nowMs = Date.parse(reservation.expiresAt);
    equal(must(await hold()).replayed, false);
  });

  test("a key is not recorded where none was sent", async (office) => {
    const records = "select count(*) from idempotency_records";
    const before = await countOf(office.sql, records);
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    must(await newFan(office).hold(date, date.seatIds));
    equal(await countOf(office.sql, records), before);
  });

  test("`create()` of a concert sent again creates no second one", async (office) => {
    const once = newOnce("create");
    const create = () => office.catalogue.create(CONCERT, ALEX, once);
    const first = must(await create());
    equal(first.replayed, false);
    office.clock.nowMs += 1;
    deepEqual(must(await unchanged(office.sql, create)), { ...first, replayed: true });
    const other = { ...once, ...OTHER_BODY };
    const reused = () => office.catalogue.create(CONCERT, ALEX, other);
    deepEqual(refusalOf(await unchanged(office.sql, reused)), REUSED);
    const stranger = { ...once, caller: "operator:kim" };
    notEqual(
      must(await office.catalogue.create(CONCERT, ALEX, stranger)).concertId,
      first.concertId,
    );
  });

  test("`create()` of a room sent again gives the room as it was made", async (office) => {
    const { rooms, clock, sql } = office;
    const room = `once-${crypto.randomUUID().slice(0, 8)}` as RoomId;
    const once = newOnce("create");
    const line = { gathered: 1, waiting: 2, admitted: 3, parked: 4, admittedLastMinute: 5 };
    const create = (given = once) =>
      rooms.create(room, { capacity: 7 }, newDraw(), ALEX, { line, once: given });
    const first = must(await create());
    deepEqual([first.line, first.replayed], [line, false]);
    clock.nowMs += 1000;
    must(await rooms.change(room, { capacity: 8 }, newDraw(), ALEX));
    deepEqual(must(await unchanged(sql, create)), { ...first, replayed: true });
    deepEqual(refusalOf(await unchanged(sql, () => create({ ...once, ...OTHER_BODY }))), REUSED);
    deepEqual(refusalOf(await unchanged(sql, () => create(newOnce("create")))), {
      kind: "ROOM_EXISTS",
    });
  });

  test("schedules and seats are added once with one key, and a dry run leaves it free", async (office) => {
    const { seating, sql } = office;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const { concertId } = date;
    const [schedule] = CONCERT.schedules;
    const onceSchedule = newOnce("schedule");
    const addSchedule = () => seating.addSchedule(concertId, schedule!, ALEX, onceSchedule);
    const added = must(await addSchedule());
    equal(added.replayed, false);
    deepEqual(must(await unchanged(sql, addSchedule)), { ...added, replayed: true });

    const once = newOnce("seats");
    const seats = [{ price: PRICE, section: null, row: null, x: null, y: null }];
    const addSeats = (dryRun: boolean, given = once) =>
      seating.addSeats(date, seats, { dryRun }, ALEX, given);
    must(await unchanged(sql, () => addSeats(true)));
    const first = must(await addSeats(false));
    equal(first.replayed, false);
    deepEqual(must(await unchanged(sql, () => addSeats(false))), { ...first, replayed: true });
    const other = { ...once, ...OTHER_BODY };
    deepEqual(refusalOf(await unchanged(sql, () => addSeats(false, other))), REUSED);
  });

  test("an act outside of PostgreSQL is recorded with its entry, once", async (office) => {
    const { recordedAnswers, auditLog, sql } = office;
    const room = await newRoom(office);
    const once = newOnce("promote");
    const entry = { ...ALEX, action: "PROMOTED", room, subject: null, old: null, new: {} } as const;
    const done = { once, answer: { b: 1, a: [2] }, effects: { room }, entry };
    equal(must(await unchanged(sql, () => recordedAnswers.find(once))), null);
    const first = must(await recordedAnswers.record(done));
    deepEqual(first, { json: '{"b":1,"a":[2]}', effects: { room }, replayed: false });
    const repeat = () => recordedAnswers.record({ ...done, answer: "another" });
    deepEqual(must(await unchanged(sql, repeat)), again(first));
    deepEqual(must(await unchanged(sql, () => recordedAnswers.find(once))), again(first));
    const other = { ...once, ...OTHER_BODY };
    deepEqual(refusalOf(await recordedAnswers.find(other)), REUSED);
    const { items } = await auditLog.list(room, { limit: 10, after: null });
    deepEqual(items.map(({ action }) => action), ["PROMOTED", "ROOM_CREATED"]);
  });

  test("a key sent with another body is refused", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = await newRichFan(office);
    const [first, second] = must(await fan.hold(date, date.seatIds));
    const once = newOnce("pay");
    must(await fan.pay([first!], once));
    const payAgain = () => fan.pay([second!], { ...once, ...OTHER_BODY });
    deepEqual(refusalOf(await unchanged(office.sql, payAgain)), REUSED);
    const charge = newOnce("charge");
    must(await fan.charge(1, charge));
    const chargeAgain = () => fan.charge(2, { ...charge, ...OTHER_BODY });
    deepEqual(refusalOf(await unchanged(office.sql, chargeAgain)), REUSED);
  });

  test("a refusal leaves the key free, for any body", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = newFan(office);
    const held = must(await fan.hold(date, date.seatIds));
    const once = newOnce("pay");
    equal(refusalOf(await fan.pay(held, once)).kind, "INSUFFICIENT_BALANCE");
    must(await fan.charge(PRICE));
    equal(JSON.parse(must(await fan.pay(held, { ...once, ...OTHER_BODY })).json).balance, 0);
  });

  test("a key belongs to one fan", async (office) => {
    const once = newOnce("charge");
    const [fan, other] = [newFan(office), newFan(office)];
    must(await fan.charge(10, once));
    must(await other.charge(20, { ...once, ...OTHER_BODY }));
    deepEqual(
      [await office.accounts.balance(fan.fan), await office.accounts.balance(other.fan)],
      [10, 20],
    );
  });

  test("a key belongs to one route", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = newFan(office);
    const once = newOnce("charge");
    must(await fan.charge(PRICE, once));
    must(await fan.charge(RICH, { ...once, route: "operator charge" }));
    const held = [await fan.holdOne(date, nth(date.seatIds, 0))];
    must(await fan.pay(held, { ...once, route: "pay" }));
    equal(await office.accounts.balance(fan.fan), RICH);
  });

  test("a replay works for at least 24 hours, sweeps and all", async (office) => {
    const fan = newFan(office);
    const once = newOnce("charge");
    const first = must(await fan.charge(5, once));
    office.clock.nowMs += DAY_MS;
    await office.bookings.sweep(1000);
    deepEqual(must(await fan.charge(5, once)), again(first));
    notEqual(must(await fan.charge(5)).json, first.json);
  });
}
