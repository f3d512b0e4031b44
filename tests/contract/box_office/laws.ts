import { deepEqual, equal } from "node:assert/strict";
import type { Sql } from "../../../src/adapters/postgres/sql.ts";

/** The laws of the box office as queries: each row is a violation, and says it in `broken`. */
export const BROKEN_LAWS = `
  select 'B1: the sold seat ' || s.seat_id || ' has not one paid reservation' as broken from seats s
    where s.sold <> (1 = (
      select count(*) from reservations r where r.seat_id = s.seat_id and r.status = 'PAID'))
  union all
  select 'B1: seat ' || r.seat_id || ' does not know its hold' from reservations r
    join seats s using (seat_id)
    where r.status = 'HELD' and s.held_until is distinct from r.expires_at
  union all
  select 'B3: the balance of ' || b.fan_id || ' is not the sum of its ledger' from balances b
    where b.balance < 0 or b.balance <> (
      select coalesce(sum(e.amount), 0) from ledger_entries e where e.fan_id = b.fan_id)
  union all
  select 'B3: payment ' || y.payment_id || ' is not in the ledger once' from payments y
    where 1 <> (select count(*) from ledger_entries e
      where e.payment_id = y.payment_id and e.kind = 'PAYMENT' and e.amount = -y.amount
        and e.fan_id = y.fan_id)
  union all
  select 'B3: the refund of ' || y.payment_id || ' is not in the ledger once' from payments y
    where (y.status = 'REFUNDED')::integer <> (select count(*) from ledger_entries e
      where e.payment_id = y.payment_id and e.kind = 'REFUND' and e.amount = y.amount
        and e.fan_id = y.fan_id)
  union all
  select 'B4: ' || r.status || ' reservation ' || r.reservation_id || ' and its payments'
    from reservations r
    where (select count(*) from payments y where y.reservation_id = r.reservation_id)
      <> case when r.status in ('PAID', 'REFUNDED') then 1 else 0 end
  union all
  select 'B4: ' || r.status || ' reservation ' || r.reservation_id || ' and its tickets'
    from reservations r
    where (select count(*) from tickets t where t.reservation_id = r.reservation_id)
      <> case when r.status in ('PAID', 'REFUNDED') then 1 else 0 end
  union all
  select 'B5: date ' || d.schedule_id || ' miscounts the seats left' from schedules d
    where d.seats_left <> (
      select count(*) from seats s
        where s.schedule_id = d.schedule_id and not s.sold and not s.blocked)`;

export async function assertLaws(sql: Sql): Promise<void> {
  deepEqual(await sql(BROKEN_LAWS, []), []);
}

/** A fingerprint of every row of every table. */
async function everyRow(sql: Sql): Promise<string> {
  const tables = await sql(
    "select tablename::text as name from pg_tables where schemaname = 'public' order by 1",
    [],
  );
  const prints = tables.map(({ name }) =>
    `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as print from ${name} t`
  );
  return JSON.stringify(await sql(prints.join(" union all "), []));
}

/** Runs what is to be refused, and sees that it leaves no trace at all. */
export async function unchanged<Answer>(sql: Sql, act: () => Promise<Answer>): Promise<Answer> {
  const before = await everyRow(sql);
  const answer = await act();
  equal(await everyRow(sql), before, "a refusal changed something");
  return answer;
}

export async function countOf(sql: Sql, text: string, ...params: string[]): Promise<number> {
  const [row] = await sql(`select (${text})::integer as count`, params);
  return Number(row?.["count"]);
}
