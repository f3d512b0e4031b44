import type { Sql } from "../../../src/adapters/postgres/sql.ts";

/** How much there is to read through. */
export interface CatalogueSize {
  /** On sale, each with as many dates, each with as many seats. */
  readonly concerts: number;
  readonly datesOfConcert: number;
  readonly seatsOfDate: number;
  /** Of sold-out concerts of the past, a seat each. */
  readonly payments: number;
  readonly fans: number;
  /** Seats on sale that are held now, and as many whose hold has lapsed and is not swept. */
  readonly holds: number;
  /** Idempotency records, half of them old enough to be swept, and as many audit records. */
  readonly records: number;
}

/** The first concert on sale; those of the past come after the last. */
export const CONCERT_ON_SALE = 1;
export const A_FAN = "fan-1";
/** Rooms without concerts, one with few entries in the audit log. */
export const SMALL_ROOM = "small";
export const QUIET_ROOM = "quiet";

/**
 * Rows by `generate_series`, with the indexes made afterwards and no foreign key looked up, since
 * ten million rows would otherwise take hours; then the planner's statistics.
 */
export async function fillCatalogue(sql: Sql, size: CatalogueSize): Promise<void> {
  const indexes = await sql(
    `select indexname::text as name, indexdef::text as text from pg_indexes
      where schemaname = 'public' and indexname not in (select conname from pg_constraint)`,
    [],
  );
  for (const { name } of indexes) await sql(`drop index ${name}`, []);
  await sql("set session_replication_role = replica", []);
  for (const text of rows(size)) await sql(text, []);
  await sql("set session_replication_role = origin", []);
  for (const { text } of indexes) await sql(String(text), []);
  await sql("vacuum analyze", []);
}

function rows(size: CatalogueSize): string[] {
  const { concerts, datesOfConcert, seatsOfDate, payments, fans, holds, records } = size;
  const pastConcerts = Math.ceil(payments / (datesOfConcert * seatsOfDate));
  const seatsOnSale = concerts * datesOfConcert * seatsOfDate;
  const fan = (n: string) => `'fan-' || (${n} % ${fans} + 1)`;
  const daysAgo = (n: string) =>
    `date_trunc('milliseconds', now() - interval '3 years' * (${payments} - ${n}) / ${payments})`;
  return [
    `insert into rooms (room_id, state, opens_by_itself, gathers, ends_gathering, capacity,
        admission_ttl_ms, hold_ttl_ms, poll_min_seconds, poll_max_seconds, version, made_at,
        changed_at, had_concert)
      select room, 'OPEN', false, false, true, 1000, 900000, 300000, 2, 60, 1, now(), now(), true
      from unnest(array['main', '${SMALL_ROOM}', '${QUIET_ROOM}', 'room-0', 'room-1', 'room-2']) room`,
    `insert into concerts (room_id, title, description, venue, time_zone, created_at)
      select 'main', 'Concert ' || n, 'A concert of many', 'Hall ' || n % 50, 'Asia/Seoul', now()
      from generate_series(1, ${concerts + pastConcerts}) n`,
    // Every tenth date on sale has still to open.
    `insert into schedules (concert_id, concert_at, reservation_available_at, seat_count, seats_left)
      select c, now() + (d * interval '1 day') * case when c <= ${concerts} then 1 else -30 end,
        case when c <= ${concerts} and d % 10 = 0 then now() + c * interval '1 minute'
          else now() - d * interval '30 days' - interval '40 days' end,
        ${seatsOfDate}, case when c <= ${concerts} then ${seatsOfDate} else 0 end
      from generate_series(1, ${concerts + pastConcerts}) c, generate_series(1, ${datesOfConcert}) d
      order by c, d`,
    `insert into seats (schedule_id, seat_number, label, section, row_name, x, y, price, sold)
      select d.schedule_id, n, n, 'A', (n / 20)::text, n % 20, n / 20, 1000, d.seats_left = 0
      from schedules d, generate_series(1, ${seatsOfDate}) n order by d.schedule_id, n`,
    `insert into balances (fan_id, balance)
      select 'fan-' || n, 1000000 from generate_series(1, ${fans}) n`,
    `insert into reservations (reservation_id, fan_id, schedule_id, seat_id, price, status,
        expires_at, created_at, place_room, place_epoch, place_order)
      select 'rsv_' || md5(n::text), ${fan("n")}, s.schedule_id, s.seat_id, s.price, 'PAID',
        ${daysAgo("n")}, ${daysAgo("n")}, 'main', 'epoch', n
      from generate_series(1, ${payments}) n join seats s on s.seat_id = n + ${seatsOnSale}`,
    `insert into payments (payment_id, fan_id, reservation_id, amount, status, paid_at)
      select 'pay_' || md5(place_order::text), fan_id, reservation_id, price, 'COMPLETED', created_at
      from reservations`,
    `insert into tickets (ticket_id, reservation_id)
      select 'tkt_' || place_order, reservation_id from reservations`,
    `insert into payment_history (payment_id, status, amount, at)
      select payment_id, status, amount, paid_at from payments`,
    `insert into ledger_entries (fan_id, kind, amount, payment_id, at)
      select fan_id, 'PAYMENT', -amount, payment_id, paid_at from payments`,
    // Spread over all dates: held ones first, then as many whose hold has lapsed.
    `insert into reservations (reservation_id, fan_id, schedule_id, seat_id, price, status,
        expires_at, created_at, place_room, place_epoch, place_order)
      select 'rsv_held_' || n, ${fan("n")}, s.schedule_id, s.seat_id, s.price, 'HELD',
        now() + interval '1 hour' * case when n <= ${holds} then 1 else -1 end,
        now() - interval '2 hours', 'main', 'epoch', n
      from generate_series(1, ${2 * holds}) n
      join seats s on s.seat_id = n::bigint * ${Math.floor(seatsOnSale / (2 * holds))}`,
    `update seats s set held_until = r.expires_at from reservations r
      where r.seat_id = s.seat_id and r.status = 'HELD'`,
    `insert into idempotency_records (caller, route, key, body_hash, answer, created_at)
      select 'fan:' || ${
      fan("n")
    }, 'pay', 'key-' || n, repeat('a', 64), repeat('{"payments":[]}', 20),
        now() - interval '2 days' * (n % 2)
      from generate_series(1, ${records}) n`,
    // Of a few rooms, and of one that hardly anything was done in.
    `insert into audit_log (at, operator, action, room_id, old, new)
      select ${daysAgo("n")}, 'alex', 'ROOM_CHANGED',
        case when n % 1000 = 0 then '${QUIET_ROOM}' else 'room-' || n % 3 end, '{"capacity": 1}',
        '{"capacity": 2}'
      from generate_series(1, ${records}) n`,
  ];
}
