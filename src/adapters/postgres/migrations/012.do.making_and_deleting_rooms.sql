-- How rooms are made and deleted, which ones there are, and how concerts come into them.

create function room_names() returns json language sql stable as $$
  select coalesce(json_agg(r.room_id order by r.room_id), '[]') from rooms r
    where r.deleted_at is null;
$$;

-- What the queue store must know of a room of which it knows nothing. {room, defaultSettings, opened,
-- now}. `deletedVersion` is that of a deleted room.
create function find_rules(p jsonb) returns json language plpgsql volatile as $$
declare
  v_room rooms := load_room(p);
begin
  return json_build_object(
    'rules', case when v_room.room_id is not null then
      room_json(v_room, act_time((p->>'now')::timestamptz), p->'opened')->'rules' end,
    'deletedVersion', (
      select r.version from rooms r where r.room_id = p->>'room' and r.deleted_at is not null),
    'names', room_names());
end $$;

-- Takes the room for a concert: it cannot be deleted before this transaction has ended. False if
-- there is no such room. {room, defaultSettings, now}
create function claim_room(p jsonb) returns boolean language plpgsql volatile as $$
declare
  v_id text := p->>'room';
begin
  perform load_room(p);
  perform 1 from rooms r where r.room_id = v_id and r.deleted_at is null for key share;
  if not found then
    return false;
  end if;
  update rooms r set had_concert = true where r.room_id = v_id and not r.had_concert;
  return true;
end $$;

-- Settings that are not named are the default settings. A version `atLeast` that the queue follows
-- already is passed, and that of a deleted room of the same name.
-- The answer is {room, rules, line}: `line` comes back as it was handed in.
-- {room, settings, defaultSettings, opened, draw: {id, seed, salt}, act: {operator, reason},
--  atLeast, line, idempotency: {caller, route, key, bodyHash} or null, now}
create function create_room(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_now timestamptz := act_time((p->>'now')::timestamptz);
  v_faults json;
  v_room rooms;
  v_caller text := p->'idempotency'->>'caller';
  v_recorded json := claim_idempotency_key(v_caller, p->'idempotency');
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  v_room.room_id := p->>'room';
  v_room.version := coalesce((p->>'atLeast')::bigint, 0) + 1;
  v_room.made_at := v_now;
  v_room.changed_at := v_now;
  v_room.had_concert := false;
  v_room := room_with_settings(v_room, (p->'defaultSettings') || (p->'settings'));
  v_faults := room_settings_faults(v_room, p->'settings', v_now);
  if v_faults is not null then
    return refusal(json_build_object('kind', 'ROOM_SETTINGS_INVALID', 'faults', v_faults));
  end if;
  perform load_room(p);
  insert into rooms as r values (v_room.*)
    on conflict (room_id) do update set
        state = excluded.state, opens_by_itself = excluded.opens_by_itself,
        gathers = excluded.gathers, ends_gathering = excluded.ends_gathering,
        opens_at = excluded.opens_at, capacity = excluded.capacity,
        admissions_per_minute = excluded.admissions_per_minute,
        admission_ttl_ms = excluded.admission_ttl_ms, hold_ttl_ms = excluded.hold_ttl_ms,
        poll_min_seconds = excluded.poll_min_seconds, poll_max_seconds = excluded.poll_max_seconds,
        challenge_at_join = excluded.challenge_at_join,
        version = greatest(r.version + 1, excluded.version), made_at = excluded.made_at,
        changed_at = excluded.changed_at, had_concert = false, deleted_at = null
      where r.deleted_at is not null
    returning * into v_room;
  if not found then
    return refusal(json_build_object('kind', 'ROOM_EXISTS'));
  end if;
  if v_room.gathers then
    perform add_draw(v_room.room_id, p->'draw', v_now);
  end if;
  perform add_audit_entry(v_now, p->'act', 'ROOM_CREATED', v_room.room_id, null, null,
    room_settings_shown(v_room));
  return record_answer(v_caller, p->'idempotency',
    (room_json(v_room, v_now, p->'opened')::jsonb || jsonb_build_object('line', p->'line'))::json,
    null, v_now);
end $$;

-- Deletes a room for which nothing is or will be on sale. With `check` it only tells whether that is
-- possible. The version of the deletion is `atLeast` at least. Returns {version}: of the room as it
-- was for a check, else of the deletion. {room, check, atLeast, act: {operator, reason}, now}
create function remove_room(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_id text := p->>'room';
  v_room rooms;
  v_now timestamptz;
begin
  -- Waits for acts that bring a concert into the room: see claim_room.
  select * into v_room from rooms r where r.room_id = v_id and r.deleted_at is null for update;
  if not found then
    return refusal(json_build_object('kind', 'ROOM_NOT_FOUND'));
  end if;
  v_now := act_time((p->>'now')::timestamptz);
  if v_id = 'main' or exists (
    select 1 from concerts c join schedules sc on sc.concert_id = c.concert_id
      where c.room_id = v_id and c.withdrawn_at is null and sells(sc, v_now)
  ) then
    return refusal(json_build_object('kind', 'ROOM_IN_USE'));
  end if;
  if (p->>'check')::boolean then
    return json_build_object('version', v_room.version);
  end if;
  -- Nobody gathers for it any more. The seed of the published commitment becomes public.
  perform hold_draw(v_id, v_now);
  perform add_audit_entry(v_now, p->'act', 'ROOM_DELETED', v_id, null,
    room_settings_shown(v_room), null);
  update rooms r set deleted_at = v_now, changed_at = v_now,
      version = greatest(r.version + 1, (p->>'atLeast')::bigint)
    where r.room_id = v_id returning r.version into v_room.version;
  return json_build_object('version', v_room.version);
end $$;
