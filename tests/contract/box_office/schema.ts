import { deepEqual, rejects } from "node:assert/strict";
import {
  MAX_CAPACITY,
  MAX_CHARGE,
  MAX_DURATION_SECONDS,
  MAX_SEAT_NUMBER,
  MAX_SEAT_PRICE,
  MAX_SEATS_PER_CONCERT,
} from "../../../src/domain/limits.ts";
import { unchanged } from "./laws.ts";
import {
  type BoxOffice,
  type ContractTest,
  must,
  newDraw,
  newFan,
  newPaymentId,
  newReservationId,
  newRichFan,
  newRoom,
  nth,
  putOnSale,
} from "./office.ts";

const FOREIGN_KEY_VIOLATION = "23503";
const UNIQUE_VIOLATION = "23505";
const CHECK_VIOLATION = "23514";

const INSERT_ROOM = `
  insert into rooms (room_id, state, opens_by_itself, gathers, ends_gathering, opens_at, capacity,
      admissions_per_minute, admission_ttl_ms, hold_ttl_ms, poll_min_seconds, poll_max_seconds,
      version, made_at, changed_at)
    select $1, $2::text, $3::text::boolean, $4::text::boolean, $5::text::boolean,
      '2030-01-01T00:00:00Z', 1, 1, 1, 1, $6::text::integer, $7::text::integer, 1, now(), now()`;

const INSERT_DRAW = `
  insert into draws (draw_id, room_id, seed, salt, created_at) values ($1, $2, $3, 'salt', now())`;

const COPY_RESERVATION = `
  insert into reservations (reservation_id, fan_id, schedule_id, seat_id, price, status, expires_at,
      created_at, cancelled_at, place_room, place_epoch, place_order)
    select $1, fan_id, schedule_id, seat_id, price, $2::text, expires_at,
      created_at, case when $2::text = 'CANCELLED' then created_at end,
      place_room, place_epoch, place_order
    from reservations where reservation_id = $3`;

const COPY_PAYMENT = `
  insert into payments (payment_id, fan_id, reservation_id, amount, status, paid_at)
    select $1, fan_id, reservation_id, amount, status, paid_at from payments where payment_id = $2`;

const REFERENCES = {
  draws: ["(room_id) REFERENCES rooms(room_id)"],
  audit_log: ["(room_id) REFERENCES rooms(room_id)"],
  concerts: ["(room_id) REFERENCES rooms(room_id)"],
  schedules: ["(concert_id) REFERENCES concerts(concert_id)"],
  seats: ["(schedule_id) REFERENCES schedules(schedule_id)"],
  reservations: [
    "(place_room) REFERENCES rooms(room_id)",
    "(seat_id, schedule_id) REFERENCES seats(seat_id, schedule_id)",
  ],
  payments: [
    "(fan_id) REFERENCES balances(fan_id) ON UPDATE CASCADE",
    "(reservation_id) REFERENCES reservations(reservation_id)",
  ],
  refund_jobs: [
    "(concert_id) REFERENCES concerts(concert_id)",
    "(schedule_id) REFERENCES schedules(schedule_id)",
  ],
  tickets: ["(reservation_id) REFERENCES reservations(reservation_id)"],
  deliveries: [
    "(sequence) REFERENCES events(sequence) ON DELETE CASCADE",
    "(webhook_id) REFERENCES webhooks(webhook_id) ON DELETE CASCADE",
  ],
  payment_history: ["(payment_id) REFERENCES payments(payment_id)"],
  ledger_entries: [
    "(fan_id) REFERENCES balances(fan_id) ON UPDATE CASCADE",
    "(payment_id) REFERENCES payments(payment_id)",
  ],
};
const EXPECTED_KEYS = Object.entries(REFERENCES)
  .flatMap(([table, keys]) => keys.map((key) => `${table}: FOREIGN KEY ${key}`)).sort();

const TABLES_WITHOUT_KEY = `
  select r.relname::text as name from pg_class r
    where r.relnamespace = 'public'::regnamespace and r.relkind in ('r', 'p')
      and not exists (select 1 from pg_constraint k where k.conrelid = r.oid and k.contype = 'p')`;

const FOREIGN_KEYS = `
  select conrelid::regclass::text as table, conname::text as name,
      pg_get_constraintdef(oid) as definition
    from pg_constraint
    where connamespace = 'public'::regnamespace and contype = 'f'`;

async function foreignKeys({ sql }: BoxOffice): Promise<string[]> {
  const rows = await sql(FOREIGN_KEYS, []);
  return rows.map(({ table, definition }) => `${table}: ${definition}`).sort();
}

/** Changes of all rows that the laws before have left, each out of the range of a column. */
const OUT_OF_RANGE = [
  "update seats set price = -1",
  "update seats set seat_number = 0",
  "update schedules set seat_count = 0",
  "update schedules set seats_left = seat_count + 1",
  "update schedules set sales_end_at = reservation_available_at",
  "update seats set sold = true, blocked = true",
  "update concerts set withdrawal_is_final = true",
  "update currency set is_only = false",
  "update currency set code = 'won'",
  "update reservations set status = 'LOST'",
  "update reservations set price = -1",
  "update reservations set expires_at = created_at - interval '1 millisecond'",
  "update payments set amount = -1",
  "update payments set status = 'LOST'",
  "update payment_history set amount = -1",
  "update payment_history set status = 'LOST'",
  "update refund_jobs set total = -1",
  "update refund_jobs set total_amount = -1",
  "update ledger_entries set kind = 'GIFT'",
  "update ledger_entries set amount = -amount where amount <> 0",
  "update ledger_entries set payment_id = null where kind = 'PAYMENT'",
];

