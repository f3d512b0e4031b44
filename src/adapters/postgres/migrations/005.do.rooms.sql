-- The room as it is at this time: one whose opening time has passed is OPEN since then.
create function room_at(r rooms, at timestamptz) returns rooms language plpgsql immutable as $$
begin
  if r.state in ('CLOSED', 'LOBBY') and r.opens_at <= at then
    r.state := 'OPEN';
    r.changed_at := r.opens_at;
    r.opens_at := null;
  end if;
  return r;
end $$;

-- The settings of a room as the program handles them.
create function room_settings(r rooms) returns jsonb language sql immutable as $$
  select jsonb_build_object(
    'state', r.state, 'opensAtMs', epoch_ms(r.opens_at), 'capacity', r.capacity,
    'admissionsPerMinute', r.admissions_per_minute, 'admissionTtlMs', r.admission_ttl_ms,
    'holdTtlMs', r.hold_ttl_ms, 'pollMinSeconds', r.poll_min_seconds,
    'pollMaxSeconds', r.poll_max_seconds);
$$;

-- The settings of a room as the API and the audit log show them.
create function room_settings_shown(r rooms) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'state', r.state, 'opensAt', rfc3339(r.opens_at), 'capacity', r.capacity,
    'admissionsPerMinute', r.admissions_per_minute,
    'admissionTtlSeconds', trim_scale(r.admission_ttl_ms / 1000.0),
    'holdTtlSeconds', trim_scale(r.hold_ttl_ms / 1000.0),
    'pollMinSeconds', r.poll_min_seconds, 'pollMaxSeconds', r.poll_max_seconds);
$$;

create function room_with_settings(r rooms, settings jsonb) returns rooms
language plpgsql immutable as $$
begin
  r.state := settings->>'state';
  r.opens_at := timestamptz 'epoch' + (settings->>'opensAtMs')::bigint * interval '1 millisecond';
  r.capacity := settings->>'capacity';
  r.admissions_per_minute := settings->>'admissionsPerMinute';
  r.admission_ttl_ms := settings->>'admissionTtlMs';
  r.hold_ttl_ms := settings->>'holdTtlMs';
  r.poll_min_seconds := settings->>'pollMinSeconds';
  r.poll_max_seconds := settings->>'pollMaxSeconds';
  return r;
end $$;

-- A room as it is at this time, and the rules for the queue store. The rules are as they are
-- stored, because the queue store decides by its own clock whether the opening time has passed.
create function room_json(r rooms, at timestamptz) returns json language sql stable as $$
  select json_build_object(
    'room', json_build_object(
      'room', r.room_id,
      'settings', room_settings(room_at(r, at)),
      'version', r.version,
      'draw', case when d.draw_id is not null then json_build_object(
        'drawId', d.draw_id, 'commitment', d.commitment,
        'seed', case when held.at is not null then d.seed end,
        'openedAt', rfc3339(held.at)) end,
      'changedAt', rfc3339((room_at(r, at)).changed_at)),
    'rules', room_settings(r) || jsonb_build_object(
      'version', r.version,
      'draw', case when d.draw_id is not null then
        jsonb_build_object('id', d.draw_id, 'seed', d.seed, 'salt', d.salt) end))
  from (select 1) as one
  left join lateral (
    select * from draws d where d.room_id = r.room_id order by d.sequence desc limit 1) d on true
  cross join lateral (
    select coalesce(d.opened_at, case when r.opens_at <= at then r.opens_at end)) as held(at);
$$;

