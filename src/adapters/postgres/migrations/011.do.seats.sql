-- A name of a request that has U+0001 and U+007F as U+0001 and a letter.
create function unescaped(name text) returns text language sql immutable as $$
  select replace(replace(name, E'\x01d', E'\x7f'), E'\x01e', E'\x01');
$$;

-- The seats that a request adds, with what it leaves out: numbers follow the highest number of the
-- schedule and the request, and a label is the number.
-- wanted: {count, numbers, labels, sections, sectionOf, rows, rowOf, xs, ys, prices}, columns as
--   texts: numbers are separated by commas, names by U+007F, and an empty entry is null. `sectionOf`
--   and `rowOf` are indexes of `sections` and `rows`.
create function seats_to_add(schedule bigint, wanted jsonb)
returns table (place integer, seat_number integer, label text, section text, row_name text,
  x double precision, y double precision, price bigint, has_label boolean)
language sql stable as $$
  -- An element of a jsonb array is found at once, one of a text array by going through it.
  with names as materialized (
    select to_jsonb(string_to_array(wanted->>'sections', E'\x7f')) as sections,
        to_jsonb(string_to_array(wanted->>'rows', E'\x7f')) as row_names),
  given as (
    select n.place::integer, n.seat_number, unescaped(n.label) as label,
        unescaped(names.sections->>n.section_index) as section,
        unescaped(names.row_names->>n.row_index) as row_name, n.x, n.y, n.price
      from names, unnest(
          string_to_array(wanted->>'numbers', ',', '')::integer[],
          string_to_array(wanted->>'labels', E'\x7f', ''),
          string_to_array(wanted->>'sectionOf', ',', '')::integer[],
          string_to_array(wanted->>'rowOf', ',', '')::integer[],
          string_to_array(wanted->>'xs', ',', '')::double precision[],
          string_to_array(wanted->>'ys', ',', '')::double precision[],
          string_to_array(wanted->>'prices', ',')::bigint[])
        with ordinality
        as n(seat_number, label, section_index, row_index, x, y, price, place)),
  highest as (
    select greatest(
        (select max(g.seat_number) from given g),
        (select max(s.seat_number) from seats s where s.schedule_id = schedule), 0) as seat_number),
  numbered as (
    select g.*, coalesce(g.seat_number, h.seat_number +
        (count(*) filter (where g.seat_number is null) over (order by g.place))::integer) as number
      from given g, highest h)
  select n.place, n.number, coalesce(n.label, n.number::text), n.section, n.row_name, n.x, n.y,
      n.price, n.label is not null
    from numbered n;
$$;

-- Why these seats cannot be added: {path, message} of each fault, the first thousand.
create function seat_faults(schedule bigint, wanted jsonb, path text) returns setof jsonb
language sql stable as $$
  with existing as materialized (
    select s.seat_number, s.label, coalesce(s.section, '') as section,
        coalesce(s.row_name, '') as row_name
      from seats s where s.schedule_id = schedule),
  checked as (
    select w.place, w.has_label, w.seat_number > 1000000 as beyond,
        e.seat_number is not null
          or row_number() over (partition by w.seat_number order by w.place) > 1 as number_taken,
        l.label is not null or row_number() over (
          partition by w.section, w.row_name, w.label order by w.place) > 1 as label_taken
      from seats_to_add(schedule, wanted) w
      left join existing e on e.seat_number = w.seat_number
      left join existing l on l.label = w.label and l.section = coalesce(w.section, '')
        and l.row_name = coalesce(w.row_name, ''))
  select jsonb_build_object('path', path || '[' || c.place - 1 || '].' || field,
      'message', message)
    from checked c cross join lateral (values
      ('seatNumber', 'is left out, and no number up to 1000000 is left', beyond),
      ('seatNumber', 'must be unique in its schedule', number_taken),
      -- A label that is the number has no fault of its own where the number has it.
      ('label', 'must be unique with its section and row',
        label_taken and (has_label or not number_taken))) as fault(field, message, holds)
    where holds order by c.place limit 1000;
$$;

create function invalid(errors jsonb) returns json language sql immutable as $$
  select refusal(json_build_object('kind', 'VALIDATION_FAILED', 'errors', errors));
$$;

-- Inserts seats, and returns {ids, numbers} in their order. A check or a key fails where seat_faults() finds
-- a fault.
create function insert_seats(schedule bigint, wanted jsonb) returns json
language sql volatile as $$
  with added as (
    insert into seats (schedule_id, seat_number, label, section, row_name, x, y, price)
      select schedule, w.seat_number, w.label, w.section, w.row_name, w.x, w.y, w.price
        from seats_to_add(schedule, wanted) w order by w.place
      returning seat_id, seat_number)
  select json_build_object('ids', json_agg(seat_id order by seat_id),
      'numbers', json_agg(seat_number order by seat_id)) from added;
$$;

