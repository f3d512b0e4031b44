-- The room as it is at this time: one whose opening time has passed is open since then. `opened`
-- has the settings that an opening changes: {state, policy, opensAtMs}.
create function room_at(r rooms, at timestamptz, opened jsonb) returns rooms
language plpgsql immutable as $$
begin
  if r.opens_at <= at then
    r.changed_at := r.opens_at;
    r := room_with_settings(r, room_settings(r) || opened);
  end if;
  return r;
end $$;

-- The settings of a room as the program handles them.
create function room_settings(r rooms) returns jsonb language sql immutable as $$
  select jsonb_build_object(
    'state', r.state, 'opensAtMs', epoch_ms(r.opens_at), 'capacity', r.capacity,
    'admissionsPerMinute', r.admissions_per_minute, 'admissionTtlMs', r.admission_ttl_ms,
    'holdTtlMs', r.hold_ttl_ms, 'pollMinSeconds', r.poll_min_seconds,
    'pollMaxSeconds', r.poll_max_seconds, 'challengeAtJoin', r.challenge_at_join);
$$;

-- The settings of a room as the API and the audit log show them.
create function room_settings_shown(r rooms) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'state', r.state, 'opensAt', rfc3339(r.opens_at), 'capacity', r.capacity,
    'admissionsPerMinute', r.admissions_per_minute,
    'admissionTtlSeconds', trim_scale(r.admission_ttl_ms / 1000.0),
    'holdTtlSeconds', trim_scale(r.hold_ttl_ms / 1000.0),
    'pollMinSeconds', r.poll_min_seconds, 'pollMaxSeconds', r.poll_max_seconds,
    'challengeAtJoin', r.challenge_at_join);
$$;

-- A state comes with its `policy`, unless it is the state that the room has already.
create function room_with_settings(r rooms, settings jsonb) returns rooms
language plpgsql immutable as $$
begin
  r.state := settings->>'state';
  if settings ? 'policy' then
    r.opens_by_itself := settings->'policy'->>'opensByItself';
    r.gathers := settings->'policy'->>'gathers';
    r.ends_gathering := settings->'policy'->>'endsGathering';
  end if;
  r.opens_at := timestamptz 'epoch' + (settings->>'opensAtMs')::bigint * interval '1 millisecond';
  r.capacity := settings->>'capacity';
  r.admissions_per_minute := settings->>'admissionsPerMinute';
  r.admission_ttl_ms := settings->>'admissionTtlMs';
  r.hold_ttl_ms := settings->>'holdTtlMs';
  r.poll_min_seconds := settings->>'pollMinSeconds';
  r.poll_max_seconds := settings->>'pollMaxSeconds';
  r.challenge_at_join := settings->>'challengeAtJoin';
  return r;
end $$;

-- A room as it is at this time, and the rules for the queue store. The rules are as they are
-- stored, because the queue store decides by its own clock whether the opening time has passed.
create function room_json(r rooms, at timestamptz, opened jsonb) returns json
language sql stable as $$
  select json_build_object(
    'room', json_build_object(
      'room', r.room_id,
      'settings', room_settings(room_at(r, at, opened)),
      'version', r.version,
      'draw', case when d.draw_id is not null then json_build_object(
        'drawId', d.draw_id, 'commitment', d.commitment,
        'seed', case when held.at is not null then d.seed end,
        'openedAt', rfc3339(held.at)) end,
      'changedAt', rfc3339((room_at(r, at, opened)).changed_at)),
    'rules', room_settings(r) || jsonb_build_object(
      'version', r.version,
      'madeAtMs', epoch_ms(r.made_at),
      'draw', case when d.draw_id is not null then
        jsonb_build_object('id', d.draw_id, 'seed', d.seed, 'salt', d.salt) end))
  from (select 1) as one
  left join lateral (
    select * from draws d
      where d.room_id = r.room_id
        -- Those of a deleted room of the same name are older.
        and d.created_at >= r.made_at
      order by d.sequence desc limit 1) d on true
  cross join lateral (
    select coalesce(d.opened_at, case when r.opens_at <= at then r.opens_at end)) as held(at);
$$;

