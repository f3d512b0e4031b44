-- Each concert names the room whose admitted may see and buy it. Without a foreign key: a Worker of
-- before the rooms goes on putting concerts on sale, in main, which comes into being only when it
-- is first asked for. Rooms are never removed.
alter table concerts add column room_id text not null default 'main';
-- Both what a room has on offer, and what of it is not sold out.
create index concerts_of_room on concerts (room_id, unsold_dates) where withdrawn_at is null;

create function room_refusal_v1(room text) returns json language sql stable as $$
  select refusal_v1(json_build_object('kind', 'ROOM_NOT_FOUND'))
    where room <> 'main' and not exists (select 1 from rooms r where r.room_id = room);
$$;

-- A concert as its operator sees it, or null.
create function concert_for_operator_v2(id bigint) returns json language sql stable as $$
  select json_build_object(
    'concertId', c.concert_id, 'status', concert_status_v1(c), 'title', c.title,
    'description', c.description, 'venue', c.venue, 'room', c.room_id, 'timeZone', c.time_zone,
    'schedules', (
      select json_agg(json_build_object(
          'scheduleId', d.schedule_id,
          'concertAt', rfc3339_v1(d.concert_at),
          'reservationAvailableAt', rfc3339_v1(d.reservation_available_at),
          'status', schedule_status_v1(d),
          'seatCount', d.seat_count,
          'seatsLeft', d.unsold_seats) order by d.schedule_id)
        from schedules d where d.concert_id = c.concert_id))
  from concerts c where c.concert_id = id;
$$;

-- As create_concert_v1, in a room.
-- {title, description, venue, room, timeZone, schedules: [{concertAt, reservationAvailableAt,
--  seats: [{seatNumber, price, section, row, x, y}]}], act: {operator, reason} or null, now}
create function create_concert_v2(p jsonb) returns json language plpgsql volatile as $$
declare
  v_room text := coalesce(p->>'room', 'main');
  v_now timestamptz := act_time_v1((p->>'now')::timestamptz);
  v_refused json := room_refusal_v1(v_room);
  v_concert_id bigint;
  v_schedule_id bigint;
  v_date jsonb;
  v_seats integer := 0;
  v_schedules json[] := '{}';
begin
  if v_refused is not null then
    return v_refused;
  end if;
  insert into concerts (title, description, venue, room_id, time_zone, unsold_dates, created_at)
    values (p->>'title', p->>'description', p->>'venue', v_room, p->>'timeZone',
      jsonb_array_length(p->'schedules'), v_now)
    returning concert_id into v_concert_id;
  for v_date in select value from jsonb_array_elements(p->'schedules') loop
    insert into schedules (concert_id, concert_at, reservation_available_at, seat_count, unsold_seats)
      values (v_concert_id, (v_date->>'concertAt')::timestamptz,
        (v_date->>'reservationAvailableAt')::timestamptz,
        jsonb_array_length(v_date->'seats'), jsonb_array_length(v_date->'seats'))
      returning schedule_id into v_schedule_id;
    insert into seats (schedule_id, seat_number, section, row_name, x, y, price)
      select v_schedule_id, (seat->>'seatNumber')::integer, seat->>'section', seat->>'row',
        (seat->>'x')::double precision, (seat->>'y')::double precision, (seat->>'price')::bigint
      from jsonb_array_elements(v_date->'seats') with ordinality as wanted(seat, position)
      order by position;
    v_seats := v_seats + jsonb_array_length(v_date->'seats');
    v_schedules := v_schedules || (
      select json_build_object(
        'scheduleId', d.schedule_id,
        'concertAt', rfc3339_v1(d.concert_at),
        'reservationAvailableAt', rfc3339_v1(d.reservation_available_at),
        'status', schedule_status_v1(d),
        'seats', (
          select json_agg(json_build_object('seatId', s.seat_id, 'seatNumber', s.seat_number)
              order by s.seat_id)
            from seats s where s.schedule_id = d.schedule_id))
      from schedules d where d.schedule_id = v_schedule_id);
  end loop;
  if p->>'act' is not null then
    perform audit_v1(v_now, p->'act', 'CONCERT_CREATED', v_room, v_concert_id::text, null,
      jsonb_build_object('title', p->>'title', 'room', v_room,
        'dates', jsonb_array_length(p->'schedules'), 'seats', v_seats));
  end if;
  return (
    select json_build_object('concert', json_build_object(
      'concertId', c.concert_id, 'status', concert_status_v1(c), 'title', c.title,
      'description', c.description, 'venue', c.venue, 'room', c.room_id, 'timeZone', c.time_zone,
      'schedules', array_to_json(v_schedules)))
    from concerts c where c.concert_id = v_concert_id);
