import type { LedgerEntry } from "../../domain/booking.ts";
import {
  type FanRecords,
  MAX_ENDED_HOLDS_OF_FAN,
  MAX_PAYMENTS_OF_FAN,
  type SupportRecords,
} from "../../ports/support_records.ts";
import { PAYMENT_JSON, queryPage } from "./page.ts";
import { type ActTime, databaseTime, queryJson, type Sql } from "./sql.ts";

const OF_FAN = `
  with now as (select act_time($2::text::timestamptz) as at),
  paid as (
    select * from payments y where y.fan_id = $1::text
    order by y.paid_at desc, y.sequence desc limit ${MAX_PAYMENTS_OF_FAN}
  ),
  ended as (
    select r.* from reservations r, now
    where r.fan_id = $1::text
      and reservation_status(r.status, r.expires_at, now.at) in ('EXPIRED', 'CANCELLED')
    order by r.created_at desc, r.sequence desc limit ${MAX_ENDED_HOLDS_OF_FAN}
  )
  select json_build_object(
    'balance', coalesce((select b.balance from balances b where b.fan_id = $1::text), 0),
    'holds', (
      select coalesce(reservations_json(
          array_agg(r.reservation_id order by r.created_at desc, r.sequence desc), now.at), '[]')
      from reservations r
      where r.fan_id = $1::text and r.status = 'HELD' and r.expires_at > now.at),
    'payments', (
      select coalesce(
        json_agg(json_build_object(${PAYMENT_JSON}) order by y.paid_at desc, y.sequence desc), '[]')
      from paid y),
    'endedHolds', (
      select coalesce(reservations_json(
          array_agg(r.reservation_id order by r.created_at desc, r.sequence desc), now.at), '[]')
      from ended r),
    'tickets', (
      select coalesce(tickets_json(
          array_agg(t.ticket_id order by y.paid_at desc, y.sequence desc)), '[]')
      from paid y join tickets t on t.reservation_id = y.reservation_id))::text as result
  from now`;

// The entries of a fan are numbered in the order in which they changed the balance.
const LEDGER_OF = `
  with page as (
    select * from ledger_entries e
    where e.fan_id = $1::text and ($2::text is null or e.entry_id < $3::text::bigint)
    order by e.entry_id desc
    limit $4::text::integer
  )
  select json_build_object(
    'items', json_agg(json_build_object('entryId', entry_id::text, 'kind', kind,
        'amount', amount, 'reference', payment_id, 'operator', operator, 'reason', reason,
        'at', rfc3339(at)) order by entry_id desc),
    'marks', json_agg(json_build_object('atMs', epoch_ms(at), 'sequence', entry_id)
      order by entry_id desc))::text as result
  from page`;

/** What support looks up, in PostgreSQL. */
export function postgresSupportRecords(
  { sql, actTime = databaseTime }: { sql: Sql; actTime?: ActTime },
): SupportRecords {
  return {
    async ofFan(fan) {
      const found = await queryJson<FanRecords>(sql, OF_FAN, [fan, actTime()]);
      return found ?? { balance: 0, holds: [], payments: [], endedHolds: [], tickets: [] };
    },
    async ledgerOf(fan, page) {
      const found = await queryPage<LedgerEntry>(sql, LEDGER_OF, fan, page);
      return found ?? { items: [], next: null };
    },
  };
}
