import { rejects } from "node:assert/strict";
import { unchanged } from "./laws.ts";
import {
  type BoxOffice,
  must,
  newDraw,
  newFan,
  newPaymentId,
  newReservationId,
  newRichFan,
  newRoom,
  nth,
  type OfficeTest,
  putOnSale,
} from "./office.ts";

const UNIQUE_VIOLATION = "23505";
const CHECK_VIOLATION = "23514";

const INSERT_ROOM = `
  insert into rooms (room_id, state, opens_at, capacity, admissions_per_minute, admission_ttl_ms,
      hold_ttl_ms, poll_min_seconds, poll_max_seconds, version, changed_at)
    select $1, $2, $3::text::timestamptz, 1, 1, 1, 1, $4::text::integer, $5::text::integer, 1, now()`;

const INSERT_DRAW = `
  insert into draws (draw_id, room_id, seed, salt, created_at) values ($1, $2, $3, 'salt', now())`;

const COPY_RESERVATION = `
  insert into reservations (reservation_id, fan_id, schedule_id, seat_id, price, status, expires_at,
      created_at, place_room, place_epoch, place_order)
    select $1, fan_id, schedule_id, seat_id, price, $2, expires_at,
      created_at, place_room, place_epoch, place_order
    from reservations where reservation_id = $3`;

const COPY_PAYMENT = `
  insert into payments (payment_id, fan_id, reservation_id, amount, status, paid_at)
    select $1, fan_id, reservation_id, amount, status, paid_at from payments where payment_id = $2`;

async function mustRefuse(
  { sql }: BoxOffice,
  code: string,
  text: string,
  ...params: string[]
): Promise<void> {
  await unchanged(sql, () => rejects(sql(text, params), { code }));
}

/** The last line: what the tables refuse, were the functions ever wrong. */
export function schemaLaws(test: OfficeTest): void {
  test("the schema refuses a second live reservation of a seat (B1)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = await newRichFan(office);
    const [held, paid] = must(await fan.hold(date, date.seatIds));
    must(await fan.pay([paid!]));
    for (const { reservationId } of [held!, paid!]) {
      for (const status of ["HELD", "PAID"]) {
        const params = [newReservationId(), status, reservationId];
        await mustRefuse(office, UNIQUE_VIOLATION, COPY_RESERVATION, ...params);
      }
      // The same row is fine when it is not live: nothing but that is refused.
      await office.sql(COPY_RESERVATION, [newReservationId(), "CANCELLED", reservationId]);
    }
  });

  test("the schema refuses a negative balance (B3)", async (office) => {
    const fan = newFan(office);
    must(await fan.charge(1));
    const debit = "update balances set balance = balance - 2 where fan_id = $1";
    await mustRefuse(office, CHECK_VIOLATION, debit, fan.fan);
  });

  test("the schema refuses a second completed payment of a reservation (B4)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const { json } = must(await fan.pay([await fan.holdOne(date, nth(date.seatIds, 0))]));
    const [{ paymentId }] = JSON.parse(json).payments;
    await mustRefuse(office, UNIQUE_VIOLATION, COPY_PAYMENT, newPaymentId(), paymentId);
  });

  test("the schema refuses a room that cannot be", async (office) => {
    const anyTime = "2030-01-01T00:00:00Z";
    for (
      const [state, opensAt, min, max] of [
        ["AJAR", null, "2", "60"],
        ["OPEN", anyTime, "2", "60"],
        ["HELD", anyTime, "2", "60"],
        ["LOBBY", anyTime, "61", "60"],
        ["LOBBY", anyTime, "0", "60"],
      ]
    ) {
      const insert = office.sql(INSERT_ROOM, [crypto.randomUUID(), state!, opensAt!, min!, max!]);
      await rejects(insert, { code: CHECK_VIOLATION });
    }
    await office.sql(INSERT_ROOM, [crypto.randomUUID(), "LOBBY", anyTime, "60", "60"]);
  });

  test("the schema refuses a second draw of a room while one is to come", async (office) => {
    const room = await newRoom(office, { state: "LOBBY" });
    const { id, seed } = newDraw();
    await mustRefuse(office, UNIQUE_VIOLATION, INSERT_DRAW, id, room, seed);
    await mustRefuse(office, CHECK_VIOLATION, INSERT_DRAW, id, room, "short");
  });

  test("the schema refuses to sell more seats than a date has (B5)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const undercount =
      "update schedules set unsold_seats = -1 where schedule_id = $1::text::bigint";
    await mustRefuse(office, CHECK_VIOLATION, undercount, String(date.scheduleId));
  });
}
