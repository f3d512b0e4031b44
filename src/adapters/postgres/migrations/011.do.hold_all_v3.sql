-- hold_all_v3 makes sure of what it writes: it has the seats of its reservations locked, and no act
-- removes a seat. To look each of them up once more was a tenth of a hold. Takes both tables for an
-- instant, and gives up when it has to wait for them, before a request would: it may be run again.
set local lock_timeout = '500ms';
alter table reservations drop constraint if exists reservations_seat_id_fkey;

-- A fan's seats of a date and the sales of a date, by one index instead of two. As to making it by
-- hand before, see 009.
create index if not exists live_reservations_of_schedule
  on reservations (schedule_id, fan_id) where status in ('HELD', 'PAID');
drop index live_reservations_of_fan_and_schedule;
drop index paid_reservations_of_schedule;
set local lock_timeout = default;

-- Whether nobody else can have this seat. A hold that has lapsed is no hold, swept or not.
create function seat_taken_v3(sold boolean, held_until timestamptz, at timestamptz)
returns boolean language sql immutable as $$
  select sold or held_until > at;
$$;

-- Holds seats, all or none, as hold_all_v2 with the same locks in the same order, in fewer
-- statements: to start one costs more than the rows that it is about.
-- {fan, concertId, scheduleId, seats: [{seatId, reservationId}], holdTtlMs, seatLimit,
--  place: {room, epoch, order}, now}
create function hold_all_v3(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_fan text := p->>'fan';
  v_concert_id bigint := (p->>'concertId')::bigint;
  v_schedule_id bigint := (p->>'scheduleId')::bigint;
  v_limit integer := (p->>'seatLimit')::integer;
  v_lock integer := hashtext(v_fan || ' ' || v_schedule_id);
  v_now timestamptz := act_time_v1((p->>'now')::timestamptz);
  v_seat_ids bigint[];
  v_reservation_ids text[];
  v_missing bigint[];
  v_taken bigint[];
  v_sold boolean;
  v_last_end timestamptz;
  v_numbers integer[];
  v_prices bigint[];
  v_held integer;
  v_title text;
  v_concert_at timestamptz;
  v_opens_at timestamptz;
  v_expires_at timestamptz;
  v_refused json;
  v_reservations json;
begin
  -- First without a lock: on sale day most want a seat that is gone, and whoever is refused by this
  -- look stands in nobody's way.
  select array_agg(wanted.seat_id order by position), array_agg(reservation_id order by position),
      array_agg(wanted.seat_id order by position) filter (where s.schedule_id is distinct from v_schedule_id),
      array_agg(s.seat_id order by position) filter (where seat_taken_v3(s.sold, s.held_until, v_now))
    into v_seat_ids, v_reservation_ids, v_missing, v_taken
    from (
      select (seat->>'seatId')::bigint, seat->>'reservationId', position
        from jsonb_array_elements(p->'seats') with ordinality as named(seat, position)
    ) as wanted(seat_id, reservation_id, position)
    left join seats s on s.seat_id = wanted.seat_id;

  if v_missing is null and v_taken is null then
    -- Two parallel holds of one fan would each count the other's seats as not there.
    if not pg_try_advisory_xact_lock(2, v_lock) then
      perform pg_advisory_xact_lock(2, v_lock);
    end if;
    select bool_or(sold), max(held_until), array_agg(seat_number order by position),
        array_agg(price order by position)
      into v_sold, v_last_end, v_numbers, v_prices
      from (
        select s.*, array_position(v_seat_ids, s.seat_id) as position from seats s
          where s.seat_id = any (v_seat_ids)
          order by s.seat_id for no key update
      ) locked;
    -- Nobody else can change these seats now: this is the time that counts, and what the operator
    -- changed while this act waited for them counts too.
    v_now := act_time_v1((p->>'now')::timestamptz);
    if seat_taken_v3(v_sold, v_last_end, v_now) then
      select array_agg(s.seat_id order by array_position(v_seat_ids, s.seat_id)) into v_taken
        from seats s
        where s.seat_id = any (v_seat_ids) and seat_taken_v3(s.sold, s.held_until, v_now);
    end if;
  end if;

  select c.title, d.concert_at, d.reservation_available_at, (
      select count(*) from reservations r
        where r.fan_id = v_fan and r.schedule_id = v_schedule_id and r.status in ('HELD', 'PAID')
          and (r.status = 'PAID' or r.expires_at > v_now))
    into v_title, v_concert_at, v_opens_at, v_held
    from concerts c
    left join schedules d on d.concert_id = c.concert_id and d.schedule_id = v_schedule_id
    where c.concert_id = v_concert_id and c.withdrawn_at is null;
  v_refused := case
    when v_title is null then json_build_object('kind', 'CONCERT_NOT_FOUND')
    when v_concert_at is null then json_build_object('kind', 'SCHEDULE_NOT_FOUND')
    when v_opens_at > v_now then
      json_build_object('kind', 'SALE_NOT_OPEN', 'opensAt', rfc3339_v2(v_opens_at))
    when v_missing is not null then
      json_build_object('kind', 'SEAT_NOT_FOUND', 'seatIds', to_json(v_missing))
    when v_taken is not null then
      json_build_object('kind', 'SEAT_UNAVAILABLE', 'seatIds', to_json(v_taken))
    when v_held + cardinality(v_seat_ids) > v_limit then
      json_build_object('kind', 'SEAT_LIMIT_EXCEEDED', 'limit', v_limit, 'held', v_held)
  end;
  if v_refused is not null then
    return refusal_v1(v_refused);
  end if;

  v_expires_at := v_now + (p->>'holdTtlMs')::bigint * interval '1 millisecond';
  -- A seat that was never held, or whose last hold was cancelled, has no lapsed hold to mark.
  if v_last_end is not null then
    update reservations r set status = 'EXPIRED'
      where r.seat_id = any (v_seat_ids) and r.status = 'HELD';
  end if;
  -- The shape of reservations_json_v1, out of what is known already.
  with held as (
    select * from unnest(v_reservation_ids, v_seat_ids, v_numbers, v_prices) with ordinality
      as h(reservation_id, seat_id, seat_number, price, position)
  ), kept as (
    update seats s set held_until = v_expires_at where s.seat_id = any (v_seat_ids)
  ), reserved as (
    insert into reservations (reservation_id, fan_id, schedule_id, seat_id, price, status,
        expires_at, created_at, place_room, place_epoch, place_order)
      select reservation_id, v_fan, v_schedule_id, seat_id, price, 'HELD', v_expires_at, v_now,
        p->'place'->>'room', p->'place'->>'epoch', (p->'place'->>'order')::bigint
      from held order by position desc
  )
  select json_agg(json_build_object(
      'reservationId', reservation_id, 'concertId', v_concert_id, 'concertTitle', v_title,
      'scheduleId', v_schedule_id, 'concertAt', rfc3339_v2(v_concert_at), 'seatId', seat_id,
      'seatNumber', seat_number, 'price', price, 'status', 'HELD',
      'expiresAt', rfc3339_v2(v_expires_at), 'createdAt', rfc3339_v2(v_now)) order by position)
    into v_reservations from held;
  return json_build_object('reservations', v_reservations);
end $$;
