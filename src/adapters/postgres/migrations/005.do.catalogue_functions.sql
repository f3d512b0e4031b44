create function concert_status_v1(c concerts) returns text language sql immutable as $$
  select case when c.withdrawn_at is not null then 'WITHDRAWN'
              when c.unsold_dates = 0 then 'SOLD_OUT' else 'ON_SALE' end;
$$;

create function schedule_status_v1(d schedules) returns text language sql immutable as $$
  select case when d.unsold_seats = 0 then 'SOLD_OUT' else 'ON_SALE' end;
$$;

-- A concert as its operator sees it, or null.
create function concert_for_operator_v1(id bigint) returns json language sql stable as $$
  select json_build_object(
    'concertId', c.concert_id, 'status', concert_status_v1(c), 'title', c.title,
    'description', c.description, 'venue', c.venue, 'timeZone', c.time_zone,
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

-- {title, description, venue, timeZone, schedules: [{concertAt, reservationAvailableAt,
--  seats: [{seatNumber, price, section, row, x, y}]}], now}
create function create_concert_v1(p jsonb) returns json language plpgsql volatile as $$
declare
  v_concert_id bigint;
  v_schedule_id bigint;
  v_date jsonb;
  v_schedules json[] := '{}';
begin
  insert into concerts (title, description, venue, time_zone, unsold_dates, created_at)
    values (p->>'title', p->>'description', p->>'venue', p->>'timeZone',
      jsonb_array_length(p->'schedules'), act_time_v1((p->>'now')::timestamptz))
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
  return (
    select json_build_object('concertId', c.concert_id, 'status', concert_status_v1(c),
      'title', c.title, 'description', c.description, 'venue', c.venue, 'timeZone', c.time_zone,
      'schedules', array_to_json(v_schedules))
    from concerts c where c.concert_id = v_concert_id);
end $$;

-- Changes what `changes` has, all or none. Dates are locked before their concert.
-- {concertId, changes: {title, description, venue, status, schedules: [{scheduleId,
--  reservationAvailableAt}]}, now}
create function update_concert_v1(p jsonb) returns json language plpgsql volatile as $$
declare
  v_id bigint := (p->>'concertId')::bigint;
  v_changes jsonb := p->'changes';
  v_known integer;
begin
  perform limit_lock_waits_v1();
  perform 1 from concerts c where c.concert_id = v_id;
  if not found then
    return refusal_v1(json_build_object('kind', 'CONCERT_NOT_FOUND'));
  end if;
  if v_changes ? 'schedules' then
    perform 1 from schedules d
      where d.concert_id = v_id and d.schedule_id in (
        select (value->>'scheduleId')::bigint from jsonb_array_elements(v_changes->'schedules'))
      order by d.schedule_id for no key update;
    get diagnostics v_known = row_count;
    if v_known < jsonb_array_length(v_changes->'schedules') then
      return refusal_v1(json_build_object('kind', 'SCHEDULE_NOT_FOUND'));
    end if;
    update schedules d set reservation_available_at = (value->>'reservationAvailableAt')::timestamptz
      from jsonb_array_elements(v_changes->'schedules')
      where d.concert_id = v_id and d.schedule_id = (value->>'scheduleId')::bigint;
  end if;
  update concerts c set
      title = case when v_changes ? 'title' then v_changes->>'title' else c.title end,
      description =
        case when v_changes ? 'description' then v_changes->>'description' else c.description end,
      venue = case when v_changes ? 'venue' then v_changes->>'venue' else c.venue end,
      withdrawn_at = case when v_changes->>'status' = 'WITHDRAWN'
        then coalesce(c.withdrawn_at, act_time_v1((p->>'now')::timestamptz)) else c.withdrawn_at end
    where c.concert_id = v_id;
  return json_build_object('concert', concert_for_operator_v1(v_id));
end $$;
