/**
 * Holding seats in an interactive transaction of the client, a round trip a statement, against our
 * hold, which is one function call: 16 clients on a dozen seats of one schedule, whose holds lapse at
 * once. Row locks are held for as long as the trips between them take.
 */
import { postgresBookings } from "../../src/adapters/postgres/bookings.ts";
import type { Sql } from "../../src/adapters/postgres/sql.ts";
import type { FanId, ReservationId, SeatId } from "../../src/domain/ids.ts";
import { type ConcertId, MAIN_ROOM, type ScheduleId } from "../../src/domain/ids.ts";
import { seededRandom } from "../support/random.ts";
import { type PostgresDatabase, startTestPostgres } from "../support/postgres_server.ts";
import { ratioSpread, requireMeasured, type Spread, spread } from "./measure.ts";

const SEATS = 12;
const SEATS_A_HOLD = 2;
const HOLD_TTL_MS = 1;
const SEAT_LIMIT = 50;
const SEED = 20_300_101;

const SALE = `
  insert into rooms (room_id, state, opens_by_itself, gathers, ends_gathering, capacity,
      admission_ttl_ms, hold_ttl_ms, poll_min_seconds, poll_max_seconds, version, made_at,
      changed_at)
    values ('main', 'OPEN', false, false, true, 1000, 900000, 300000, 2, 60, 1, now(), now());
  insert into concerts (room_id, title, description, time_zone, created_at)
    values ('main', 'Ode', 'A concert', 'Asia/Seoul', now());
  insert into schedules (concert_id, concert_at, reservation_available_at, seat_count, seats_left)
    values (1, now() + interval '30 days', now() - interval '1 day', ${SEATS}, ${SEATS});
  insert into seats (schedule_id, seat_number, label, price)
    select 1, n, n, 1000 from generate_series(1, ${SEATS}) n;`;
/** Nothing held, and no dead rows left. */
const RESET = [
  "truncate reservations cascade",
  "update seats set held_until = null",
  "vacuum seats",
];

const LOCK = `
  select seat_id, price, held_until is not null as lapsed,
      not sold and coalesce(held_until, '-infinity') <= clock_timestamp() as free
    from seats where seat_id = any ($1::text::bigint[]) order by seat_id for update`;
const HOLD = `
  update seats set held_until = clock_timestamp() + interval '1 millisecond' * $2::text::integer
    where seat_id = any ($1::text::bigint[])`;
const LAPSE = `
  update reservations set status = 'EXPIRED'
    where seat_id = any ($1::text::bigint[]) and status = 'HELD'`;
const RESERVE = `
  insert into reservations (reservation_id, fan_id, schedule_id, seat_id, price, status,
      expires_at, created_at, place_room, place_epoch, place_order)
    select reservation_id, $1::text, 1, s.seat_id, s.price, 'HELD', s.held_until,
      s.held_until - interval '${HOLD_TTL_MS} milliseconds', 'main', 'epoch', 7
    from unnest($2::text::bigint[], $3::text::text[]) held(seat_id, reservation_id)
    join seats s using (seat_id)`;

interface Wish {
  readonly fan: string;
  readonly seats: readonly { readonly seatId: number; readonly reservationId: string }[];
}

/** Whether the seats were got. */
type Hold = (sql: Sql, wish: Wish) => Promise<boolean>;

const oneCall: Hold = async (sql, { fan, seats }) => {
  const held = await postgresBookings({ sql }).holdAll({
    fan: fan as FanId,
    place: { room: MAIN_ROOM, fan: fan as FanId, epoch: "epoch", order: 7 },
    concertId: 1 as ConcertId,
    scheduleId: 1 as ScheduleId,
    seats: seats.map(({ seatId, reservationId }) => ({
      seatId: seatId as SeatId,
      reservationId: reservationId as ReservationId,
    })),
    holdTtlMs: HOLD_TTL_MS,
    seatLimit: SEAT_LIMIT,
  });
  return held.ok;
};