-- What is wrong with the settings of a room, as [{code, …}], or null. Poll limits that exclude each
-- other are the fault of the one that the request names.
create function room_settings_faults(r rooms, named jsonb, at timestamptz) returns json
language sql stable as $$
  select json_agg(fault) from (
    select json_build_object('code', 'OPENS_AT_NOT_ALLOWED', 'state', r.state) as fault
      where r.opens_at is not null and not r.opens_by_itself
    union all
    select json_build_object('code', 'OPENS_AT_IN_PAST', 'now', rfc3339(at))
      where r.opens_at <= at and r.opens_by_itself
    union all
    select case when named ? 'pollMaxSeconds'
        then json_build_object('code', 'POLL_MAX_BELOW_MIN', 'pollMinSeconds', r.poll_min_seconds)
        else json_build_object('code', 'POLL_MIN_ABOVE_MAX', 'pollMaxSeconds', r.poll_max_seconds)
        end
      where r.poll_max_seconds < r.poll_min_seconds
  ) as faults;
$$;

-- The stored room; null if there is none or it was deleted. The first call for the room main inserts
-- it with the default settings; nobody can delete it.
-- {room, defaultSettings, now}
create function load_room(p jsonb) returns rooms language plpgsql volatile as $$
declare
  v_id text := p->>'room';
  v_room rooms;
begin
  select * into v_room from rooms r where r.room_id = v_id and r.deleted_at is null;
  if found or v_id is distinct from 'main' then
    return v_room;
  end if;
  v_room.room_id := v_id;
  v_room.version := 1;
  v_room.made_at := act_time((p->>'now')::timestamptz);
  v_room.changed_at := v_room.made_at;
  v_room.had_concert := false;
  v_room := room_with_settings(v_room, p->'defaultSettings');
  insert into rooms values (v_room.*) on conflict do nothing;
  select * into v_room from rooms r where r.room_id = v_id;
  return v_room;
end $$;

-- {room, defaultSettings, opened, now}
create function find_room(p jsonb) returns json language plpgsql volatile as $$
declare
  v_room rooms := load_room(p);
begin
  return case when v_room.room_id is not null then
    room_json(v_room, act_time((p->>'now')::timestamptz), p->'opened') end;
end $$;

-- {defaultSettings, opened, now, after or null, limit}
create function list_rooms(p jsonb) returns json language plpgsql volatile as $$
declare
  v_now timestamptz := act_time((p->>'now')::timestamptz);
begin
  perform load_room(p || '{"room": "main"}');
  return (select coalesce(json_agg(room_json(r, v_now, p->'opened')->'room' order by r.room_id), '[]')
    from rooms r where r.room_id in (
      select n.room_id from rooms n
        where n.deleted_at is null and (p->>'after' is null or n.room_id > p->>'after')
        order by n.room_id limit (p->>'limit')::int));
end $$;

create function has_pending_draw(room text) returns boolean language sql stable as $$
  select exists (select 1 from draws d where d.room_id = room and d.opened_at is null);
$$;

-- The draw of the fans who gather now, unless the room has a draw that was not held yet.
create function add_draw(room text, draw jsonb, at timestamptz) returns void
language sql volatile as $$
  insert into draws (draw_id, room_id, seed, salt, created_at)
    select draw->>'id', room, draw->>'seed', draw->>'salt', at where not has_pending_draw(room);
$$;

create function hold_draw(room text, at timestamptz) returns void language sql volatile as $$
  update draws d set opened_at = at where d.room_id = room and d.opened_at is null;
$$;

-- Adds an entry with the settings that differ.
create function add_room_entry(
  at timestamptz, by jsonb, action text, old_room rooms, new_room rooms)
returns void language sql volatile as $$
  select add_audit_entry(at, by, action, new_room.room_id, null,
    changed_members(room_settings_shown(old_room), room_settings_shown(new_room)),
    changed_members(room_settings_shown(new_room), room_settings_shown(old_room)));
$$;

