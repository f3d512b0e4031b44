-- PostgreSQL's own time, or the time that a test hands in. now() is not used: it is the start of
-- the transaction, before the transaction waited for its locks.
create function act_time(handed_in timestamptz) returns timestamptz
language sql volatile as $$
  select date_trunc('milliseconds', coalesce(handed_in, clock_timestamp()));
$$;

-- The longest time from the start of an act of a fan to its end. Its caller waits for 8 s.
create function longest_act() returns interval language sql immutable as $$
  select interval '9 seconds';
$$;

-- Fails as a lock timeout does if this transaction has lasted too long. An act that waits for locks
-- after it has decided its time calls this last: see snapshot_time.
create function assert_not_overdue() returns void language plpgsql volatile as $$
begin
  if clock_timestamp() - now() > longest_act() then
    raise exception using errcode = 'lock_not_available', message = 'the act took too long';
  end if;
end $$;

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

-- What is printed on these seats, in their order.
create function seat_names(seat_ids bigint[]) returns json
language sql stable as $$
  select json_agg(json_build_object('section', s.section, 'row', s.row_name, 'label', s.label)
      order by array_position(seat_ids, s.seat_id))
    from seats s where s.seat_id = any (seat_ids);
$$;

create function reservation_status(status text, expires_at timestamptz, at timestamptz)
returns text language sql immutable as $$
  select case when status = 'HELD' and expires_at <= at then 'EXPIRED' else status end;
$$;

-- What is WITHDRAWN is not on sale, what is ENDED is over, and what is SOLD_OUT has no seat left.
create function schedule_status(sc schedules, at timestamptz) returns text
language sql immutable as $$
  select case when sc.withdrawn_at is not null then 'WITHDRAWN' when sc.ends_at <= at then 'ENDED'
    when sc.seats_left = 0 then 'SOLD_OUT' else 'ON_SALE' end;
$$;

-- Schedules that are withdrawn or over do not count: it is ON_SALE with a schedule that is.
create function concert_status(c concerts, at timestamptz) returns text language sql stable as $$
  select case when c.withdrawn_at is not null then 'WITHDRAWN' else coalesce((
    select case when bool_or(sc.seats_left > 0) then 'ON_SALE' else 'SOLD_OUT' end
      from schedules sc
      where sc.concert_id = c.concert_id and sc.withdrawn_at is null and sc.ends_at > at
      having count(*) > 0), 'ENDED') end;
$$;

-- The reservations of these ids as the API shows them, in their order; null when there are none. The
-- ids are few. A merge or hash join would read whole tables, and the planner chooses one while its
-- statistics are those of a young sale.
create function reservations_json(ids text[], at timestamptz) returns json
language sql stable set enable_hashjoin = off set enable_mergejoin = off as $$
  select json_agg(json_build_object(
      'reservationId', r.reservation_id, 'concertId', c.concert_id, 'concertTitle', c.title,
      'concertStatus', concert_status(c, at), 'venue', c.venue, 'timeZone', c.time_zone,
      'scheduleId', sc.schedule_id, 'concertAt', rfc3339(sc.concert_at), 'seatId', s.seat_id,
      'seatNumber', s.seat_number, 'seatLabel', s.label, 'section', s.section,
      'row', s.row_name, 'price', r.price,
      'status', reservation_status(r.status, r.expires_at, at),
      'expiresAt', rfc3339(r.expires_at), 'createdAt', rfc3339(r.created_at),
      'ticketId', t.ticket_id) order by wanted.position)
  from unnest(ids) with ordinality as wanted(reservation_id, position)
  join reservations r using (reservation_id)
  join seats s on s.seat_id = r.seat_id
  join schedules sc on sc.schedule_id = r.schedule_id
  join concerts c on c.concert_id = sc.concert_id
  left join tickets t on t.reservation_id = r.reservation_id;
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
-- when the act is still to be done, which it always is without a key. `caller` is "fan:…" or
-- "operator:…". Two-part advisory locks (1, …) are those of idempotency keys.
-- idempotency: {route, key, bodyHash} or null
create function claim_idempotency_key(caller text, idempotency jsonb) returns json
language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_route text := idempotency->>'route';
  v_key text := idempotency->>'key';
  v_lock integer := hashtext(caller || ' ' || v_route || ' ' || v_key);
  v_record idempotency_records;
begin
  if v_key is null then
    return null;
  end if;
  -- Nearly every key is free, and then no subtransaction is needed to wait in.
  if not pg_try_advisory_xact_lock(1, v_lock) then
    if not wait_for_idempotency_key(v_lock) then
      return refusal(json_build_object('kind', 'IDEMPOTENCY_IN_PROGRESS'));
    end if;
  end if;
  select * into v_record from idempotency_records i
    where i.caller = claim_idempotency_key.caller and i.route = v_route and i.key = v_key;
  if not found then
    return null;
  elsif v_record.body_hash <> idempotency->>'bodyHash' then
    return refusal(json_build_object('kind', 'IDEMPOTENCY_KEY_REUSED'));
  end if;
  return json_build_object('answer', v_record.answer, 'effects', v_record.effects,
    'replayed', true);
end $$;

-- Records the answer under its idempotency key, if there is one, and returns it as a replay would.
create function record_answer(
  caller text, idempotency jsonb, answer json, effects jsonb, at timestamptz)
returns json language plpgsql volatile as $$
begin
  if idempotency->>'key' is not null then
    insert into idempotency_records (caller, route, key, body_hash, answer, effects, created_at)
      values (caller, idempotency->>'route', idempotency->>'key', idempotency->>'bodyHash',
        answer::text, effects, at);
  end if;
  return json_build_object('answer', answer::text, 'effects', effects, 'replayed', false);
end $$;

-- The recorded answer of a key, {answer: null} while the key is free, or a refusal.
-- {idempotency: {caller, route, key, bodyHash}}
create function find_answer(p jsonb) returns json language sql volatile as $$
  select coalesce(claim_idempotency_key(p->'idempotency'->>'caller', p->'idempotency'),
    '{"answer": null}');
$$;

-- Fails if the amounts of this database are in another currency.
create function assert_currency(configured text) returns void language plpgsql stable as $$
declare
  v_kept text := (select c.code from currency c);
begin
  if v_kept <> configured then
    raise exception 'the amounts of this database are in %, not in %', v_kept, configured
      using errcode = 'CU001', detail = v_kept;
  end if;
end $$;

-- Every act that may bring the first amount calls this. Of two first amounts at once the second
-- waits for the first. Fails as assert_currency does.
create function keep_currency(configured text) returns void language plpgsql volatile as $$
begin
  perform 1 from currency;
  if not found then
    insert into currency (code) values (configured) on conflict do nothing;
  end if;
  perform assert_currency(configured);
end $$;

-- The number of the lock under which the seats of a fan and schedule are counted: two-part advisory
-- locks (2, …). An act that holds or pays for seats has it: until the payment has ended, its holds
-- may lapse in the count of another act, and then the fan would get as many seats again.
create function fan_schedule_lock(fan text, schedule_id bigint) returns integer
language sql immutable as $$
  select hashtext(fan || ' ' || schedule_id);
$$;

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
