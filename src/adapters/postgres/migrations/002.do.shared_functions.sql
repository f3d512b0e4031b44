-- PostgreSQL's own time, or the time that a test hands in. now() is not used: it is the start of
-- the transaction, before the transaction waited for its locks.
create function act_time(handed_in timestamptz) returns timestamptz
language sql volatile as $$
  select date_trunc('milliseconds', coalesce(handed_in, clock_timestamp()));
$$;

-- RFC 3339, UTC, milliseconds. STABLE, as to_char is, so that the planner inlines it.
create function rfc3339(at timestamptz) returns text
language sql stable as $$
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
$$;

create function epoch_ms(at timestamptz) returns bigint
language sql immutable as $$
  select round(extract(epoch from at) * 1000)::bigint;
$$;

-- What an act returns instead of its result: {refusal: {kind, …the ids concerned}}
create function refusal(failure json) returns json
language sql immutable as $$
  select json_build_object('refusal', failure);
$$;

create function reservation_status(status text, expires_at timestamptz, at timestamptz)
returns text language sql immutable as $$
  select case when status = 'HELD' and expires_at <= at then 'EXPIRED' else status end;
$$;

-- A reservation as the API shows it.
create function reservation_json(
  reservation_id text, concert_id bigint, concert_title text, schedule_id bigint,
  concert_at timestamptz, seat_id bigint, seat_number integer, price bigint, status text,
  expires_at timestamptz, created_at timestamptz)
returns json language sql stable as $$
  select json_build_object(
    'reservationId', reservation_id, 'concertId', concert_id, 'concertTitle', concert_title,
    'scheduleId', schedule_id, 'concertAt', rfc3339(concert_at), 'seatId', seat_id,
    'seatNumber', seat_number, 'price', price, 'status', status,
    'expiresAt', rfc3339(expires_at), 'createdAt', rfc3339(created_at));
$$;

-- The reservations of these ids, in their order; null when there are none.
create function reservations_json(ids text[], at timestamptz) returns json
language sql stable as $$
  select json_agg(reservation_json(r.reservation_id, c.concert_id, c.title, sc.schedule_id,
      sc.concert_at, s.seat_id, s.seat_number, r.price,
      reservation_status(r.status, r.expires_at, at), r.expires_at, r.created_at)
      order by wanted.position)
  from unnest(ids) with ordinality as wanted(reservation_id, position)
  join reservations r using (reservation_id)
  join seats s on s.seat_id = r.seat_id
  join schedules sc on sc.schedule_id = r.schedule_id
  join concerts c on c.concert_id = sc.concert_id;
$$;

-- Waits until the transaction that has the key ends: false if it has the key for 2 s more.
create function wait_for_idempotency_key(key_lock integer) returns boolean
language plpgsql volatile set lock_timeout = '2s' as $$
begin
  perform pg_advisory_xact_lock(1, key_lock);
  return true;
exception when lock_not_available then
  return false;
end $$;

-- Takes the idempotency key for this transaction. Returns a refusal, the recorded answer, or null
-- when the act is still to be done. Two-part advisory locks (1, …) are those of idempotency keys.
-- idempotency: {route, key, bodyHash}
create function claim_idempotency_key(fan text, idempotency jsonb) returns json
language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_route text := idempotency->>'route';
  v_key text := idempotency->>'key';
  v_lock integer := hashtext(fan || ' ' || v_route || ' ' || v_key);
  v_record idempotency_records;
begin
  -- Nearly every key is free, and then no subtransaction is needed to wait in.
  if not pg_try_advisory_xact_lock(1, v_lock) then
    if not wait_for_idempotency_key(v_lock) then
      return refusal(json_build_object('kind', 'IDEMPOTENCY_IN_PROGRESS'));
    end if;
  end if;
  select * into v_record from idempotency_records i
    where i.fan_id = fan and i.route = v_route and i.key = v_key;
  if not found then
    return null;
  elsif v_record.body_hash <> idempotency->>'bodyHash' then
    return refusal(json_build_object('kind', 'IDEMPOTENCY_KEY_REUSED'));
  end if;
  return json_build_object('answer', v_record.answer, 'effects', v_record.effects);
end $$;

-- Records the answer under its idempotency key, and returns it as a replay would.
create function record_answer(
  fan text, idempotency jsonb, answer json, effects jsonb, at timestamptz)
returns json language plpgsql volatile as $$
begin
  insert into idempotency_records (fan_id, route, key, body_hash, answer, effects, created_at)
    values (fan, idempotency->>'route', idempotency->>'key', idempotency->>'bodyHash',
      answer::text, effects, at);
  return json_build_object('answer', answer::text, 'effects', effects);
end $$;

-- The members of `these` that differ in `those`. Of a list, only the items that differ.
create function changed_members(these jsonb, those jsonb) returns jsonb
language sql immutable as $$
  select coalesce(jsonb_object_agg(key, case when jsonb_typeof(value) = 'array' then (
        select jsonb_agg(item) from jsonb_array_elements(value) as item
          where item not in (select jsonb_array_elements(those->key)))
      else value end), '{}')
    from jsonb_each(these) where value is distinct from those->key;
$$;

-- Adds an entry to the audit log. by: {operator, reason}
create function add_audit_entry(
  at timestamptz, by jsonb, action text, room text, subject text, old jsonb, new jsonb)
returns void language sql volatile as $$
  insert into audit_log (at, operator, action, room_id, subject, old, new, reason)
    values (at, by->>'operator', action, room, subject, nullif(old, 'null'), nullif(new, 'null'),
      by->>'reason');
$$;
