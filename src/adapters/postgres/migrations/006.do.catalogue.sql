-- Whether seats of the schedule are or will be on sale at this time.
create function sells(sc schedules, at timestamptz) returns boolean language sql immutable as $$
  select sc.ends_at > at and sc.withdrawn_at is null;
$$;

-- A concert as its operator sees it, or null. Each paid reservation has one completed payment of its
-- price, so that the revenue is read from the reservations, by one index.
create function concert_json(id bigint, at timestamptz) returns json language sql stable as $$
  select json_build_object(
    'concertId', c.concert_id, 'status', concert_status(c, at), 'title', c.title,
    'description', c.description, 'venue', c.venue, 'room', c.room_id, 'timeZone', c.time_zone,
    'schedules', (
      select json_agg(json_build_object(
          'scheduleId', sc.schedule_id,
          'concertAt', rfc3339(sc.concert_at),
          'reservationAvailableAt', rfc3339(sc.reservation_available_at),
          'salesEndAt', rfc3339(sc.ends_at),
          'refundUntil', rfc3339(sc.refund_until),
          'status', schedule_status(sc, at),
          'seatCount', sc.seat_count,
          'seatsLeft', sc.seats_left,
          'seatsHeld', taken.held,
          'revenue', taken.revenue) order by sc.schedule_id)
        from schedules sc cross join lateral (
          select count(*) filter (where r.status = 'HELD' and r.expires_at > at) as held,
              coalesce(sum(r.price) filter (where r.status = 'PAID'), 0) as revenue
            from reservations r
            where r.schedule_id = sc.schedule_id and r.status in ('HELD', 'PAID')) taken
        where sc.concert_id = c.concert_id))
  from concerts c where c.concert_id = id;
$$;

-- Inserts a schedule with its seats, and returns it with the ids and numbers of the seats.
-- schedule: {concertAt, reservationAvailableAt, salesEndAt, refundUntil, seats: see seats_to_add}
create function add_schedule(concert bigint, schedule jsonb, at timestamptz) returns json
language plpgsql volatile as $$
declare
  v_seat_count integer := (schedule->'seats'->>'count')::integer;
  v_schedule schedules;
begin
  insert into schedules (concert_id, concert_at, reservation_available_at, sales_end_at,
      refund_until, seat_count, seats_left)
    values (concert, (schedule->>'concertAt')::timestamptz,
      (schedule->>'reservationAvailableAt')::timestamptz, (schedule->>'salesEndAt')::timestamptz,
      (schedule->>'refundUntil')::timestamptz, v_seat_count, v_seat_count)
    returning * into v_schedule;
  return json_build_object(
    'scheduleId', v_schedule.schedule_id,
    'concertAt', rfc3339(v_schedule.concert_at),
    'reservationAvailableAt', rfc3339(v_schedule.reservation_available_at),
    'salesEndAt', rfc3339(v_schedule.ends_at),
    'refundUntil', rfc3339(v_schedule.refund_until),
    'status', schedule_status(v_schedule, at),
    'seats', insert_seats(v_schedule.schedule_id, schedule->'seats'));
end $$;

