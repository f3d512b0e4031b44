-- Functions that fans call often keep one plan a session (force_generic_plan): a plan for a known
-- array of ids looks cheaper to the planner, so that it would plan anew at every call. They use no
-- sequential scan, because a plan that was made for a small table stays while the table grows, and
-- they join in nested loops alone: see reservations_json.
-- No act waits longer than its lock_timeout for one lock. It fails as a whole and can be sent again.

-- Whether no other fan can get this seat. `off_sale` is: sold or blocked.
create function seat_taken(off_sale boolean, held_until timestamptz, at timestamptz)
returns boolean language sql immutable as $$
  select off_sale or held_until > at;
$$;

-- The live holds that a fan has of these seats, in their order.
create function own_live_holds(fan text, seat_ids bigint[], at timestamptz) returns json
language sql stable as $$
  select coalesce(json_agg(json_build_object('seatId', r.seat_id,
      'reservationId', r.reservation_id, 'expiresAt', rfc3339(r.expires_at))
      order by array_position(seat_ids, r.seat_id)), '[]')
    from reservations r
    where r.seat_id = any (seat_ids) and r.fan_id = fan and r.status = 'HELD' and r.expires_at > at;
$$;

-- Holds seats of one schedule, all or none: those of `seatIds`, or the best available.
-- {fan, concertId, scheduleId, holdTtlMs, seatLimit, place: {room, epoch, order},
--  seats: [{seatId, reservationId}] or bestAvailable: {quantity, section, maxPrice, reservationIds},
--  idempotency: {route, key, bodyHash} or null, now}
create function hold_all(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' set plan_cache_mode = force_generic_plan set enable_seqscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_fan text := p->>'fan';
  v_place jsonb := p->'place';
  v_concert_id bigint := (p->>'concertId')::bigint;
  v_schedule_id bigint := (p->>'scheduleId')::bigint;
  v_limit integer := (p->>'seatLimit')::integer;
  v_lock integer := fan_schedule_lock(v_fan, v_schedule_id);
  v_recorded json := claim_idempotency_key('fan:' || v_fan, p->'idempotency');
  v_now timestamptz := act_time((p->>'now')::timestamptz);
  v_best jsonb := p->'bestAvailable';
  v_together integer;
  v_seat_ids bigint[];
  v_goes_on boolean;
  v_reservation_ids text[];
  v_missing bigint[];
  v_taken bigint[];
  v_off_sale boolean;
  v_last_end timestamptz;
  v_prices bigint[];
  v_held integer;
  v_room text;
  v_withdrawn boolean;
  v_opens_at timestamptz;
  v_ends_at timestamptz;
  v_expires_at timestamptz;
  v_refused json;
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  if v_best is null then
    -- The first look takes no lock: in a rush most fans ask for a seat that is gone, and their
    -- refusals delay nobody.
    select array_agg(wanted.seat_id order by position), array_agg(reservation_id order by position),
        array_agg(wanted.seat_id order by position)
          filter (where s.schedule_id is distinct from v_schedule_id),
        array_agg(s.seat_id order by position)
          filter (where seat_taken(s.sold or s.blocked, s.held_until, v_now))
      into v_seat_ids, v_reservation_ids, v_missing, v_taken
      from (
        select (seat->>'seatId')::bigint, seat->>'reservationId', position
          from jsonb_array_elements(p->'seats') with ordinality as named(seat, position)
      ) as wanted(seat_id, reservation_id, position)
      left join seats s on s.seat_id = wanted.seat_id;
    v_goes_on := v_missing is null and v_taken is null;
  else
    -- Before the sale nobody makes PostgreSQL search.
    v_reservation_ids := array(select jsonb_array_elements_text(v_best->'reservationIds'));
    v_goes_on := exists (
      select 1 from schedules sc join concerts c on c.concert_id = sc.concert_id
        where sc.schedule_id = v_schedule_id and sc.concert_id = v_concert_id
          and c.room_id = v_place->>'room' and sells(sc, v_now) and c.withdrawn_at is null
          and sc.reservation_available_at <= v_now);
  end if;

  if v_goes_on then
    -- Two parallel acts of one fan would each count without the seats of the other.
    if not pg_try_advisory_xact_lock(2, v_lock) then
      perform pg_advisory_xact_lock(2, v_lock);
    end if;
    if v_best is not null then
      select best.seat_ids, best.together into v_seat_ids, v_together
        from lock_best_seats(v_schedule_id, v_best, (p->>'now')::timestamptz) best;
    end if;
    select bool_or(sold or blocked), max(held_until), array_agg(price order by position)
      into v_off_sale, v_last_end, v_prices
      from (
        select s.*, array_position(v_seat_ids, s.seat_id) as position from seats s
          where s.seat_id = any (v_seat_ids)
          order by s.seat_id for no key update
      ) locked;
    -- Under the locks nobody else changes these seats, so this is the time that decides. What an
    -- operator changed while this act waited is read below.
    v_now := act_time((p->>'now')::timestamptz);
    if seat_taken(v_off_sale, v_last_end, v_now) then
      select array_agg(s.seat_id order by array_position(v_seat_ids, s.seat_id)) into v_taken
        from seats s
        where s.seat_id = any (v_seat_ids) and seat_taken(s.sold or s.blocked, s.held_until, v_now);
    end if;
  end if;

  select c.room_id, c.withdrawn_at is not null, sc.reservation_available_at, sc.ends_at, (
        select count(*) from reservations r
          where r.fan_id = v_fan and r.schedule_id = v_schedule_id
            and r.status in ('HELD', 'PAID') and (r.status = 'PAID' or r.expires_at > v_now))
    into v_room, v_withdrawn, v_opens_at, v_ends_at, v_held
    from concerts c
    left join schedules sc on sc.concert_id = c.concert_id and sc.schedule_id = v_schedule_id
      and sc.withdrawn_at is null
    where c.concert_id = v_concert_id;
  v_refused := case
    when v_room <> v_place->>'room' then json_build_object('kind', 'WRONG_ROOM', 'room', v_room)
    when v_room is null or v_withdrawn then json_build_object('kind', 'CONCERT_NOT_FOUND')
    when v_ends_at is null then json_build_object('kind', 'SCHEDULE_NOT_FOUND')
    when v_opens_at > v_now then
      json_build_object('kind', 'SALE_NOT_OPEN', 'opensAt', rfc3339(v_opens_at))
    when v_ends_at <= v_now then
      json_build_object('kind', 'SALE_CLOSED', 'closedAt', rfc3339(v_ends_at))
    when v_missing is not null then
      json_build_object('kind', 'SEAT_NOT_FOUND', 'seatIds', to_json(v_missing))
    when v_taken is not null then
      json_build_object('kind', 'SEAT_UNAVAILABLE', 'seatIds', to_json(v_taken),
        'seats', seat_names(v_taken),
        'ownReservations', own_live_holds(v_fan, v_taken, v_now))
    when v_seat_ids is null then
      json_build_object('kind', 'SEAT_UNAVAILABLE', 'seatIds', '[]'::json,
        'ownReservations', '[]'::json, 'seatsTogether', coalesce(v_together, 0))
    when v_held + cardinality(v_seat_ids) > v_limit then
      json_build_object('kind', 'SEAT_LIMIT_EXCEEDED', 'limit', v_limit, 'held', v_held)
  end;
  if v_refused is not null then
    return refusal(v_refused);
  end if;

  v_expires_at := v_now + (p->>'holdTtlMs')::bigint * interval '1 millisecond';
  -- A seat that was never held, or whose last hold was cancelled, has no lapsed hold to mark.
  if v_last_end is not null then
    update reservations r set status = 'EXPIRED'
      where r.seat_id = any (v_seat_ids) and r.status = 'HELD';
  end if;
  update seats s set held_until = v_expires_at where s.seat_id = any (v_seat_ids);
  -- From the last to the first: of reservations of one moment a list shows the first on top.
  insert into reservations (reservation_id, fan_id, schedule_id, seat_id, price, status,
      expires_at, created_at, place_room, place_epoch, place_order)
    select reservation_id, v_fan, v_schedule_id, seat_id, price, 'HELD', v_expires_at, v_now,
        v_place->>'room', v_place->>'epoch', (v_place->>'order')::bigint
      from unnest(v_reservation_ids, v_seat_ids, v_prices) with ordinality
        as held(reservation_id, seat_id, price, position)
      order by position desc;
  return record_answer('fan:' || v_fan, p->'idempotency', json_build_object(
      'reservations', reservations_json(v_reservation_ids, v_now),
      'totalPrice', (select sum(price) from unnest(v_prices) as held(price)),
      'takenAt', rfc3339(v_now)), null, v_now);
end $$;

-- Ends an unpaid reservation and frees its seat. `takenAt` is when it was cancelled: a repeat has the
-- same. {fan, reservationId, now}
create function cancel_reservation(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_id text := p->>'reservationId';
  v_seat_id bigint;
  v_status text;
  v_now timestamptz;
  v_cancelled_at timestamptz;
begin
  select r.seat_id into v_seat_id from reservations r
    where r.reservation_id = v_id and r.fan_id = p->>'fan';
  if not found then
    return refusal(json_build_object('kind', 'RESERVATION_NOT_FOUND'));
  end if;
  perform 1 from seats s where s.seat_id = v_seat_id for no key update;
  select r.status, r.cancelled_at into v_status, v_cancelled_at from reservations r
    where r.reservation_id = v_id for no key update;
  if v_status in ('PAID', 'REFUNDED') then
    return refusal(json_build_object('kind', 'RESERVATION_NOT_CANCELLABLE'));
  end if;
  v_now := act_time((p->>'now')::timestamptz);
  v_cancelled_at := coalesce(v_cancelled_at, v_now);
  update reservations r set status = 'CANCELLED', cancelled_at = v_cancelled_at
    where r.reservation_id = v_id and r.status <> 'CANCELLED';
  -- A seat has one live reservation, so a HELD one owns the seat's hold.
  if v_status = 'HELD' then
    update seats s set held_until = null where s.seat_id = v_seat_id;
  end if;
  return json_build_object('takenAt', rfc3339(v_cancelled_at),
    'reservation', reservations_json(array[v_id], v_now)->0);
end $$;

-- Marks lapsed holds and deletes idempotency records that are older than 25 hours, at most `limit`
-- of each. It waits for no lock, so it is part of no deadlock. {limit, now}
create function sweep(p jsonb) returns json language plpgsql volatile as $$
declare
  v_now timestamptz := act_time((p->>'now')::timestamptz);
  v_limit integer := (p->>'limit')::integer;
  v_lapsed text[];
  v_old tid[];
begin
  -- The rows are chosen in statements of their own: inside the UPDATE the planner may run the
  -- subquery again for each row, and so pass the limit.
  select coalesce(array_agg(reservation_id), '{}') into v_lapsed from (
    select r.reservation_id from reservations r
      where r.status = 'HELD' and r.expires_at <= v_now
      order by r.expires_at limit v_limit for no key update skip locked) due;
  update reservations r set status = 'EXPIRED' where r.reservation_id = any (v_lapsed);
  select coalesce(array_agg(row_id), '{}') into v_old from (
    select i.ctid as row_id from idempotency_records i
      where i.created_at < v_now - interval '25 hours'
      order by i.created_at limit v_limit for update skip locked) due;
  delete from idempotency_records i where i.ctid = any (v_old);
  return json_build_object('holds', cardinality(v_lapsed), 'records', cardinality(v_old));
end $$;
