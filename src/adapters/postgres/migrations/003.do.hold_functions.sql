-- Why nothing of this date can be held at this time, or null.
create function offer_refusal_v1(concert bigint, schedule bigint, at timestamptz) returns json
language sql volatile as $$
  select case
      when d.schedule_id is null then refusal_v1(json_build_object('kind', 'SCHEDULE_NOT_FOUND'))
      when d.reservation_available_at > at then refusal_v1(json_build_object(
        'kind', 'SALE_NOT_OPEN', 'opensAt', rfc3339_v1(d.reservation_available_at)))
    end
    from concerts c
    left join schedules d on d.concert_id = c.concert_id and d.schedule_id = schedule
    where c.concert_id = concert and c.withdrawn_at is null
  union all
  select refusal_v1(json_build_object('kind', 'CONCERT_NOT_FOUND'))
    where not exists (
      select 1 from concerts c where c.concert_id = concert and c.withdrawn_at is null);
$$;

-- Holds seats, all or none.
-- {fan, concertId, scheduleId, seats: [{seatId, reservationId}], holdTtlMs, seatLimit,
--  place: {room, epoch, order}, now}
create function hold_all_v1(p jsonb) returns json language plpgsql volatile as $$
declare
  v_fan text := p->>'fan';
  v_concert_id bigint := (p->>'concertId')::bigint;
  v_schedule_id bigint := (p->>'scheduleId')::bigint;
  v_seat_ids bigint[];
  v_reservation_ids text[];
  v_found bigint[];
  v_missing bigint[];
  v_taken bigint[];
  v_held integer;
  v_now timestamptz := act_time_v1((p->>'now')::timestamptz);
  v_refused json;
  v_expires_at timestamptz;
begin
  perform limit_lock_waits_v1();
  select array_agg((seat->>'seatId')::bigint order by position),
         array_agg(seat->>'reservationId' order by position)
    into v_seat_ids, v_reservation_ids
    from jsonb_array_elements(p->'seats') with ordinality as wanted(seat, position);

  v_refused := offer_refusal_v1(v_concert_id, v_schedule_id, v_now);
  if v_refused is not null then
    return v_refused;
  end if;

  -- Two parallel holds of one fan would each count the other's seats as not there.
  perform pg_advisory_xact_lock(2, hashtext(v_fan || ' ' || v_schedule_id));
  select coalesce(array_agg(seat_id), '{}') into v_found from (
    select s.seat_id from seats s
      where s.seat_id = any (v_seat_ids) and s.schedule_id = v_schedule_id
      order by s.seat_id for no key update
  ) locked;
  select array_agg(seat_id order by position) into v_missing
    from unnest(v_seat_ids) with ordinality as wanted(seat_id, position)
    where seat_id <> all (v_found);
  if v_missing is not null then
    return refusal_v1(json_build_object('kind', 'SEAT_NOT_FOUND', 'seatIds', to_json(v_missing)));
  end if;

  -- From here on nobody else can change these seats: now is the time that counts, and what the
  -- operator changed while this act waited for them counts too.
  v_now := act_time_v1((p->>'now')::timestamptz);
  v_refused := offer_refusal_v1(v_concert_id, v_schedule_id, v_now);
  if v_refused is not null then
    return v_refused;
  end if;
  select array_agg(s.seat_id order by array_position(v_seat_ids, s.seat_id)) into v_taken
    from seats s
    where s.seat_id = any (v_seat_ids) and (s.sold or s.held_until > v_now);
  if v_taken is not null then
    return refusal_v1(json_build_object('kind', 'SEAT_UNAVAILABLE', 'seatIds', to_json(v_taken)));
  end if;
  select count(*) into v_held from reservations r
    where r.fan_id = v_fan and r.schedule_id = v_schedule_id and r.status in ('HELD', 'PAID')
      and reservation_status_v1(r.status, r.expires_at, v_now) <> 'EXPIRED';
  if v_held + cardinality(v_seat_ids) > (p->>'seatLimit')::integer then
    return refusal_v1(json_build_object('kind', 'SEAT_LIMIT_EXCEEDED',
      'limit', (p->>'seatLimit')::integer, 'held', v_held));
  end if;

  v_expires_at := v_now + (p->>'holdTtlMs')::bigint * interval '1 millisecond';
  update reservations r set status = 'EXPIRED'
    where r.seat_id = any (v_seat_ids) and r.status = 'HELD';
  update seats s set held_until = v_expires_at where s.seat_id = any (v_seat_ids);
  insert into reservations (reservation_id, fan_id, schedule_id, seat_id, price, status,
      expires_at, created_at, place_room, place_epoch, place_order)
    select wanted.reservation_id, v_fan, v_schedule_id, s.seat_id, s.price, 'HELD',
      v_expires_at, v_now, p->'place'->>'room', p->'place'->>'epoch', (p->'place'->>'order')::bigint
    from unnest(v_seat_ids, v_reservation_ids) with ordinality
      as wanted(seat_id, reservation_id, position)
    join seats s on s.seat_id = wanted.seat_id
    order by wanted.position desc;
  return json_build_object('reservations', reservations_json_v1(v_reservation_ids, v_now));
