import type { Ticket } from "../../domain/ticket.ts";
import type { EventEffects } from "../../ports/outbox.ts";
import type { CheckInFailure, Tickets } from "../../ports/tickets.ts";
import { queryPage } from "./page.ts";
import { type ActTime, callRecordedAct, databaseTime, queryJson, type Sql } from "./sql.ts";

// A reservation is paid once, so a ticket has one payment: its time is that of the ticket.
const LIST_TICKETS = `
  with page as (
    select t.ticket_id, y.paid_at as at, y.sequence
    from payments y join tickets t on t.reservation_id = y.reservation_id
    where y.fan_id = $1::text
      and ($2::text is null or (y.paid_at, y.sequence) <
        (timestamptz 'epoch' + $2::text::bigint * interval '1 millisecond', $3::text::bigint))
    order by y.paid_at desc, y.sequence desc
    limit $4::text::integer
  )
  select json_build_object(
    'items', tickets_json(array_agg(ticket_id order by at desc, sequence desc)),
    'marks', json_agg(json_build_object('atMs', epoch_ms(at), 'sequence', sequence)
      order by at desc, sequence desc))::text as result
  from page`;

const GET_TICKET = `
  select (tickets_json(array[t.ticket_id])->0)::text as result
  from tickets t join reservations r on r.reservation_id = t.reservation_id
  where t.ticket_id = $1::text and r.fan_id = $2::text`;

/** Tickets in PostgreSQL. */
export function postgresTickets(
  { sql, actTime = databaseTime }: { sql: Sql; actTime?: ActTime },
): Tickets {
  return {
    async list(fan, page) {
      return await queryPage<Ticket>(sql, LIST_TICKETS, fan, page) ?? { items: [], next: null };
    },
    get(fan, ticketId) {
      return queryJson<Ticket>(sql, GET_TICKET, [ticketId, fan]);
    },
    checkIn({ ticket, forSchedule, by, door }, request) {
      const input = {
        ...ticket,
        forSchedule,
        door,
        caller: `${by.role.toLowerCase()}:${by.name}`,
        operator: by.role === "OPERATOR" ? by.name : null,
        idempotency: request,
        now: actTime(),
      };
      // Without a key, a second send would find the ticket let in by the first one.
      const repeatable = request !== null;
      return callRecordedAct<EventEffects, CheckInFailure>(sql, "check_in", input, { repeatable });
    },
  };
}