-- {title, description, venue, room, timeZone, schedules: [see add_schedule], currency,
--  defaultSettings, act: {operator, reason} or null,
--  idempotency: {caller, route, key, bodyHash} or null, now}, where `defaultSettings` are those of
--  the room main
create function create_concert(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_now timestamptz := act_time((p->>'now')::timestamptz);
  v_room text := coalesce(p->>'room', 'main');
  v_concert concerts;
  v_schedule jsonb;
  v_seat_count integer := 0;
  v_schedules json[] := '{}';
  v_caller text := p->'idempotency'->>'caller';
  v_recorded json := claim_idempotency_key(v_caller, p->'idempotency');
  v_faults jsonb;
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  if not claim_room(p || jsonb_build_object('room', v_room)) then
    return refusal(json_build_object('kind', 'ROOM_NOT_FOUND'));
  end if;
  perform keep_currency(p->>'currency');
  insert into concerts (title, description, venue, room_id, time_zone, created_at)
    values (p->>'title', p->>'description', p->>'venue', v_room, p->>'timeZone', v_now)
    returning * into v_concert;
  for v_schedule in select value from jsonb_array_elements(p->'schedules') loop
    v_schedules := v_schedules || add_schedule(v_concert.concert_id, v_schedule, v_now);
    v_seat_count := v_seat_count + (v_schedule->'seats'->>'count')::integer;
  end loop;
  if p->>'act' is not null then
    perform add_audit_entry(v_now, p->'act', 'CONCERT_CREATED', v_room,
      v_concert.concert_id::text, null,
      jsonb_build_object('title', v_concert.title, 'room', v_room,
        'schedules', cardinality(v_schedules), 'seats', v_seat_count));
  end if;
  return record_answer(v_caller, p->'idempotency', json_build_object(
    'concertId', v_concert.concert_id, 'status', concert_status(v_concert, v_now),
    'title', v_concert.title, 'description', v_concert.description, 'venue', v_concert.venue,
    'room', v_concert.room_id, 'timeZone', v_concert.time_zone,
    'schedules', array_to_json(v_schedules)), null, v_now);
exception when unique_violation or check_violation then
  v_faults := (
    select jsonb_agg(fault) from jsonb_array_elements(p->'schedules')
        with ordinality as wanted(schedule, position),
      seat_faults(null, schedule->'seats', 'schedules[' || position - 1 || '].seats') as fault);
  if v_faults is null then
    raise;
  end if;
  return invalid(v_faults);
end $$;

-- What an operator can change of a concert, and what `named` changes of its schedules.
create function concert_changeable(id bigint, named jsonb, at timestamptz) returns jsonb
language sql stable as $$
  select jsonb_build_object('title', c.title, 'description', c.description, 'venue', c.venue,
      'room', c.room_id, 'timeZone', c.time_zone, 'status', concert_status(c, at), 'schedules', (
        select jsonb_agg((
            select jsonb_object_agg(key, value) from jsonb_each(jsonb_build_object(
                'scheduleId', sc.schedule_id,
                'concertAt', rfc3339(sc.concert_at),
                'reservationAvailableAt', rfc3339(sc.reservation_available_at),
                'salesEndAt', rfc3339(sc.sales_end_at),
                'refundUntil', rfc3339(sc.refund_until),
                'status', schedule_status(sc, at)))
              where change ? key) order by sc.schedule_id)
          from jsonb_array_elements(named) as change
          join schedules sc on sc.schedule_id = (change->>'scheduleId')::bigint
          where sc.concert_id = id))
    from concerts c where c.concert_id = id;
$$;

-- The schedules that `named` names, with the times that they get. `path` and `time_named` are the
-- place in the request and the first of the named times that decide about the sale.
create function schedules_as_changed(concert bigint, named jsonb)
returns table (schedule_id bigint, concert_at timestamptz, opens_at timestamptz,
  sales_end_at timestamptz, refund_until timestamptz, path text, time_named text)
language sql stable as $$
  select sc.schedule_id,
      coalesce((change->>'concertAt')::timestamptz, sc.concert_at),
      coalesce((change->>'reservationAvailableAt')::timestamptz, sc.reservation_available_at),
      case when change ? 'salesEndAt' then (change->>'salesEndAt')::timestamptz
        else sc.sales_end_at end,
      case when change ? 'refundUntil' then (change->>'refundUntil')::timestamptz
        else sc.refund_until end,
      'schedules[' || position - 1 || ']',
      case when change ? 'reservationAvailableAt' then 'reservationAvailableAt'
        when change ? 'salesEndAt' then 'salesEndAt' else 'concertAt' end
    from jsonb_array_elements(named) with ordinality as wanted(change, position)
    join schedules sc on sc.schedule_id = (change->>'scheduleId')::bigint
    where sc.concert_id = schedules_as_changed.concert;
$$;

-- The openings that would not be before the end of their sale: [{path, message}] or null.
create function faults_of_times(concert bigint, named jsonb) returns jsonb
language sql volatile as $$
  select jsonb_agg(jsonb_build_object('path', path || '.' || time_named, 'message',
      case time_named when 'reservationAvailableAt' then 'must be before the end of the sale'
        else 'must be after reservationAvailableAt' end))
    from schedules_as_changed(concert, named)
    where opens_at >= coalesce(sales_end_at, concert_at);
$$;

create function change_times(concert bigint, named jsonb) returns void
language sql volatile as $$
  update schedules sc
    set concert_at = changed.concert_at, reservation_available_at = changed.opens_at,
      sales_end_at = changed.sales_end_at, refund_until = changed.refund_until
    from schedules_as_changed(concert, named) changed
    where sc.schedule_id = changed.schedule_id;
$$;

-- Changes what `changes` names, all or none.
-- {concertId, changes: {title, description, venue, room, timeZone, status, schedules: [{scheduleId,
--  concertAt, reservationAvailableAt, salesEndAt, refundUntil, status}]}, defaultSettings,
--  act: {operator, reason} or null, now}
create function update_concert(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_id bigint := (p->>'concertId')::bigint;
  v_changes jsonb := p->'changes';
  v_named jsonb := coalesce(v_changes->'schedules', '[]');
  v_known integer;
  v_before jsonb;
  v_after jsonb;
  v_now timestamptz;
  v_faults jsonb;
  v_effects jsonb;
begin
  perform 1 from concerts c where c.concert_id = v_id;
  if not found then
    return refusal(json_build_object('kind', 'CONCERT_NOT_FOUND'));
  end if;
  perform lock_seats_to_withdraw(v_id, v_changes);
  perform 1 from schedules sc
    where sc.concert_id = v_id and sc.schedule_id in (
      select (value->>'scheduleId')::bigint from jsonb_array_elements(v_named))
    order by sc.schedule_id for no key update;
  get diagnostics v_known = row_count;
  if v_known < jsonb_array_length(v_named) then
    return refusal(json_build_object('kind', 'SCHEDULE_NOT_FOUND'));
  end if;
  -- What may come on sale needs a room that is not deleted.
  if (v_changes ? 'room' or v_changes->>'status' = 'ON_SALE' or v_named <> '[]')
    and not claim_room(p || jsonb_build_object('room', coalesce(v_changes->>'room',
      (select c.room_id from concerts c where c.concert_id = v_id)))) then
    return refusal(json_build_object('kind', 'ROOM_NOT_FOUND'));
  end if;
  -- Of two changes at once, the audit entry of the second starts from what the first one left.
  perform 1 from concerts c where c.concert_id = v_id for no key update;
  if undoes_final_withdrawal(v_id, v_changes) then
    return refusal(json_build_object('kind', 'WITHDRAWAL_FINAL'));
  end if;
  v_now := act_time((p->>'now')::timestamptz);
  v_before := concert_changeable(v_id, v_named, v_now);
  v_faults := faults_of_times(v_id, v_named);
  if v_faults is not null then
    return invalid(v_faults);
  end if;
  perform change_times(v_id, v_named);
  update concerts c set
      title = case when v_changes ? 'title' then v_changes->>'title' else c.title end,
      description =
        case when v_changes ? 'description' then v_changes->>'description' else c.description end,
      venue = case when v_changes ? 'venue' then v_changes->>'venue' else c.venue end,
      time_zone = coalesce(v_changes->>'timeZone', c.time_zone),
      room_id = coalesce(v_changes->>'room', c.room_id)
    where c.concert_id = v_id;
  perform change_withdrawals(v_id, v_changes, v_now);
  v_after := concert_changeable(v_id, v_named, v_now);
  v_effects := emit_withdrawals(v_id, v_before, v_after, v_now);
  if p->>'act' is not null and v_after <> v_before then
    perform add_audit_entry(v_now, p->'act', 'CONCERT_CHANGED', v_after->>'room', v_id::text,
      changed_members(v_before, v_after), changed_members(v_after, v_before));
  end if;
  return json_build_object('concert', concert_json(v_id, v_now), 'effects', v_effects);
end $$;

-- The seats that are left in a room's concerts, and when the next hold ends; null when the room
-- never had a concert. A room whose concerts all left, ended or were withdrawn has no seat. It reads
-- no seat: the seats left of a schedule are counted already, and the live holds are subtracted.
-- STABLE, so that all its reads see one moment.
create function count_stock(room text, at timestamptz) returns json language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  -- PLENTIFUL_STOCK of src/domain/limits.ts: a count beyond it is not needed.
  v_plenty constant integer := 1000;
  v_held bigint;
  v_left bigint := 0;
  v_of_schedule bigint;
  v_returns_at timestamptz;
begin
  if not coalesce((select r.had_concert from rooms r where r.room_id = room), false) then
    return null;
  end if;
  -- Schedules are read until their seats exceed the live holds of all rooms by v_plenty. Usually
  -- the first few suffice. Those that are over are not read.
  select count(*) into v_held from reservations r where r.status = 'HELD' and r.expires_at > at;
  for v_of_schedule in
    select sc.seats_left
      from schedules sc join concerts c on c.concert_id = sc.concert_id
      where sc.ends_at > at and sc.withdrawn_at is null and sc.seats_left > 0
        and c.room_id = room and c.withdrawn_at is null
  loop
    v_left := v_left + v_of_schedule;
    exit when v_left >= v_held + v_plenty;
  end loop;
  if v_held > 0 and v_left >= v_held + v_plenty then
    select r.expires_at into v_returns_at
      from reservations r
      join schedules sc on sc.schedule_id = r.schedule_id
      join concerts c on c.concert_id = sc.concert_id
      where r.status = 'HELD' and r.expires_at > at and c.room_id = room and c.withdrawn_at is null
        and sells(sc, at)
      order by r.expires_at limit 1;
  elsif v_held > 0 then
    -- Grouped by schedule first: where few seats are left, many holds are of few schedules.
    with held as materialized (
      select r.schedule_id, count(*) as seats, min(r.expires_at) as returns_at
        from reservations r where r.status = 'HELD' and r.expires_at > at group by r.schedule_id)
    select coalesce(sum(h.seats), 0), min(h.returns_at) into v_held, v_returns_at
      from held h
      join schedules sc on sc.schedule_id = h.schedule_id
      join concerts c on c.concert_id = sc.concert_id
      where c.room_id = room and c.withdrawn_at is null and sells(sc, at);
  end if;
  return json_build_object('available', least(v_plenty, v_left - v_held),
    'returnsAtMs', epoch_ms(v_returns_at), 'asOfMs', epoch_ms(at));
end $$;
