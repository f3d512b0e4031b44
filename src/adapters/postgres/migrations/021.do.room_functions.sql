-- What has become of a room: one whose time has come is OPEN since then.
create function room_at_v1(r rooms, at timestamptz) returns rooms language plpgsql immutable as $$
begin
  if r.state in ('CLOSED', 'LOBBY') and r.opens_at <= at then
    r.state := 'OPEN';
    r.changed_at := r.opens_at;
    r.opens_at := null;
  end if;
  return r;
end $$;

-- The settings of a room as the line takes them.
create function room_settings_v1(r rooms) returns jsonb language sql immutable as $$
  select jsonb_build_object(
    'state', r.state, 'opensAtMs', epoch_ms_v1(r.opens_at), 'capacity', r.capacity,
    'admissionsPerMinute', r.admissions_per_minute, 'admissionTtlMs', r.admission_ttl_ms,
    'holdTtlMs', r.hold_ttl_ms, 'pollMinSeconds', r.poll_min_seconds,
    'pollMaxSeconds', r.poll_max_seconds);
$$;

-- The same as the API names them.
create function room_as_told_v1(r rooms) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'state', r.state, 'opensAt', rfc3339_v1(r.opens_at), 'capacity', r.capacity,
    'admissionsPerMinute', r.admissions_per_minute,
    'admissionTtlSeconds', trim_scale(r.admission_ttl_ms / 1000.0),
    'holdTtlSeconds', trim_scale(r.hold_ttl_ms / 1000.0),
    'pollMinSeconds', r.poll_min_seconds, 'pollMaxSeconds', r.poll_max_seconds);
$$;

create function room_with_v1(r rooms, settings jsonb) returns rooms language plpgsql immutable as $$
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

-- A room as it is now, and the rules that the line is to follow: these as they are stored, since
-- the line's own clock decides when the time has come.
create function room_json_v1(r rooms, at timestamptz) returns json language sql stable as $$
  select json_build_object(
    'room', json_build_object(
      'room', r.room_id,
      'settings', room_settings_v1(room_at_v1(r, at)),
      'version', r.version,
      'draw', case when d.draw_id is not null then json_build_object(
        'drawId', d.draw_id, 'commitment', d.commitment,
        'seed', case when held.at is not null then d.seed end,
        'openedAt', rfc3339_v1(held.at)) end,
      'changedAt', rfc3339_v1((room_at_v1(r, at)).changed_at)),
    'rules', room_settings_v1(r) || jsonb_build_object(
      'version', r.version,
      'draw', case when d.draw_id is not null then
        jsonb_build_object('id', d.draw_id, 'seed', d.seed, 'salt', d.salt) end))
  from (select 1) as one
  left join lateral (
    select * from draws d where d.room_id = r.room_id order by d.sequence desc limit 1) d on true
  cross join lateral (
    select coalesce(d.opened_at, case when r.opens_at <= at then r.opens_at end)) as held(at);
$$;

-- Why a room cannot be so, or null. Only what was `named` is found fault with.
create function room_faults_v1(r rooms, named jsonb, at timestamptz) returns json
language sql stable as $$
  select json_agg(json_build_object('path', path, 'message', message)) from (
    select 'opensAt' as path, case
        when r.state not in ('CLOSED', 'LOBBY') then
          'must be null in a room that is ' || r.state || ': only a CLOSED or LOBBY one opens by itself'
        when r.opens_at <= at then 'must be in the future, after ' || rfc3339_v1(at)
      end as message
      where r.opens_at is not null
    union all
    select 'pollMaxSeconds', 'must not be below pollMinSeconds (' || r.poll_min_seconds || ')'
      where r.poll_max_seconds < r.poll_min_seconds and named ? 'pollMaxSeconds'
    union all
    select 'pollMinSeconds', 'must not be above pollMaxSeconds (' || r.poll_max_seconds || ')'
      where r.poll_max_seconds < r.poll_min_seconds and not named ? 'pollMaxSeconds'
  ) as fault
  where message is not null;
$$;