async function mustRefuse(
  { sql }: BoxOffice,
  code: string,
  text: string,
  ...params: string[]
): Promise<void> {
  await unchanged(sql, () => rejects(sql(text, params), { code }));
}

/** The last line: what the tables refuse, were the functions ever wrong. */
export function schemaContract(test: ContractTest): void {
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
    const insert = (values: readonly string[]) =>
      office.sql(INSERT_ROOM, [crypto.randomUUID(), ...values]);
    for (
      const values of [
        ["ajar", "true", "true", "false", "2", "60"],
        ["AJAR", "false", "true", "false", "2", "60"],
        ["AJAR", "true", "true", "true", "2", "60"],
        ["AJAR", "true", "true", "false", "61", "60"],
        ["AJAR", "true", "true", "false", "0", "60"],
      ]
    ) await rejects(insert(values), { code: CHECK_VIOLATION });
    await insert(["AJAR", "true", "true", "false", "60", "60"]);
  });

  test("the schema refuses a second draw of a room while one is to come", async (office) => {
    const room = await newRoom(office, { state: "LOBBY" });
    const { id, seed } = newDraw();
    await mustRefuse(office, UNIQUE_VIOLATION, INSERT_DRAW, id, room, seed);
    await mustRefuse(office, CHECK_VIOLATION, INSERT_DRAW, id, room, "short");
  });

  test("the schema refuses to sell more seats than a schedule has (B5)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const undercount = "update schedules set seats_left = -1 where schedule_id = $1::text::bigint";
    await mustRefuse(office, CHECK_VIOLATION, undercount, String(date.scheduleId));
  });

  test("the schema refuses states and amounts out of their range", async (office) => {
    const [schedule] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    must(await fan.pay([await fan.holdOne(schedule, nth(schedule.seatIds, 0))]));
    for (const update of OUT_OF_RANGE) await mustRefuse(office, CHECK_VIOLATION, update);
  });

  test("the schema accepts the business limits, and nothing beyond them", async (office) => {
    const [{ scheduleId }] = await putOnSale(office, [{ seats: 1 }]);
    const fan = newFan(office);
    must(await fan.charge(MAX_CHARGE));
    const room = await newRoom(office);
    const maxMs = MAX_DURATION_SECONDS * 1000;
    const limits: [table: string, column: string, most: number, where: string, id: string][] = [
      ["seats", "price", MAX_SEAT_PRICE, "schedule_id::text", String(scheduleId)],
      ["seats", "seat_number", MAX_SEAT_NUMBER, "schedule_id::text", String(scheduleId)],
      ["schedules", "seat_count", MAX_SEATS_PER_CONCERT, "schedule_id::text", String(scheduleId)],
      ["ledger_entries", "amount", MAX_CHARGE, "fan_id", fan.fan],
      ["rooms", "capacity", MAX_CAPACITY, "room_id", room],
      ["rooms", "admissions_per_minute", MAX_CAPACITY, "room_id", room],
      ["rooms", "admission_ttl_ms", maxMs, "room_id", room],
      ["rooms", "hold_ttl_ms", maxMs, "room_id", room],
      ["rooms", "poll_max_seconds", MAX_DURATION_SECONDS, "room_id", room],
    ];
    for (const [table, column, most, where, id] of limits) {
      const update = `update ${table} set ${column} = $1::text::bigint where ${where} = $2`;
      await office.sql(update, [String(most), id]);
      await mustRefuse(office, CHECK_VIOLATION, update, String(most + 1), id);
    }
  });

  test("the schema refuses a reservation of another schedule than its seat's", async (office) => {
    const [one, other] = await putOnSale(office, [{ seats: 1 }, { seats: 1 }]);
    const { reservationId } = await newFan(office).holdOne(one, nth(one.seatIds, 0));
    const move = "update reservations set schedule_id = $1::text::bigint where reservation_id = $2";
    const params = [String(other.scheduleId), reservationId];
    await mustRefuse(office, FOREIGN_KEY_VIOLATION, move, ...params);
  });

  test("every table has a primary key, and every reference a foreign key", async (office) => {
    deepEqual(await office.sql(TABLES_WITHOUT_KEY, []), []);
    deepEqual(await foreignKeys(office), EXPECTED_KEYS);
  });

  test("the law of keys fails without any one of them", async (office) => {
    const { sql } = office;
    for (const { table, name, definition } of await sql(FOREIGN_KEYS, [])) {
      await sql(`alter table ${table} drop constraint ${name}`, []);
      const left = await foreignKeys(office);
      await sql(`alter table ${table} add constraint ${name} ${definition}`, []);
      deepEqual(left, EXPECTED_KEYS.filter((key) => key !== `${table}: ${definition}`));
    }
    await sql("alter table audit_log drop constraint audit_log_pkey", []);
    const without = await sql(TABLES_WITHOUT_KEY, []);
    await sql("alter table audit_log add primary key (entry_id)", []);
    deepEqual(without, [{ name: "audit_log" }]);
  });
}
