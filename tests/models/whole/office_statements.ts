import { BROKEN_LAWS } from "../../contract/box_office/laws.ts";

/** The laws of the box office on the rows, and those of one time: each row is a breach. */
const BROKEN = `${BROKEN_LAWS}
  union all
  select 'B1: seat ' || r.seat_id || ' is taken twice' from reservations r
    where r.status = 'PAID' or r.status = 'HELD' and r.expires_at > $1
    group by r.seat_id having count(*) > 1
  union all
  select 'B7: ' || r.fan_id || ' has ' || count(*) || ' seats of date ' || r.schedule_id
    from reservations r
    where r.status = 'PAID' or r.status = 'HELD' and r.expires_at > $1
    group by r.fan_id, r.schedule_id having count(*) > $2`;

/** What fans may see of each date. */
const STATE = `
  select json_agg(json_build_object(
      'scheduleId', d.schedule_id, 'concertId', d.concert_id, 'room', c.room_id,
      'opensAtMs', epoch_ms(d.reservation_available_at), 'endsAtMs', epoch_ms(d.ends_at),
      'isWithdrawn', d.withdrawn_at is not null or c.withdrawn_at is not null,
      'seats', (select json_agg(case when s.sold or s.blocked then -1
          else coalesce(epoch_ms(s.held_until), 0) end order by s.seat_number)
        from seats s where s.schedule_id = d.schedule_id))
    order by d.schedule_id)::text as state
  from schedules d join concerts c using (concert_id)`;

/**
 * Laws and state at one time, in one statement. It is prepared once for each database, because
 * planning takes longer than looking.
 */
export const LOOK_STATEMENT = `prepare look(timestamptz, integer) as
  select (select string_agg(broken, '; ') from (${BROKEN}) as laws) as broken,
    (${STATE}) as state`;

/** How many there are of these reservations or payments. */
export const MADE_STATEMENT = `prepare made(text[]) as
  select ((select count(*) from reservations r where r.reservation_id = any ($1))
    + (select count(*) from payments y where y.payment_id = any ($1)))::integer as made`;

/** The fans of reservations, payments and tickets. */
export const OWNERS_STATEMENT = `prepare owners(text[]) as
  select r.reservation_id as id, r.fan_id from reservations r where r.reservation_id = any ($1)
  union all
  select y.payment_id, y.fan_id from payments y where y.payment_id = any ($1)
  union all
  select t.ticket_id, r.fan_id from tickets t join reservations r using (reservation_id)
    where t.ticket_id = any ($1)`;

/** The tables that have a row with this name anywhere in it. */
export function tracesStatement(tables: readonly string[]): string {
  const rows = tables.map((table) => `select '${table}' as place, t::text as row from ${table} t`);
  return `prepare traces(text) as
  select string_agg(distinct place, ', ') as found from (${rows.join(" union all ")}) as rows
    where row ~ ('\\m' || $1 || '\\M')`;
}