-- What is wrong with the settings of a room, as [{code, …}], or null. Poll limits that exclude each
-- other are the fault of the one that the request names.
create function room_settings_faults(r rooms, named jsonb, at timestamptz) returns json
language sql stable as $$
  select json_agg(fault) from (
    select json_build_object('code', 'OPENS_AT_NOT_ALLOWED', 'state', r.state) as fault
      where r.opens_at is not null and r.state not in ('CLOSED', 'LOBBY')
    union all
    select json_build_object('code', 'OPENS_AT_IN_PAST', 'now', rfc3339(at))
      where r.opens_at <= at and r.state in ('CLOSED', 'LOBBY')
    union all
    select case when named ? 'pollMaxSeconds'
        then json_build_object('code', 'POLL_MAX_BELOW_MIN', 'pollMinSeconds', r.poll_min_seconds)
        else json_build_object('code', 'POLL_MIN_ABOVE_MAX', 'pollMaxSeconds', r.poll_max_seconds)
        end
      where r.poll_max_seconds < r.poll_min_seconds
  ) as faults;
$$;

-- The stored room, or null. The first call for the room main inserts it with the default settings.
-- {room, defaultSettings, now}
create function load_room(p jsonb) returns rooms language plpgsql volatile as $$
declare
  v_id text := p->>'room';
  v_room rooms;
begin
  select * into v_room from rooms r where r.room_id = v_id;
  if found or v_id is distinct from 'main' then
    return v_room;
  end if;
  v_room.room_id := v_id;
  v_room.version := 1;
  v_room.changed_at := act_time((p->>'now')::timestamptz);
  v_room := room_with_settings(v_room, p->'defaultSettings');
  insert into rooms values (v_room.*) on conflict do nothing;
  select * into v_room from rooms r where r.room_id = v_id;
  return v_room;
end $$;

-- {room, defaultSettings, now}
create function find_room(p jsonb) returns json language plpgsql volatile as $$
declare
  v_room rooms := load_room(p);
begin
  return case when v_room.room_id is not null then
    room_json(v_room, act_time((p->>'now')::timestamptz)) end;
end $$;

-- {defaultSettings, now}
create function list_rooms(p jsonb) returns json language plpgsql volatile as $$
declare
  v_now timestamptz := act_time((p->>'now')::timestamptz);
begin
  perform load_room(p || '{"room": "main"}');
  return (select json_agg(room_json(r, v_now)->'room' order by r.room_id) from rooms r);
end $$;