end $$;

-- Ends an unpaid reservation and frees its seat. {fan, reservationId, now}
create function cancel_v1(p jsonb) returns json language plpgsql volatile as $$
declare
  v_id text := p->>'reservationId';
  v_seat_id bigint;
  v_status text;
begin
  perform limit_lock_waits_v1();
  select r.seat_id into v_seat_id from reservations r
    where r.reservation_id = v_id and r.fan_id = p->>'fan';
  if not found then
    return refusal_v1(json_build_object('kind', 'RESERVATION_NOT_FOUND'));
  end if;
  perform 1 from seats s where s.seat_id = v_seat_id for no key update;
  select r.status into v_status from reservations r where r.reservation_id = v_id for update;
  if v_status = 'PAID' then
    return refusal_v1(json_build_object('kind', 'RESERVATION_NOT_CANCELLABLE'));
  end if;
  update reservations r set status = 'CANCELLED'
    where r.reservation_id = v_id and r.status <> 'CANCELLED';
  -- One live reservation a seat: while this one was HELD, the seat's hold was its own.
  if v_status = 'HELD' then
    update seats s set held_until = null where s.seat_id = v_seat_id;
  end if;
  return json_build_object('reservation',
    reservations_json_v1(array[v_id], act_time_v1((p->>'now')::timestamptz))->0);
end $$;

-- Marks lapsed holds and drops records older than their day, at most `limit` of each. It waits
-- for no lock, so it can never be part of a deadlock. {limit, now}
create function sweep_v1(p jsonb) returns json language plpgsql volatile as $$
declare
  v_now timestamptz := act_time_v1((p->>'now')::timestamptz);
  v_limit integer := (p->>'limit')::integer;
  v_lapsed text[];
  v_old tid[];
begin
  -- Chosen first, in a statement of its own: inside the UPDATE the planner may run the choice anew
  -- for each row, and so pass the limit.
  select coalesce(array_agg(reservation_id), '{}') into v_lapsed from (
    select r.reservation_id from reservations r
      where r.status = 'HELD' and r.expires_at <= v_now
      order by r.expires_at limit v_limit for update skip locked) due;
  update reservations r set status = 'EXPIRED' where r.reservation_id = any (v_lapsed);
  select coalesce(array_agg(row_id), '{}') into v_old from (
    select i.ctid as row_id from idempotency_records i
      where i.created_at < v_now - interval '25 hours'
      order by i.created_at limit v_limit for update skip locked) due;
  delete from idempotency_records i where i.ctid = any (v_old);
  return json_build_object('holds', cardinality(v_lapsed),
    'records', cardinality(v_old));
end $$;
