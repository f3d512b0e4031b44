import type { Sale, Sales } from "../../ports/sales.ts";
import { queryPage } from "./page.ts";
import type { Sql } from "./sql.ts";

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

const idOf = (id: number | null) => id === null ? null : String(id);

/** The payments of concerts in PostgreSQL. */
export function postgresSales({ sql }: { readonly sql: Sql }): Sales {
  return {
    list(concertId, { scheduleId, seatId, userId }, page) {
      const filters = [idOf(scheduleId), idOf(seatId), userId];
      return queryPage<Sale>(sql, SALES_OF, String(concertId), page, ...filters);
    },
  };
}