const interactive: Hold = async (sql, { fan, seats }) => {
  const seatIds = `{${seats.map(({ seatId }) => seatId)}}`;
  await sql("begin", []);
  const locked = await sql(LOCK, [seatIds]);
  if (!locked.every(({ free }) => free)) {
    await sql("rollback", []);
    return false;
  }
  await sql(HOLD, [seatIds, `${HOLD_TTL_MS}`]);
  if (locked.some(({ lapsed }) => lapsed)) await sql(LAPSE, [seatIds]);
  await sql(RESERVE, [fan, seatIds, `{${seats.map(({ reservationId }) => reservationId)}}`]);
  await sql("commit", []);
  return true;
};

export const HOLDS = { "one call": oneCall, "interactive": interactive } as const;

export interface TransactionsSize {
  readonly clients: number;
  readonly rounds: number;
  readonly sliceMs: number;
  /** What is added to each round trip: nothing, and what a region's network adds. */
  readonly tripsMs: readonly number[];
}

export interface TransactionFigures {
  /** Added to each round trip. */
  readonly tripMs: number;
  /** Holds got a second. */
  readonly perSecond: Readonly<Record<keyof typeof HOLDS, Spread>>;
  /** Of the rounds: one call's figure to the other's. */
  readonly ratio: Spread;
}

export async function measureTransactions(
  { clients, rounds: count, sliceMs, tripsMs }: TransactionsSize,
): Promise<TransactionFigures[]> {
  const server = await startTestPostgres();
  const database = await server.createDatabase(1);
  const sessions = await Promise.all(Array.from({ length: clients }, () => database.connect()));
  try {
    await database.sql(SALE, []);
    const figures: TransactionFigures[] = [];
    for (const tripMs of tripsMs) {
      const sqls = sessions.map(({ sql }) => farther(sql, tripMs));
      const rounds: Record<keyof typeof HOLDS, number[]> = { "one call": [], "interactive": [] };
      for (let round = 0; round <= count; round++) {
        for (const [name, hold] of Object.entries(HOLDS)) {
          const perSecond = await holdsPerSecond(database, sqls, hold, sliceMs);
          // The first round warms up.
          if (round > 0) rounds[name as keyof typeof HOLDS].push(perSecond);
        }
      }
      const { "one call": ours, interactive: theirs } = rounds;
      requireMeasured("holds in one call a second", ours);
      requireMeasured("holds in a transaction a second", theirs);
      figures.push({
        tripMs,
        perSecond: { "one call": spread(ours), "interactive": spread(theirs) },
        ratio: ratioSpread(ours, theirs),
      });
    }
    return figures;
  } finally {
    for (const session of sessions) await session.close();
    await database.close();
    await server.stop();
  }
}

/** The same session, so much farther away. */
function farther(sql: Sql, tripMs: number): Sql {
  if (tripMs === 0) return sql;
  return async (text, params) => {
    await new Promise((resolve) => setTimeout(resolve, tripMs));
    return await sql(text, params);
  };
}

async function holdsPerSecond(
  database: PostgresDatabase,
  sqls: readonly Sql[],
  hold: Hold,
  sliceMs: number,
): Promise<number> {
  for (const text of RESET) await database.sql(text, []);
  const random = seededRandom(SEED);
  const startedMs = performance.now();
  let [calls, got] = [0, 0];
  await Promise.all(sqls.map(async (sql) => {
    do {
      const call = calls++;
      const first = Math.floor(random() * SEATS);
      const seats = Array.from({ length: SEATS_A_HOLD }, (_, at) => ({
        seatId: (first + at * 5) % SEATS + 1,
        reservationId: `rsv-${call}-${at}`,
      }));
      if (await hold(sql, { fan: `fan-${call}`, seats })) got++;
    } while (performance.now() - startedMs < sliceMs);
  }));
  return got * 1000 / (performance.now() - startedMs);
}