-- The members of `these` that are not the same in `those`; of a list only the items that it has not.
create function members_unlike_v1(these jsonb, those jsonb) returns jsonb
language sql immutable as $$
  select coalesce(jsonb_object_agg(key, case when jsonb_typeof(value) = 'array' then (
        select jsonb_agg(item) from jsonb_array_elements(value) as item
          where item not in (select jsonb_array_elements(those->key)))
      else value end), '{}')
    from jsonb_each(these) where value is distinct from those->key;
$$;

-- One line in the audit log. `act`: {operator, reason}
create function audit_v1(
  at timestamptz, act jsonb, action text, room text, subject text, old jsonb, new jsonb)
returns void language sql volatile as $$
  insert into audit_log (at, operator, action, room_id, subject, old, new, reason)
    values (at, act->>'operator', action, room, subject, nullif(old, 'null'), nullif(new, 'null'),
      act->>'reason');
$$;

-- The stored room, or null. The room main comes into being when it is first asked for; nothing is
-- written after that. {room, first, now}
create function stored_room_v1(p jsonb) returns rooms language plpgsql volatile as $$
declare
  v_id text := p->>'room';
  v_room rooms;
begin
  select * into v_room from rooms r where r.room_id = v_id;
  if found or v_id <> 'main' then
    return v_room;
  end if;
  v_room.room_id := v_id;
  v_room.version := 1;
  v_room.changed_at := act_time_v1((p->>'now')::timestamptz);
  v_room := room_with_v1(v_room, p->'first');
  insert into rooms values (v_room.*) on conflict do nothing;
  select * into v_room from rooms r where r.room_id = v_id;
  return v_room;
end $$;

-- {room, first, now}
create function find_room_v1(p jsonb) returns json language plpgsql volatile as $$
declare
  v_room rooms := stored_room_v1(p);
begin
  return case when v_room.room_id is not null then
    room_json_v1(v_room, act_time_v1((p->>'now')::timestamptz)) end;
end $$;

-- {first, now}
create function list_rooms_v1(p jsonb) returns json language plpgsql volatile as $$
declare
  v_now timestamptz := act_time_v1((p->>'now')::timestamptz);
begin
  perform stored_room_v1(p || '{"room": "main"}');
  return (select json_agg(room_json_v1(r, v_now)->'room' order by r.room_id) from rooms r);
end $$;

