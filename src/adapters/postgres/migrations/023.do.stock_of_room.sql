-- What seats a room's fans may hope for, or null when the room never had a concert. Nothing
-- goes through seats: a date's unsold seats are counted already, and of these the live holds are
-- taken off. Stable, so that all is seen at one moment.
create function stock_of_room_v1(room text, at timestamptz) returns json language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_plenty constant integer := 1000;
  v_held bigint;
  v_unsold bigint := 0;
  v_of_concert bigint;
  v_returns_at timestamptz;
begin
  if not exists (
    select 1 from concerts c where c.room_id = room and c.withdrawn_at is null
  ) then
    -- All were withdrawn: nothing is left to wait for.
    return (
      select json_build_object('available', 0, 'returnsAtMs', null, 'asOfMs', epoch_ms_v1(at))
        where exists (select 1 from concerts c where c.room_id = room));
  end if;
  -- Concerts are read until they have plenty of seats beyond all live holds, whosever these are:
  -- mostly the first few show it. One that is sold out is not looked at.
  select count(*) into v_held from reservations r where r.status = 'HELD' and r.expires_at > at;
  for v_of_concert in
    select (select sum(d.unsold_seats) from schedules d where d.concert_id = c.concert_id)
      from concerts c
      where c.room_id = room and c.withdrawn_at is null and c.unsold_dates > 0
  loop
    v_unsold := v_unsold + v_of_concert;
    exit when v_unsold >= v_held + v_plenty;
  end loop;
  if v_held > 0 and v_unsold >= v_held + v_plenty then
    select r.expires_at into v_returns_at
      from reservations r
      join schedules d on d.schedule_id = r.schedule_id
      join concerts c on c.concert_id = d.concert_id
      where r.status = 'HELD' and r.expires_at > at and c.room_id = room and c.withdrawn_at is null
      order by r.expires_at limit 1;
  elsif v_held > 0 then
    -- By date first: where little is left there are many holds, of few dates.
    with held as materialized (
      select r.schedule_id, count(*) as seats, min(r.expires_at) as returns_at
        from reservations r where r.status = 'HELD' and r.expires_at > at group by r.schedule_id)
    select coalesce(sum(h.seats), 0), min(h.returns_at) into v_held, v_returns_at
      from held h
      join schedules d on d.schedule_id = h.schedule_id
      join concerts c on c.concert_id = d.concert_id
      where c.room_id = room and c.withdrawn_at is null;
  end if;
  return json_build_object('available', least(v_plenty, v_unsold - v_held),
    'returnsAtMs', epoch_ms_v1(v_returns_at), 'asOfMs', epoch_ms_v1(at));
end $$;