-- Settings that are not named are the default settings.
-- {room, settings, defaultSettings, draw: {id, seed, salt}, act: {operator, reason}, now}
create function create_room(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_now timestamptz := act_time((p->>'now')::timestamptz);
  v_faults json;
  v_room rooms;
begin
  v_room.room_id := p->>'room';
  v_room.version := 1;
  v_room.changed_at := v_now;
  v_room := room_with_settings(v_room, (p->'defaultSettings') || (p->'settings'));
  v_faults := room_settings_faults(v_room, p->'settings', v_now);
  if v_faults is not null then
    return refusal(json_build_object('kind', 'ROOM_SETTINGS_INVALID', 'faults', v_faults));
  end if;
  perform load_room(p);
  insert into rooms values (v_room.*) on conflict do nothing;
  if not found then
    return refusal(json_build_object('kind', 'ROOM_EXISTS'));
  end if;
  if v_room.state = 'LOBBY' then
    insert into draws (draw_id, room_id, seed, salt, created_at)
      values (p->'draw'->>'id', v_room.room_id, p->'draw'->>'seed', p->'draw'->>'salt', v_now);
  end if;
  perform add_audit_entry(v_now, p->'act', 'ROOM_CREATED', v_room.room_id, null, null,
    room_settings_shown(v_room));
  return room_json(v_room, v_now);
end $$;

-- Changes the settings that `changes` names. An opening time that has passed is written first, as a
-- version and an audit entry of its own; a refusal writes nothing.
-- {room, changes, defaultSettings, draw: {id, seed, salt}, act: {operator, reason},
--  clockOperator, now}, where `clockOperator` is the operator of an opening by its set time.
create function change_room(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_id text := p->>'room';
  v_changes jsonb := p->'changes';
  v_stored rooms;
  v_present rooms;
  v_next rooms;
  v_opened boolean;
  v_changed boolean;
  v_faults json;
  v_now timestamptz;
begin
  perform load_room(p);
  select * into v_stored from rooms r where r.room_id = v_id for no key update;
  if not found then
    return refusal(json_build_object('kind', 'ROOM_NOT_FOUND'));
  end if;
  -- Under the lock nobody else changes this room, so this is the time that decides.
  v_now := act_time((p->>'now')::timestamptz);
  v_present := room_at(v_stored, v_now);
  v_next := room_with_settings(v_present, room_settings(v_present) || v_changes);
  if v_next.state not in ('CLOSED', 'LOBBY') and not v_changes ? 'opensAtMs' then
    v_next.opens_at := null;
  end if;
  v_faults := room_settings_faults(v_next, v_changes, v_now);
  if v_faults is not null then
    return refusal(json_build_object('kind', 'ROOM_SETTINGS_INVALID', 'faults', v_faults));
  end if;

  v_opened := v_present is distinct from v_stored;
  v_changed := v_next is distinct from v_present;
  if v_opened then
    update draws d set opened_at = v_stored.opens_at where d.room_id = v_id and d.opened_at is null;
    perform add_audit_entry(v_stored.opens_at, jsonb_build_object('operator', p->>'clockOperator'),
      'ROOM_OPENED', v_id, null,
      changed_members(room_settings_shown(v_stored), room_settings_shown(v_present)),
      changed_members(room_settings_shown(v_present), room_settings_shown(v_stored)));
  end if;
  if v_changed then
    if v_next.state = 'LOBBY' then
      insert into draws (draw_id, room_id, seed, salt, created_at)
        select p->'draw'->>'id', v_id, p->'draw'->>'seed', p->'draw'->>'salt', v_now
        where not exists (select 1 from draws d where d.room_id = v_id and d.opened_at is null);
    elsif v_next.state <> 'CLOSED' then
      update draws d set opened_at = v_now where d.room_id = v_id and d.opened_at is null;
    end if;
    perform add_audit_entry(v_now, p->'act', 'ROOM_CHANGED', v_id, null,
      changed_members(room_settings_shown(v_present), room_settings_shown(v_next)),
      changed_members(room_settings_shown(v_next), room_settings_shown(v_present)));
    v_next.changed_at := v_now;
  end if;
  if v_opened or v_changed then
    update rooms r set
        state = v_next.state, opens_at = v_next.opens_at, capacity = v_next.capacity,
        admissions_per_minute = v_next.admissions_per_minute,
        admission_ttl_ms = v_next.admission_ttl_ms, hold_ttl_ms = v_next.hold_ttl_ms,
        poll_min_seconds = v_next.poll_min_seconds, poll_max_seconds = v_next.poll_max_seconds,
        version = r.version + v_opened::integer + v_changed::integer,
        changed_at = v_next.changed_at
      where r.room_id = v_id returning * into v_next;
  end if;
  return room_json(v_next, v_now);
end $$;

-- Writes that the opening time has passed. Before that time, and afterwards, it only reads.
-- {room, defaultSettings, clockOperator, now}
create function record_opening(p jsonb) returns json language plpgsql volatile as $$
declare
  v_room rooms := load_room(p);
  v_now timestamptz := act_time((p->>'now')::timestamptz);
begin
  if v_room.room_id is null then
    return null;
  end if;
  if room_at(v_room, v_now) is distinct from v_room then
    return change_room(p || '{"changes": {}}');
  end if;
  return room_json(v_room, v_now);
end $$;

-- Records what an operator did outside of this database.
-- {entry: {action, room, subject, old, new, operator, reason}, defaultSettings, now}
create function record_audit_entry(p jsonb) returns json language plpgsql volatile as $$
declare
  v_entry jsonb := p->'entry';
begin
  perform load_room(p || jsonb_build_object('room', v_entry->>'room'));
  perform add_audit_entry(act_time((p->>'now')::timestamptz), v_entry, v_entry->>'action',
    v_entry->>'room', v_entry->>'subject', v_entry->'old', v_entry->'new');
  return '{}';
end $$;
