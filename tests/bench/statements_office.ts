import pg from "pg";
import { groups, shuffled } from "./statements_load.ts";
import { type PostgresDatabase, startTestPostgres } from "../support/postgres_server.ts";

/** Schedules of one concert each; the first is the hot one. */
const HOT_SEATS = 24_000;
const COLD_SCHEDULES = 1_000;
const COLD_SEATS = 24;
/** What was sold before: statements are planned for tables that hold something. */
const SOLD_BEFORE = 20_000;
export const FANS = 12_000;

export interface BenchOffice {
  readonly database: PostgresDatabase;
  /** One session a client, so that each keeps its own plans, as behind Neon's endpoint. */
  readonly sessions: readonly pg.Client[];
  readonly hotSeats: readonly string[];
  /** By schedule. */
  readonly coldSeats: readonly (readonly string[])[];
  close(): Promise<void>;
}

/** `share`: of the seats and schedules of a full run. */
function seed(share: number): string {
  const coldSchedules = Math.ceil(COLD_SCHEDULES * share);
  const hotSeats = Math.ceil(HOT_SEATS * share);
  const soldBefore = Math.ceil(SOLD_BEFORE * share);
  return `
  insert into rooms (room_id, state, opens_by_itself, gathers, ends_gathering, capacity,
      admission_ttl_ms, hold_ttl_ms, poll_min_seconds, poll_max_seconds, version, made_at,
      changed_at)
    values ('main', 'OPEN', false, false, true, 1000, 900000, 300000, 2, 60, 1, now(), now());
  insert into concerts (room_id, title, description, time_zone, created_at)
    select 'main', 'Ode', 'A concert', 'Asia/Seoul', now() from generate_series(1, ${
    coldSchedules + 2
  });
  insert into schedules (concert_id, concert_at, reservation_available_at, seat_count, seats_left)
    select c, now() + interval '30 days', now() - interval '1 day', n, n
      from generate_series(1, ${coldSchedules + 2}) c,
        lateral (select case c when 1 then ${hotSeats} when 2 then ${soldBefore}
          else ${COLD_SEATS} end as n) of;
  insert into seats (schedule_id, seat_number, label, price)
    select sc.schedule_id, n, n, 1000 from schedules sc, generate_series(1, sc.seat_count) n
      order by sc.schedule_id, n;
  insert into balances select 'fan-' || f, 1000000000 from generate_series(1, ${FANS}) f;
  insert into reservations (reservation_id, fan_id, schedule_id, seat_id, price, status,
      expires_at, created_at, place_room, place_epoch, place_order)
    select 'old-' || s.seat_id, 'fan-' || (s.seat_id % ${FANS} + 1), 2, s.seat_id, s.price, 'PAID',
      now(), now(), 'main', 'epoch', 7 from seats s where s.schedule_id = 2;
  update seats set sold = true where schedule_id = 2;
  insert into tickets (ticket_id, reservation_id)
    select reservation_id, reservation_id from reservations;
  insert into payments (payment_id, fan_id, reservation_id, amount, status, paid_at)
    select reservation_id, fan_id, reservation_id, price, 'COMPLETED', now() from reservations;
  insert into payment_history (payment_id, status, amount, at)
    select payment_id, status, amount, paid_at from payments;
  insert into ledger_entries (fan_id, kind, amount, payment_id, at)
    select fan_id, 'PAYMENT', -amount, payment_id, paid_at from payments;
  insert into idempotency_records (caller, route, key, body_hash, answer, created_at)
    select 'fan:' || fan_id, 'pay', payment_id, '', '', now() from payments;`;
}

/** As it was after the seed, with no dead rows left. */
const RESET = [
  // No foreign key is to be looked up for each row.
  "set session_replication_role = replica",
  "delete from ledger_entries where payment_id not like 'old-%'",
  "delete from payment_history where payment_id not like 'old-%'",
  "delete from payments where payment_id not like 'old-%'",
  "delete from tickets where ticket_id not like 'old-%'",
  "delete from reservations where schedule_id <> 2",
  "delete from idempotency_records where key not like 'old-%'",
  `update seats set sold = false, held_until = null
    where schedule_id <> 2 and (sold or held_until is not null)`,
  "update schedules set seats_left = seat_count where seats_left < seat_count",
  "set session_replication_role = origin",
];

/** A seeded office on a PostgreSQL of its own, with this many sessions. */
export async function openBenchOffice(clients: number, seedShare: number): Promise<BenchOffice> {
  const server = await startTestPostgres();
  const database = await server.createDatabase(1);
  await database.sql("alter system set autovacuum = off", []);
  await database.sql("select pg_reload_conf()", []);
  await database.sql(seed(seedShare), []);
  await database.sql("vacuum analyze", []);
  const rows = await database.sql(
    "select schedule_id::text, seat_id::text from seats where schedule_id <> 2 order by seat_id",
    [],
  );
  const seatsOf = Map.groupBy(rows, (row) => String(row["schedule_id"]));
  const [hotSeats, ...coldSeats] = [...seatsOf.values()].map((seats) =>
    seats.map((row) => String(row["seat_id"]))
  );
  const sessions = await Promise.all(Array.from({ length: clients }, async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    return client;
  }));
  return {
    database,
    sessions,
    hotSeats: hotSeats!,
    coldSeats,
    async close() {
      await Promise.all(sessions.map((session) => session.end()));
      await database.close();
      await server.stop();
    },
  };
}

/** Calls of every session before it is measured, in which it plans its statements. */
const WARM_UP_CALLS = 12;

/** Runs the first calls of every session, numbered apart, and resets the office. */
export async function warmUp(
  office: BenchOffice,
  act: (session: pg.Client, call: number) => Promise<unknown>,
): Promise<void> {
  await Promise.all(office.sessions.map(async (session, client) => {
    for (let call = 0; call < WARM_UP_CALLS; call++) {
      await act(session, client * WARM_UP_CALLS + call);
    }
  }));
  await reset(office);
}

/** The schedule of a seat; concerts were inserted in the order of their schedules. */
export function schedulesOf({ hotSeats, coldSeats }: BenchOffice): (seatId: string) => number {
  const schedules = new Map(
    [hotSeats, ...coldSeats].flatMap((seats, index) =>
      // Schedule 2 is the one that was sold before.
      seats.map((seatId) => [seatId, index === 0 ? 1 : index + 2] as const)
    ),
  );
  return (seatId) => schedules.get(seatId)!;
}

/** What is held or paid for, by place: groups of so many seats in a random order. */
export function placesOf({ hotSeats, coldSeats }: BenchOffice, random: () => number) {
  return {
    "one hot concert": (seats: number) => groups(shuffled(random, hotSeats), seats),
    "a thousand concerts": (seats: number) =>
      shuffled(random, coldSeats.flatMap((schedule) => groups(schedule, seats))),
  };
}

export async function reset({ database }: BenchOffice): Promise<void> {
  for (const text of RESET) await database.sql(text, []);
  await database.sql(
    "vacuum seats, reservations, tickets, payments, payment_history, ledger_entries, schedules, balances",
    [],
  );
}
