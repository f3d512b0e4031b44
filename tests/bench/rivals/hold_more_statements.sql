-- Holds with the same locks in the same order as hold_all, in more statements: both looks ask for
-- everything, and the answer is read in a statement of its own.
-- {fan, concertId, scheduleId, seats: [{seatId, reservationId}], holdTtlMs, seatLimit,
--  place: {room, epoch, order}, idempotency: {route, key, bodyHash} or null, now}
create function bench_hold_more_statements(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' set plan_cache_mode = force_generic_plan set enable_seqscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_fan text := p->>'fan';
  v_concert_id bigint := (p->>'concertId')::bigint;
  v_schedule_id bigint := (p->>'scheduleId')::bigint;
  v_limit integer := (p->>'seatLimit')::integer;
  v_seat_ids bigint[];
  v_reservation_ids text[];
  v_prices bigint[];
  v_locked boolean;
  v_missing bigint[];
  v_taken bigint[];
  v_lapsed boolean;
  v_held integer;
  v_title text;
  v_concert_at timestamptz;
  v_opens_at timestamptz;
  v_ends_at timestamptz;
  v_now timestamptz;
  v_expires_at timestamptz;
  v_refused json;
  v_total bigint;
  v_recorded json := claim_idempotency_key('fan:' || v_fan, p->'idempotency');
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  select array_agg((seat->>'seatId')::bigint order by position),
         array_agg(seat->>'reservationId' order by position)
    into v_seat_ids, v_reservation_ids
    from jsonb_array_elements(p->'seats') with ordinality as wanted(seat, position);

  foreach v_locked in array array[false, true] loop
    if v_locked then
      perform pg_advisory_xact_lock(2, fan_schedule_lock(v_fan, v_schedule_id));
      perform 1 from seats s where s.seat_id = any (v_seat_ids)
        order by s.seat_id for no key update;
    end if;
    v_now := act_time((p->>'now')::timestamptz);
    select c.title, sc.concert_at, sc.reservation_available_at, sc.ends_at,
        seen.missing, seen.taken, seen.lapsed, seen.prices,
        case when v_locked then (
          select count(*) from reservations r
            where r.fan_id = v_fan and r.schedule_id = v_schedule_id
              and r.status in ('HELD', 'PAID')
              and reservation_status(r.status, r.expires_at, v_now) <> 'EXPIRED') end
      into v_title, v_concert_at, v_opens_at, v_ends_at,
        v_missing, v_taken, v_lapsed, v_prices, v_held
      from concerts c
      left join schedules sc on sc.concert_id = c.concert_id and sc.schedule_id = v_schedule_id
        and sc.withdrawn_at is null
      cross join (
        select array_agg(wanted.seat_id order by position) filter (where s.seat_id is null),
            array_agg(s.seat_id order by position) filter (where seat_taken(s.sold or s.blocked, s.held_until, v_now)),
            bool_or(s.held_until is not null),
            array_agg(s.price order by position)
          from unnest(v_seat_ids) with ordinality as wanted(seat_id, position)
          left join seats s on s.seat_id = wanted.seat_id and s.schedule_id = v_schedule_id
      ) as seen(missing, taken, lapsed, prices)
      where c.concert_id = v_concert_id and c.withdrawn_at is null;
    v_refused := case
      when v_title is null then json_build_object('kind', 'CONCERT_NOT_FOUND')
      when v_concert_at is null then json_build_object('kind', 'SCHEDULE_NOT_FOUND')
      when v_opens_at > v_now then
        json_build_object('kind', 'SALE_NOT_OPEN', 'opensAt', rfc3339(v_opens_at))
      when v_ends_at <= v_now then
        json_build_object('kind', 'SALE_CLOSED', 'closedAt', rfc3339(v_ends_at))
      when v_missing is not null then
        json_build_object('kind', 'SEAT_NOT_FOUND', 'seatIds', to_json(v_missing))
      when v_taken is not null then
        json_build_object('kind', 'SEAT_UNAVAILABLE', 'seatIds', to_json(v_taken),
          'ownReservations', own_live_holds(v_fan, v_taken, v_now))
      when v_held + cardinality(v_seat_ids) > v_limit then
        json_build_object('kind', 'SEAT_LIMIT_EXCEEDED', 'limit', v_limit, 'held', v_held)
    end;
    if v_refused is not null then
      return refusal(v_refused);
    end if;
  end loop;

  v_expires_at := v_now + (p->>'holdTtlMs')::bigint * interval '1 millisecond';
  if v_lapsed then
    update reservations r set status = 'EXPIRED'
      where r.seat_id = any (v_seat_ids) and r.status = 'HELD';
  end if;
  update seats s set held_until = v_expires_at where s.seat_id = any (v_seat_ids);
  insert into reservations (reservation_id, fan_id, schedule_id, seat_id, price, status,
      expires_at, created_at, place_room, place_epoch, place_order)
    select reservation_id, v_fan, v_schedule_id, seat_id, price, 'HELD', v_expires_at, v_now,
      p->'place'->>'room', p->'place'->>'epoch', (p->'place'->>'order')::bigint
    from unnest(v_reservation_ids, v_seat_ids, v_prices) with ordinality
      as held(reservation_id, seat_id, price, position)
    order by position desc;
  select sum(price) into v_total from unnest(v_prices) as held(price);
  return record_answer('fan:' || v_fan, p->'idempotency', json_build_object(
      'reservations', reservations_json(v_reservation_ids, v_now), 'totalPrice', v_total,
      'takenAt', rfc3339(v_now)), null, v_now);
end $$;
