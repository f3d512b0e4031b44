import type { Sale, Sales, SalesMinute } from "../../ports/sales.ts";
import { queryPage } from "./page.ts";
import { type ActTime, databaseTime, queryJson, type Sql } from "./sql.ts";

// The statement is planned with its parameters, so that filters that are null are not in the plan.
const SALES_OF = `
  with sales as (
    select y.*, r.schedule_id, r.seat_id, s.seat_number, s.label, s.section, s.row_name
    from schedules sc
    join reservations r on r.schedule_id = sc.schedule_id and r.status in ('PAID', 'REFUNDED')
    join payments y on y.reservation_id = r.reservation_id
    join seats s on s.seat_id = r.seat_id
    where sc.concert_id = $1::text::bigint
      and ($2::text is null or (y.paid_at, y.sequence) <
        (timestamptz 'epoch' + $2::text::bigint * interval '1 millisecond', $3::text::bigint))
      and ($5::text is null or sc.schedule_id = $5::text::bigint)
      and ($6::text is null or r.seat_id = $6::text::bigint)
      and ($7::text is null or r.fan_id = $7::text)
    order by y.paid_at desc, y.sequence desc
    limit $4::text::integer
  )
  select json_build_object(
    'items', (
      select json_agg(json_build_object(
          'paymentId', payment_id, 'reservationId', reservation_id, 'userId', fan_id,
          'scheduleId', schedule_id, 'seatId', seat_id, 'seatNumber', seat_number,
          'seatLabel', label, 'section', section, 'row', row_name, 'amount', amount,
          'status', status, 'paidAt', rfc3339(paid_at)) order by paid_at desc, sequence desc)
      from sales),
    'marks', (
      select json_agg(json_build_object('atMs', epoch_ms(paid_at), 'sequence', sequence)
          order by paid_at desc, sequence desc)
      from sales))::text as result
  from concerts c where c.concert_id = $1::text::bigint`;

// `now()` and not the time of the act: the planner estimates with it.
const LAST_HOUR_OF = `
  with held as (
    select date_bin('1 minute', r.created_at, 'epoch') as minute, count(*) as holds
    from reservations r
    where r.created_at > coalesce($2::text::timestamptz, now()) - interval '1 hour' and r.place_room = $1::text
    group by 1
  ), sold as (
    select date_bin('1 minute', y.paid_at, 'epoch') as minute, count(*) as sales,
      sum(y.amount) as amount
    from payments y
    join reservations r on r.reservation_id = y.reservation_id and r.place_room = $1::text
    where y.paid_at > coalesce($2::text::timestamptz, now()) - interval '1 hour'
    group by 1
  )
  select coalesce(json_agg(json_build_object(
      'at', rfc3339(minute), 'holds', coalesce(holds, 0), 'sales', coalesce(sales, 0),
      'amount', coalesce(amount, 0)) order by minute), '[]')::text as result
  from held full join sold using (minute)`;

const idOf = (id: number | null) => id === null ? null : String(id);

/** The payments of concerts in PostgreSQL. */
export function postgresSales(
  { sql, actTime = databaseTime }: { readonly sql: Sql; readonly actTime?: ActTime },
): Sales {
  return {
    lastHour: async (room) =>
      await queryJson<SalesMinute[]>(sql, LAST_HOUR_OF, [room, actTime()]) ?? [],
    list(concertId, { scheduleId, seatId, userId }, page) {
      const filters = [idOf(scheduleId), idOf(seatId), userId];
      return queryPage<Sale>(sql, SALES_OF, String(concertId), page, ...filters);
    },
  };
}
