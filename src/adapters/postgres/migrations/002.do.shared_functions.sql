-- Functions carry a version in their names: an old and a new Worker may run side by side, so a
-- function that changes what it takes or gives gets a new name, and the old one goes later.

-- The time that decides: PostgreSQL's own, or the one that a test hands in. Not now(): that is
-- when the transaction began, before it waited for its locks.
create function act_time_v1(handed_in timestamptz) returns timestamptz
language sql volatile as $$
  select date_trunc('milliseconds', coalesce(handed_in, clock_timestamp()));
$$;

-- RFC 3339, UTC, milliseconds.
create function rfc3339_v1(at timestamptz) returns text
language sql immutable as $$
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
$$;

create function epoch_ms_v1(at timestamptz) returns bigint
language sql immutable as $$
  select round(extract(epoch from at) * 1000)::bigint;
$$;

create function reservation_status_v1(status text, expires_at timestamptz, at timestamptz)
returns text language sql immutable as $$
  select case when status = 'HELD' and expires_at <= at then 'EXPIRED' else status end;
$$;

-- The API's shape of reservations, in the order of the ids.
create function reservations_json_v1(ids text[], at timestamptz) returns json
language sql stable as $$
  select json_agg(
    json_build_object(
      'reservationId', r.reservation_id,
      'concertId', c.concert_id,
      'concertTitle', c.title,
      'scheduleId', d.schedule_id,
      'concertAt', rfc3339_v1(d.concert_at),
      'seatId', s.seat_id,
      'seatNumber', s.seat_number,
      'price', r.price,
      'status', reservation_status_v1(r.status, r.expires_at, at),
      'expiresAt', rfc3339_v1(r.expires_at),
      'createdAt', rfc3339_v1(r.created_at)
    ) order by wanted.position)
  from unnest(ids) with ordinality as wanted(reservation_id, position)
  join reservations r using (reservation_id)
  join seats s on s.seat_id = r.seat_id
  join schedules d on d.schedule_id = r.schedule_id
  join concerts c on c.concert_id = d.concert_id;
$$;

create function refusal_v1(failure json) returns json
language sql immutable as $$
  select json_build_object('refusal', failure);
$$;

-- No act waits for one lock longer than this; it fails as a whole and may be sent again.
create function limit_lock_waits_v1() returns void language sql volatile as $$
  select set_config('lock_timeout', '5s', true);
$$;

-- Takes the key for this transaction and tells what stands under it: a refusal, the recorded
-- answer, or null when the act is still to be done. A second send waits here for the first; the
-- first two-part lock space (1, …) is that of idempotency keys and is always taken first.
create function begin_once_v1(fan text, once jsonb) returns json
language plpgsql volatile as $$
declare
  v_record idempotency_records;
begin
  perform set_config('lock_timeout', '2s', true);
  begin
    perform pg_advisory_xact_lock(1, hashtext(fan || ' ' || (once->>'route') || ' ' || (once->>'key')));
  exception when lock_not_available then
    return refusal_v1(json_build_object('kind', 'IDEMPOTENCY_IN_PROGRESS'));
  end;
  perform limit_lock_waits_v1();
  select * into v_record from idempotency_records i
    where i.fan_id = fan and i.route = once->>'route' and i.key = once->>'key';
  if not found then
    return null;
  elsif v_record.body_hash <> once->>'bodyHash' then
    return refusal_v1(json_build_object('kind', 'IDEMPOTENCY_KEY_REUSED'));
  end if;
  return json_build_object('answer', v_record.answer, 'effects', v_record.effects);
end $$;

create function end_once_v1(fan text, once jsonb, answer json, effects jsonb, at timestamptz)
returns json language plpgsql volatile as $$
begin
  insert into idempotency_records (fan_id, route, key, body_hash, answer, effects, created_at)
    values (fan, once->>'route', once->>'key', once->>'bodyHash', answer::text, effects, at);
  return json_build_object('answer', answer::text, 'effects', effects);
end $$;