-- Changes the settings that `changes` names. An opening time that has passed is written first, as a
-- version and an audit entry of its own; a refusal writes nothing. So near to an opening time that
-- the queue may have opened the room already, a change of state or opening time holds the draw.
-- A change that holds a draw needs `endLobby`. A queue that follows a version `atLeast` above that
-- of the room, as after this database was restored, makes every call a change.
-- {room, changes, defaultSettings, opened, draw: {id, seed, salt}, act: {operator, reason},
--  endLobby, atLeast, openingMarginMs, clockOperator, now}, where `clockOperator` is the operator of
--  an opening by its set time.
create function change_room(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_id text := p->>'room';
  v_changes jsonb := p->'changes';
  v_at_least bigint := coalesce((p->>'atLeast')::bigint, 0);
  v_stored rooms;
  v_present rooms;
  v_next rooms;
  v_opened boolean;
  v_opens_soon boolean;
  v_changed boolean;
  v_holds_draw boolean;
  v_faults json;
  v_now timestamptz;
begin
  perform load_room(p);
  select * into v_stored from rooms r
    where r.room_id = v_id and r.deleted_at is null for no key update;
  if not found then
    return refusal(json_build_object('kind', 'ROOM_NOT_FOUND'));
  end if;
  -- Under the lock nobody else changes this room, so this is the time that decides.
  v_now := act_time((p->>'now')::timestamptz);
  v_present := room_at(v_stored, v_now, p->'opened');
  v_next := room_with_settings(v_present, room_settings(v_present) || v_changes);
  v_faults := room_settings_faults(v_next, v_changes, v_now);
  if v_faults is not null then
    return refusal(json_build_object('kind', 'ROOM_SETTINGS_INVALID', 'faults', v_faults));
  end if;

  v_opened := v_present is distinct from v_stored;
  v_changed := v_next is distinct from v_present or v_at_least > v_stored.version;
  v_opens_soon := (v_next.state, v_next.opens_at)
      is distinct from (v_present.state, v_present.opens_at)
    and v_present.opens_at <= v_now + (p->>'openingMarginMs')::bigint * interval '1 millisecond';
  v_holds_draw := (v_next.ends_gathering or coalesce(v_opens_soon, false))
    and not v_opened and has_pending_draw(v_id);
  if v_holds_draw and not coalesce((p->>'endLobby')::boolean, false) then
    return refusal(json_build_object('kind', 'LOBBY_WOULD_END', 'state', v_next.state,
      'opensAt', case when not v_next.ends_gathering then rfc3339(v_present.opens_at) end));
  end if;
  if v_opened then
    perform hold_draw(v_id, v_stored.opens_at);
    perform add_room_entry(v_stored.opens_at, jsonb_build_object('operator', p->>'clockOperator'),
      'ROOM_OPENED', v_stored, v_present);
  elsif v_holds_draw then
    perform hold_draw(v_id, v_now);
  end if;
  if v_changed then
    if v_next.gathers then
      perform add_draw(v_id, p->'draw', v_now);
    end if;
    perform add_room_entry(v_now, p->'act', 'ROOM_CHANGED', v_present, v_next);
    v_next.changed_at := v_now;
  end if;
  if v_opened or v_changed then
    v_next.version := greatest(v_stored.version, v_at_least)
      + v_opened::integer + v_changed::integer;
    update rooms r set
        state = v_next.state, opens_by_itself = v_next.opens_by_itself, gathers = v_next.gathers,
        ends_gathering = v_next.ends_gathering, opens_at = v_next.opens_at,
        capacity = v_next.capacity, admissions_per_minute = v_next.admissions_per_minute,
        admission_ttl_ms = v_next.admission_ttl_ms, hold_ttl_ms = v_next.hold_ttl_ms,
        poll_min_seconds = v_next.poll_min_seconds, poll_max_seconds = v_next.poll_max_seconds,
        challenge_at_join = v_next.challenge_at_join,
        version = v_next.version, changed_at = v_next.changed_at
      where r.room_id = v_id;
  end if;
  return room_json(v_next, v_now, p->'opened');
end $$;

-- Writes that the opening time has passed. Before that time, and afterwards, it only reads.
-- {room, defaultSettings, opened, clockOperator, now}
create function record_opening(p jsonb) returns json language plpgsql volatile as $$
declare
  v_room rooms := load_room(p);
  v_now timestamptz := act_time((p->>'now')::timestamptz);
begin
  if v_room.room_id is null then
    return null;
  end if;
  if v_room.opens_at <= v_now then
    return change_room(p || '{"changes": {}}');
  end if;
  return room_json(v_room, v_now, p->'opened');
end $$;

-- Records what an operator did outside of this database, once under an idempotency key: the entry of
-- the audit log, if there is one, and the answer.
-- {entry: {action, room, subject, old, new, operator, reason} or null, answer as JSON text, effects,
--  idempotency: {caller, route, key, bodyHash} or null, defaultSettings, now}
create function record_outside_act(p jsonb) returns json language plpgsql volatile as $$
declare
  v_entry jsonb := p->'entry';
  v_caller text := p->'idempotency'->>'caller';
  v_recorded json := claim_idempotency_key(v_caller, p->'idempotency');
  v_now timestamptz := act_time((p->>'now')::timestamptz);
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  if v_entry->>'action' is not null then
    perform load_room(p || jsonb_build_object('room', v_entry->>'room'));
    perform add_audit_entry(v_now, v_entry, v_entry->>'action', v_entry->>'room',
      v_entry->>'subject', v_entry->'old', v_entry->'new');
  end if;
  return record_answer(v_caller, p->'idempotency', (p->>'answer')::json, p->'effects', v_now);
end $$;