end $$;

-- What of a concert and of these dates of it can be changed.
create function concert_as_told_v1(id bigint, dates jsonb) returns jsonb language sql stable as $$
  select jsonb_build_object('title', c.title, 'description', c.description, 'venue', c.venue,
      'room', c.room_id, 'status', concert_status_v1(c), 'schedules', (
        select jsonb_agg(jsonb_build_object('scheduleId', d.schedule_id,
            'reservationAvailableAt', rfc3339_v1(d.reservation_available_at)) order by d.schedule_id)
          from schedules d where d.concert_id = id and d.schedule_id in (
            select (value->>'scheduleId')::bigint from jsonb_array_elements(dates))))
    from concerts c where c.concert_id = id;
$$;

-- Changes what `changes` has, all or none. Dates are locked before their concert.
-- {concertId, changes: {title, description, venue, room, status, schedules: [{scheduleId,
--  reservationAvailableAt}]}, act: {operator, reason} or null, now}
create function update_concert_v2(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_id bigint := (p->>'concertId')::bigint;
  v_changes jsonb := p->'changes';
  v_dates jsonb := coalesce(v_changes->'schedules', '[]');
  v_known integer;
  v_refused json;
  v_before jsonb;
  v_after jsonb;
  v_now timestamptz;
begin
  perform 1 from concerts c where c.concert_id = v_id;
  if not found then
    return refusal_v1(json_build_object('kind', 'CONCERT_NOT_FOUND'));
  end if;
  perform 1 from schedules d
    where d.concert_id = v_id and d.schedule_id in (
      select (value->>'scheduleId')::bigint from jsonb_array_elements(v_dates))
    order by d.schedule_id for no key update;
  get diagnostics v_known = row_count;
  if v_known < jsonb_array_length(v_dates) then
    return refusal_v1(json_build_object('kind', 'SCHEDULE_NOT_FOUND'));
  end if;
  v_refused := room_refusal_v1(v_changes->>'room');
  if v_refused is not null then
    return v_refused;
  end if;
  -- Of two changes at once each tells the log what the one before it left.
  perform 1 from concerts c where c.concert_id = v_id for no key update;
  v_now := act_time_v1((p->>'now')::timestamptz);
  v_before := concert_as_told_v1(v_id, v_dates);
  update schedules d set reservation_available_at = (value->>'reservationAvailableAt')::timestamptz
    from jsonb_array_elements(v_dates)
    where d.concert_id = v_id and d.schedule_id = (value->>'scheduleId')::bigint;
  update concerts c set
      title = case when v_changes ? 'title' then v_changes->>'title' else c.title end,
      description =
        case when v_changes ? 'description' then v_changes->>'description' else c.description end,
      venue = case when v_changes ? 'venue' then v_changes->>'venue' else c.venue end,
      room_id = coalesce(v_changes->>'room', c.room_id),
      withdrawn_at = case when v_changes->>'status' = 'WITHDRAWN'
        then coalesce(c.withdrawn_at, v_now) else c.withdrawn_at end
    where c.concert_id = v_id;
  v_after := concert_as_told_v1(v_id, v_dates);
  if p->>'act' is not null and v_after <> v_before then
    perform audit_v1(v_now, p->'act', 'CONCERT_CHANGED', v_after->>'room', v_id::text,
      members_unlike_v1(v_before, v_after), members_unlike_v1(v_after, v_before));
  end if;
  return json_build_object('concert', concert_for_operator_v2(v_id));
end $$;