-- Lets one act at a time add to a concert, so that each counts what the others added. A lock of the
-- rows would make payments wait until many seats are inserted. Two-part advisory locks (4, …) are
-- those of additions. They come after that of the idempotency key. Returns a refusal or null.
-- p: {concertId, maxSchedules, maxSeats}
create function claim_addition(p jsonb, schedules integer, seats integer) returns json
language plpgsql volatile as $$
declare
  v_id bigint := (p->>'concertId')::bigint;
  v_room text;
  v_schedules bigint;
  v_seats bigint;
begin
  perform pg_advisory_xact_lock(4, hashtext(v_id::text));
  select c.room_id into v_room from concerts c where c.concert_id = v_id;
  if not found then
    return refusal(json_build_object('kind', 'CONCERT_NOT_FOUND'));
  elsif not claim_room(jsonb_build_object('room', v_room)) then
    return refusal(json_build_object('kind', 'ROOM_NOT_FOUND'));
  end if;
  select count(*), (p->>'maxSeats')::bigint - coalesce(sum(sc.seat_count), 0)
    into v_schedules, v_seats
    from schedules sc where sc.concert_id = v_id;
  if v_schedules + schedules > (p->>'maxSchedules')::bigint then
    return invalid(jsonb_build_array(jsonb_build_object('path', 'body', 'message',
      'is one schedule too many: a concert has at most ' || (p->>'maxSchedules'))));
  elsif seats > v_seats then
    return invalid(jsonb_build_array(jsonb_build_object('path', 'seats', 'message',
      'must be at most ' || v_seats || ' more: a concert has at most ' || (p->>'maxSeats'))));
  end if;
  return null;
end $$;

