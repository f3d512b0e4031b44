import type {
  Page,
  PageRequest,
  Payment,
  PaymentWithHistory,
  Reservation,
} from "../../domain/booking.ts";
import { ok } from "../../domain/result.ts";
import type {
  Bookings,
  CancelFailure,
  HoldFailure,
  PayEffects,
  PayFailure,
} from "../../ports/bookings.ts";
import { PAYMENT_JSON, queryPage } from "./page.ts";
import {
  type ActTime,
  callAct,
  callFunction,
  callRecordedAct,
  databaseTime,
  queryJson,
  type Sql,
} from "./sql.ts";

const LIST_RESERVATIONS = `
  with moment as materialized (select act_time($5::text::timestamptz) as now),
  page as (
    select r.reservation_id, r.created_at as at, r.sequence from moment, reservations r
    where r.fan_id = $1::text
      and ($6::text is null or reservation_status(r.status, r.expires_at, moment.now) = $6::text)
      and ($7::text is null or r.schedule_id = $7::text::bigint)
      and ($2::text is null or (r.created_at, r.sequence) <
        (timestamptz 'epoch' + $2::text::bigint * interval '1 millisecond', $3::text::bigint))
    order by r.created_at desc, r.sequence desc
    limit $4::text::integer
  )
  select json_build_object(
    'items', reservations_json(
      array_agg(reservation_id order by at desc, sequence desc), (select now from moment)),
    'marks', json_agg(json_build_object('atMs', epoch_ms(at), 'sequence', sequence)
      order by at desc, sequence desc))::text as result
  from page`;

const LIST_PAYMENTS = `
  with y as (
    select * from payments y
    where y.fan_id = $1::text
      and ($2::text is null or (y.paid_at, y.sequence) <
        (timestamptz 'epoch' + $2::text::bigint * interval '1 millisecond', $3::text::bigint))
    order by y.paid_at desc, y.sequence desc
    limit $4::text::integer
  )
  select json_build_object(
    'items', json_agg(json_build_object(${PAYMENT_JSON}) order by paid_at desc, sequence desc),
    'marks', json_agg(json_build_object('atMs', epoch_ms(paid_at), 'sequence', sequence)
      order by paid_at desc, sequence desc))::text as result
  from y`;

const GET_PAYMENT = `
  select json_build_object(${PAYMENT_JSON}, 'history', (
    select json_agg(json_build_object('status', h.status, 'amount', h.amount,
        'at', rfc3339(h.at)) order by h.history_id)
      from payment_history h where h.payment_id = y.payment_id))::text as result
  from payments y where y.payment_id = $1::text and y.fan_id = $2::text`;

/** Holds and payments in PostgreSQL. Every act is one database function. */
export function postgresBookings(
  { sql, actTime = databaseTime }: { sql: Sql; actTime?: ActTime },
): Bookings {
  async function queryOwnPage<Item>(
    text: string,
    fan: string,
    page: PageRequest,
    ...more: (string | null)[]
  ): Promise<Page<Item>> {
    return await queryPage<Item>(sql, text, fan, page, ...more) ?? { items: [], next: null };
  }

  return {
    holdAll(order, once = null) {
      const { fan, place, ...rest } = order;
      const { room, epoch, order: placeOrder } = place;
      const input = {
        fan,
        place: { room, epoch, order: placeOrder },
        ...rest,
        idempotency: once,
        now: actTime(),
      };
      return callRecordedAct<null, HoldFailure>(sql, "hold_all", input, {
        repeatable: once !== null,
      });
    },
    async cancel(fan, reservationId) {
      const input = { fan, reservationId, now: actTime() };
      const cancelled = await callAct<
        { reservation: Reservation; takenAt: string },
        CancelFailure
      >(sql, "cancel_reservation", input, { repeatable: true });
      if (!cancelled.ok) return cancelled;
      const { reservation, takenAt } = cancelled.value;
      return ok({ ...reservation, takenAt });
    },
    listReservations(fan, page, { status, scheduleId } = { status: null, scheduleId: null }) {
      const filter = [status, scheduleId === null ? null : String(scheduleId)];
      return queryOwnPage<Reservation>(LIST_RESERVATIONS, fan, page, actTime(), ...filter);
    },
    pay({ fan, items }, once) {
      const input = { fan, items, idempotency: once, now: actTime() };
      return callRecordedAct<PayEffects, PayFailure>(sql, "pay", input, { repeatable: true });
    },
    listPayments(fan, page) {
      return queryOwnPage<Payment>(LIST_PAYMENTS, fan, page);
    },
    getPayment(fan, paymentId) {
      return queryJson<PaymentWithHistory>(sql, GET_PAYMENT, [paymentId, fan]);
    },
    sweep(limit) {
      return callFunction(sql, "sweep", { limit, now: actTime() });
    },
  };
}
