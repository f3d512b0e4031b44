-- VOID while the reservation is refunded, or the schedule or the concert is withdrawn.
create function ticket_status(t tickets, r reservations, sc schedules, c concerts) returns text
language sql immutable as $$
  select case
    when r.status <> 'PAID' or sc.withdrawn_at is not null or c.withdrawn_at is not null then 'VOID'
    when t.checked_in_at is not null then 'CHECKED_IN' else 'VALID' end;
$$;

-- The tickets of these ids as the API shows them, in their order; null when there are none. The
-- code is no part of them: the program makes it from the ids.
create function tickets_json(ids text[]) returns json
language sql stable as $$
  select json_agg(json_build_object(
      'ticketId', t.ticket_id, 'reservationId', r.reservation_id, 'concertId', c.concert_id,
      'concertTitle', c.title, 'venue', c.venue, 'timeZone', c.time_zone,
      'scheduleId', sc.schedule_id, 'concertAt', rfc3339(sc.concert_at),
      'seatNumber', s.seat_number, 'seatLabel', s.label, 'section', s.section,
      'row', s.row_name, 'status', ticket_status(t, r, sc, c),
      'checkedInAt', rfc3339(t.checked_in_at), 'door', t.door) order by wanted.position)
  from unnest(ids) with ordinality as wanted(ticket_id, position)
  join tickets t using (ticket_id)
  join reservations r on r.reservation_id = t.reservation_id
  join seats s on s.seat_id = r.seat_id
  join schedules sc on sc.schedule_id = r.schedule_id
  join concerts c on c.concert_id = sc.concert_id;
$$;

-- Lets a ticket in, once. The lock is that of its reservation, which a refund also takes before it
-- looks at the ticket: of a check-in and a refund at once, the second one sees the first.
-- {ticketId, scheduleId, forSchedule, door, caller, operator, idempotency, now}
-- caller: "door:…" or "operator:…". operator: the name, or null if a door does it.
create function check_in(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_ticket_id text := p->>'ticketId';
  v_reservation_id text;
  v_schedule_id bigint;
  v_room text;
  v_checked_in_at timestamptz;
  v_door text;
  v_status text;
  v_now timestamptz;
  v_effects jsonb;
  v_recorded json := claim_idempotency_key(p->>'caller', p->'idempotency');
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  select r.reservation_id, r.schedule_id into v_reservation_id, v_schedule_id
    from tickets t join reservations r on r.reservation_id = t.reservation_id
    where t.ticket_id = v_ticket_id and r.schedule_id = (p->>'scheduleId')::bigint;
  if not found then
    return refusal(json_build_object('kind', 'TICKET_NOT_FOUND'));
  elsif v_schedule_id <> (p->>'forSchedule')::bigint then
    return refusal(json_build_object('kind', 'TICKET_OTHER_SCHEDULE',
      'scheduleId', v_schedule_id));
  end if;

  perform 1 from reservations r where r.reservation_id = v_reservation_id for no key update;
  -- In a statement of its own, which sees what was committed while the lock was waited for.
  select t.checked_in_at, t.door, ticket_status(t, r, sc, c), c.room_id
    into v_checked_in_at, v_door, v_status, v_room
    from tickets t
    join reservations r on r.reservation_id = t.reservation_id
    join schedules sc on sc.schedule_id = r.schedule_id
    join concerts c on c.concert_id = sc.concert_id
    where t.ticket_id = v_ticket_id;
  if v_status = 'VOID' then
    return refusal(json_build_object('kind', 'TICKET_VOID'));
  elsif v_status = 'CHECKED_IN' then
    return refusal(json_build_object('kind', 'ALREADY_CHECKED_IN',
      'checkedInAt', rfc3339(v_checked_in_at), 'door', v_door));
  end if;
  v_now := act_time((p->>'now')::timestamptz);
  update tickets t set checked_in_at = v_now, door = p->>'door' where t.ticket_id = v_ticket_id;
  if p->>'operator' is not null then
    perform add_audit_entry(v_now, jsonb_build_object('operator', p->'operator'),
      'TICKET_CHECKED_IN', v_room, v_ticket_id, null, jsonb_build_object('door', p->'door'));
  end if;
  v_effects := emit_check_in(v_ticket_id, v_now);
  return record_answer(p->>'caller', p->'idempotency', tickets_json(array[v_ticket_id])->0,
    v_effects, v_now);
end $$;