-- {concertId, schedule: see add_schedule, maxSchedules, maxSeats, act: {operator, reason} or null,
--  idempotency: {caller, route, key, bodyHash} or null, now}
create function add_schedule_to_concert(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_id bigint := (p->>'concertId')::bigint;
  v_seats jsonb := p->'schedule'->'seats';
  v_caller text := p->'idempotency'->>'caller';
  v_recorded json := claim_idempotency_key(v_caller, p->'idempotency');
  v_refused json;
  v_now timestamptz;
  v_added json;
  v_room text;
  v_faults jsonb;
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  v_refused := claim_addition(p, 1, (v_seats->>'count')::integer);
  if v_refused is not null then
    return v_refused;
  end if;
  v_now := act_time((p->>'now')::timestamptz);
  v_added := add_schedule(v_id, p->'schedule', v_now);
  select c.room_id into v_room from concerts c where c.concert_id = v_id;
  if p->>'act' is not null then
    perform add_audit_entry(v_now, p->'act', 'SCHEDULE_ADDED', v_room, v_id::text, null,
      ((p->'schedule') - 'seats') || jsonb_build_object('scheduleId', v_added->'scheduleId',
        'seats', v_seats->'count'));
  end if;
  return record_answer(v_caller, p->'idempotency',
    json_build_object('schedule', v_added, 'room', v_room), null, v_now);
exception when unique_violation or check_violation then
  v_faults := (select jsonb_agg(fault) from seat_faults(null, v_seats, 'seats') as fault);
  if v_faults is null then
    raise;
  end if;
  return invalid(v_faults);
end $$;

-- Adds seats to a schedule. With `dryRun` nothing is added, and the answer is what it would be,
-- without ids.
-- {concertId, scheduleId, seats: see seats_to_add, dryRun, maxSchedules, maxSeats, act: {operator, reason} or null,
--  idempotency: {caller, route, key, bodyHash} or null, now}
create function add_seats(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_id bigint := (p->>'concertId')::bigint;
  v_schedule_id bigint := (p->>'scheduleId')::bigint;
  v_seats jsonb := p->'seats';
  v_count integer := (v_seats->>'count')::integer;
  v_caller text := p->'idempotency'->>'caller';
  v_recorded json := claim_idempotency_key(v_caller, p->'idempotency');
  v_refused json;
  v_now timestamptz;
  v_added json;
  v_room text;
  v_faults jsonb;
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  v_refused := claim_addition(p, 0, v_count);
  if v_refused is not null then
    return v_refused;
  end if;
  v_now := act_time((p->>'now')::timestamptz);
  select c.room_id into v_room
    from schedules sc join concerts c on c.concert_id = sc.concert_id
    where sc.concert_id = v_id and sc.schedule_id = v_schedule_id;
  if not found then
    return refusal(json_build_object('kind', 'SCHEDULE_NOT_FOUND'));
  end if;
  if (p->>'dryRun')::boolean then
    v_faults := (
      select jsonb_agg(fault) from seat_faults(v_schedule_id, v_seats, 'seats') as fault);
    if v_faults is not null then
      return invalid(v_faults);
    end if;
    return record_answer(v_caller, p->'idempotency', json_build_object(
        'room', v_room, 'added', v_count, 'seats', (
          select json_build_object('ids', null, 'numbers',
              coalesce(json_agg(w.seat_number order by w.place), '[]'))
            from seats_to_add(v_schedule_id, v_seats) w)), null, v_now);
  end if;
  v_added := insert_seats(v_schedule_id, v_seats);
  update schedules sc
    set seat_count = sc.seat_count + v_count, map_version = gen_random_uuid()
    where sc.schedule_id = v_schedule_id;
  perform change_seats_left(array_fill(v_schedule_id, array[v_count]), 1, v_now);
  if p->>'act' is not null then
    perform add_audit_entry(v_now, p->'act', 'SEATS_ADDED', v_room, v_id::text, null,
      jsonb_build_object('scheduleId', v_schedule_id, 'seats', v_count));
  end if;
  return record_answer(v_caller, p->'idempotency',
    json_build_object('room', v_room, 'added', v_count, 'seats', v_added), null, v_now);
exception when unique_violation or check_violation then
  v_faults := (
    select jsonb_agg(fault) from seat_faults(v_schedule_id, v_seats, 'seats') as fault);
  if v_faults is null then
    raise;
  end if;
  return invalid(v_faults);
end $$;

-- A seat as its operator sees it.
create function seat_json(s seats, at timestamptz) returns json language sql immutable as $$
  select json_build_object('seatId', s.seat_id, 'seatNumber', s.seat_number, 'label', s.label,
    'section', s.section, 'row', s.row_name, 'x', s.x, 'y', s.y, 'price', s.price,
    'status', case when s.sold then 'SOLD' when s.blocked then 'BLOCKED'
      when s.held_until > at then 'HELD' else 'AVAILABLE' end);
$$;

-- What the audit log has of a seat.
create function seat_changeable(s seats, at timestamptz) returns jsonb language sql immutable as $$
  select jsonb_build_object('seatId', s.seat_id, 'scheduleId', s.schedule_id, 'price', s.price,
    'status', seat_json(s, at)->>'status');
$$;

-- Changes the price of a seat that is not sold, blocks it while it is neither sold nor held, or
-- frees it. Live holds keep their price.
-- {concertId, scheduleId, seatId, changes: {price, status: BLOCKED or AVAILABLE},
--  act: {operator, reason} or null, now}
create function change_seat(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_id bigint := (p->>'concertId')::bigint;
  v_schedule_id bigint := (p->>'scheduleId')::bigint;
  v_price bigint := (p->'changes'->>'price')::bigint;
  v_status text := p->'changes'->>'status';
  v_room text;
  v_was seats;
  v_seat seats;
  v_now timestamptz;
  v_effects jsonb := '{"concertsWithChangedSchedule": [], "changedConcerts": [], "rooms": []}';
begin
  select c.room_id into v_room from concerts c where c.concert_id = v_id;
  if not found then
    return refusal(json_build_object('kind', 'CONCERT_NOT_FOUND'));
  end if;
  perform 1 from schedules sc where sc.concert_id = v_id and sc.schedule_id = v_schedule_id;
  if not found then
    return refusal(json_build_object('kind', 'SCHEDULE_NOT_FOUND'));
  end if;
  select * into v_was from seats s
    where s.seat_id = (p->>'seatId')::bigint and s.schedule_id = v_schedule_id for no key update;
  if not found then
    return refusal(json_build_object('kind', 'SEAT_NOT_FOUND',
      'seatIds', json_build_array((p->>'seatId')::bigint)));
  end if;
  v_now := act_time((p->>'now')::timestamptz);
  if v_was.sold and (v_status is not null or v_price <> v_was.price)
    or v_status = 'BLOCKED' and v_was.held_until > v_now
  then
    return refusal(json_build_object('kind', 'SEAT_UNAVAILABLE',
      'seatIds', json_build_array(v_was.seat_id), 'seats', seat_names(array[v_was.seat_id]),
      'ownReservations', '[]'::json));
  end if;
  update seats s set price = coalesce(v_price, s.price),
      blocked = coalesce(v_status = 'BLOCKED', s.blocked)
    where s.seat_id = v_was.seat_id returning * into v_seat;
  if v_seat.price <> v_was.price then
    update schedules sc set map_version = gen_random_uuid() where sc.schedule_id = v_schedule_id;
  end if;
  if v_seat.blocked <> v_was.blocked then
    v_effects := change_seats_left(
      array[v_schedule_id], case when v_seat.blocked then -1 else 1 end, v_now);
  end if;
  if p->>'act' is not null and v_seat <> v_was then
    perform add_audit_entry(v_now, p->'act', 'SEAT_CHANGED', v_room, v_id::text,
      seat_changeable(v_was, v_now), seat_changeable(v_seat, v_now));
  end if;
  return json_build_object('seat', seat_json(v_seat, v_now), 'room', v_room,
    'effects', v_effects);
end $$;