-- {room, settings, first, draw: {id, seed, salt}, act, now}
create function create_room_v1(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_now timestamptz := act_time_v1((p->>'now')::timestamptz);
  v_faults json;
  v_room rooms;
begin
  v_room.room_id := p->>'room';
  v_room.version := 1;
  v_room.changed_at := v_now;
  v_room := room_with_v1(v_room, (p->'first') || (p->'settings'));
  v_faults := room_faults_v1(v_room, p->'settings', v_now);
  if v_faults is not null then
    return refusal_v1(json_build_object('kind', 'VALIDATION_FAILED', 'errors', v_faults));
  end if;
  perform stored_room_v1(p);
  insert into rooms values (v_room.*) on conflict do nothing;
  if not found then
    return refusal_v1(json_build_object('kind', 'ROOM_EXISTS'));
  end if;
  if v_room.state = 'LOBBY' then
    insert into draws (draw_id, room_id, seed, salt, created_at)
      values (p->'draw'->>'id', v_room.room_id, p->'draw'->>'seed', p->'draw'->>'salt', v_now);
  end if;
  perform audit_v1(v_now, p->'act', 'ROOM_CREATED', v_room.room_id, null, null,
    room_as_told_v1(v_room));
  return room_json_v1(v_room, v_now);
end $$;

-- Changes what `changes` names, once what time has done by then is written down. A refusal leaves
-- no trace. {room, changes, first, draw: {id, seed, salt}, act, clock, now}
create function change_room_v1(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_id text := p->>'room';
  v_changes jsonb := p->'changes';
  v_stored rooms;
  v_present rooms;
  v_next rooms;
  v_settles boolean;
  v_changed boolean;
  v_faults json;
  v_now timestamptz;
begin
  perform stored_room_v1(p);
  select * into v_stored from rooms r where r.room_id = v_id for no key update;
  if not found then
    return refusal_v1(json_build_object('kind', 'ROOM_NOT_FOUND'));
  end if;
  -- From here on nobody else can change this room: now is the time that counts.
  v_now := act_time_v1((p->>'now')::timestamptz);
  v_present := room_at_v1(v_stored, v_now);
  v_next := room_with_v1(v_present, room_settings_v1(v_present) || v_changes);
  if v_next.state not in ('CLOSED', 'LOBBY') and not v_changes ? 'opensAtMs' then
    v_next.opens_at := null;
  end if;
  v_faults := room_faults_v1(v_next, v_changes, v_now);
  if v_faults is not null then
    return refusal_v1(json_build_object('kind', 'VALIDATION_FAILED', 'errors', v_faults));
  end if;

  v_settles := v_present is distinct from v_stored;
  v_changed := v_next is distinct from v_present;
  if v_settles then
    update draws d set opened_at = v_stored.opens_at where d.room_id = v_id and d.opened_at is null;
    perform audit_v1(v_stored.opens_at, jsonb_build_object('operator', p->>'clock'), 'ROOM_OPENED',
      v_id, null, members_unlike_v1(room_as_told_v1(v_stored), room_as_told_v1(v_present)),
      members_unlike_v1(room_as_told_v1(v_present), room_as_told_v1(v_stored)));
  end if;
  if v_changed then
    if v_next.state = 'LOBBY' then
      insert into draws (draw_id, room_id, seed, salt, created_at)
        select p->'draw'->>'id', v_id, p->'draw'->>'seed', p->'draw'->>'salt', v_now
        where not exists (select 1 from draws d where d.room_id = v_id and d.opened_at is null);
    elsif v_next.state <> 'CLOSED' then
      update draws d set opened_at = v_now where d.room_id = v_id and d.opened_at is null;
    end if;
    perform audit_v1(v_now, p->'act', 'ROOM_CHANGED', v_id, null,
      members_unlike_v1(room_as_told_v1(v_present), room_as_told_v1(v_next)),
      members_unlike_v1(room_as_told_v1(v_next), room_as_told_v1(v_present)));
    v_next.changed_at := v_now;
  end if;
  if v_settles or v_changed then
    update rooms r set
        state = v_next.state, opens_at = v_next.opens_at, capacity = v_next.capacity,
        admissions_per_minute = v_next.admissions_per_minute,
        admission_ttl_ms = v_next.admission_ttl_ms, hold_ttl_ms = v_next.hold_ttl_ms,
        poll_min_seconds = v_next.poll_min_seconds, poll_max_seconds = v_next.poll_max_seconds,
        version = r.version + v_settles::integer + v_changed::integer,
        changed_at = v_next.changed_at
      where r.room_id = v_id returning * into v_next;
  end if;
  return room_json_v1(v_next, v_now);
end $$;

-- Writes down that the opening time has passed. Where it has not, which is nearly always, this
-- only looks. {room, first, clock, now}
create function settle_room_v1(p jsonb) returns json language plpgsql volatile as $$
declare
  v_room rooms := stored_room_v1(p);
  v_now timestamptz := act_time_v1((p->>'now')::timestamptz);
begin
  if v_room.room_id is null then
    return null;
  end if;
  if room_at_v1(v_room, v_now) is distinct from v_room then
    return change_room_v1(p || '{"changes": {}}');
  end if;
  return room_json_v1(v_room, v_now);
end $$;

-- Writes down what was done elsewhere. {entry: {action, room, subject, old, new, operator, reason}, now}
create function record_audit_v1(p jsonb) returns json language plpgsql volatile as $$
declare
  v_entry jsonb := p->'entry';
begin
  perform audit_v1(act_time_v1((p->>'now')::timestamptz), v_entry, v_entry->>'action',
    v_entry->>'room', v_entry->>'subject', v_entry->'old', v_entry->'new');
  return '{}';
end $$;
