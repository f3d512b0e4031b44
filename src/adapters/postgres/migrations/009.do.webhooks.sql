-- An event that a webhook still has to get. It is written with its event, one row a webhook that
-- wants it, and deleted when it was delivered or given up: 24 h of retries at most
-- (RETRY_WINDOW_MS). It goes with its event in any case.
create table deliveries (
  webhook_id text not null references webhooks on delete cascade,
  sequence bigint not null references events on delete cascade,
  -- Those that began; a claim begins one.
  attempts integer not null default 0 check (attempts >= 0),
  -- When the time of its retries began: with the event, or with the last replay.
  started_at timestamptz not null,
  -- When it may be claimed. A claim moves it ahead, so that nobody else claims it meanwhile.
  next_at timestamptz not null,
  primary key (webhook_id, sequence)
);
create index deliveries_by_next on deliveries (webhook_id, next_at, sequence);
create index deliveries_of_event on deliveries (sequence);
create index events_by_time on events (at, sequence);

create function is_event_wanted(event_type text) returns boolean language sql stable as $$
  select exists (
    select 1 from webhooks w
      where event_type = any (w.events) and w.disabled_at is null and w.deleted_at is null);
$$;

-- Writes events of one type, in the order of the array, with their deliveries, if a webhook wants
-- them. Returns what the effects of the act say about it: {events: true}, or {}.
create function emit_events(event_type text, data jsonb[], at timestamptz) returns jsonb
language plpgsql volatile as $$
declare
  v_webhooks text[];
begin
  select array_agg(w.webhook_id order by w.webhook_id) into v_webhooks from webhooks w
    where event_type = any (w.events) and w.disabled_at is null and w.deleted_at is null;
  if v_webhooks is null or coalesce(cardinality(data), 0) = 0 then
    return '{}';
  end if;
  with emitted as (
    insert into events (type, data, at)
      select event_type, item, emit_events.at
        from unnest(emit_events.data) with ordinality as wanted(item, position) order by position
      returning sequence)
  insert into deliveries (webhook_id, sequence, started_at, next_at)
    select webhook_id, sequence, emit_events.at, emit_events.at
      from emitted, unnest(v_webhooks) as wanting(webhook_id);
  return '{"events": true}';
end $$;

create function emit_event(event_type text, data jsonb, at timestamptz) returns jsonb
language sql volatile as $$
  select emit_events(event_type, array[data], at);
$$;

-- payment.completed, payment.refunded: one event a payment, in the order of the ids.
create function emit_payments(event_type text, payment_ids text[], at timestamptz) returns jsonb
language plpgsql volatile as $$
begin
  if not is_event_wanted(event_type) then
    return '{}';
  end if;
  return emit_events(event_type, (
    select array_agg(jsonb_build_object(
        'paymentId', y.payment_id, 'reservationId', y.reservation_id, 'ticketId', t.ticket_id,
        'userId', y.fan_id, 'concertId', sc.concert_id, 'scheduleId', r.schedule_id,
        'seatId', r.seat_id, 'amount', y.amount) order by position)
      from unnest(payment_ids) with ordinality as wanted(payment_id, position)
      join payments y using (payment_id)
      join reservations r on r.reservation_id = y.reservation_id
      join tickets t on t.reservation_id = y.reservation_id
      join schedules sc on sc.schedule_id = r.schedule_id), at);
end $$;

-- ticket.checked_in, of a ticket that was let in just now.
create function emit_check_in(ticket text, at timestamptz) returns jsonb
language plpgsql volatile as $$
begin
  if not is_event_wanted('ticket.checked_in') then
    return '{}';
  end if;
  return emit_events('ticket.checked_in', (
    select array_agg(jsonb_build_object(
        'ticketId', t.ticket_id, 'reservationId', t.reservation_id, 'userId', r.fan_id,
        'concertId', sc.concert_id, 'scheduleId', r.schedule_id, 'seatId', r.seat_id,
        'door', t.door, 'checkedInAt', rfc3339(t.checked_in_at)))
      from tickets t
      join reservations r on r.reservation_id = t.reservation_id
      join schedules sc on sc.schedule_id = r.schedule_id
      where t.ticket_id = ticket), at);
end $$;

-- schedule.sold_out, concert.sold_out: those of the ids that are SOLD_OUT.
create function emit_sold_out(schedule_ids bigint[], concert_ids bigint[], at timestamptz)
returns jsonb language sql volatile as $$
  select
    emit_events('schedule.sold_out', (
      select array_agg(jsonb_build_object(
          'concertId', sc.concert_id, 'scheduleId', sc.schedule_id) order by sc.schedule_id)
        from schedules sc
        where sc.schedule_id = any (schedule_ids) and schedule_status(sc, at) = 'SOLD_OUT'), at)
    || emit_events('concert.sold_out', (
      select array_agg(jsonb_build_object('concertId', c.concert_id) order by c.concert_id)
        from concerts c
        where c.concert_id = any (concert_ids) and concert_status(c, at) = 'SOLD_OUT'), at);
$$;

-- concert.withdrawn, concert.reinstated and the same of schedules: what differs between what an
-- operator could change of a concert before and after. See concert_changeable.
create function emit_withdrawals(concert bigint, before jsonb, after jsonb, at timestamptz)
returns jsonb language sql volatile as $$
  with seen as (
    select 'concert' as what, jsonb_build_object('concertId', concert) as data,
        before->>'status' as old_status, after->>'status' as new_status
    union all
    select 'schedule', jsonb_build_object('concertId', concert, 'scheduleId', one->'scheduleId'),
        other->>'status', one->>'status'
      from jsonb_array_elements(nullif(after->'schedules', 'null')) as one
      join jsonb_array_elements(nullif(before->'schedules', 'null')) as other
        on other->'scheduleId' = one->'scheduleId'
  )
  select case when bool_or(emitted <> '{}') then '{"events": true}'::jsonb else '{}' end
    from seen, emit_event(
      what || case when new_status = 'WITHDRAWN' then '.withdrawn' else '.reinstated' end, data, at)
      as emitted
    where (old_status = 'WITHDRAWN') <> (new_status = 'WITHDRAWN');
$$;

-- A webhook as its operator sees it, without its secret.
create function webhook_json(w webhooks) returns json language sql stable as $$
  select json_build_object(
    'webhookId', w.webhook_id, 'url', w.url, 'events', to_json(w.events),
    'createdAt', rfc3339(w.created_at), 'disabledAt', rfc3339(w.disabled_at),
    'lastDeliveredAt', rfc3339(w.last_delivered_at),
    'lastFailure', case when w.last_failed_at is not null then
      json_build_object('at', rfc3339(w.last_failed_at), 'reason', w.last_failure) end,
    'pending', (select count(*) from deliveries d where d.webhook_id = w.webhook_id));
$$;

-- {webhookId, url, events, secret, max, act: {operator, reason}, idempotency or null, now}
create function register_webhook(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_now timestamptz;
  v_webhook webhooks;
  v_caller text := 'operator:' || (p->'act'->>'operator');
  v_recorded json := claim_idempotency_key(v_caller, p->'idempotency');
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  -- One registration at a time, so that no two take the last place. Acts that emit do not wait.
  lock table webhooks in share row exclusive mode;
  if (select count(*) from webhooks w where w.deleted_at is null) >= (p->>'max')::integer then
    return refusal(json_build_object('kind', 'TOO_MANY_WEBHOOKS'));
  end if;
  v_now := act_time((p->>'now')::timestamptz);
  insert into webhooks (webhook_id, url, events, secret, created_at)
    values (p->>'webhookId', p->>'url', array(select jsonb_array_elements_text(p->'events')),
      p->>'secret', v_now)
    returning * into v_webhook;
  perform add_audit_entry(v_now, p->'act', 'WEBHOOK_CREATED', null, v_webhook.webhook_id, null,
    jsonb_build_object('url', v_webhook.url, 'events', to_jsonb(v_webhook.events)));
  return record_answer(v_caller, p->'idempotency', (webhook_json(v_webhook)::jsonb
    || jsonb_build_object('secret', v_webhook.secret))::json, null, v_now);
end $$;

-- {webhookId, act: {operator, reason}, now}
create function delete_webhook(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_now timestamptz;
  v_webhook webhooks;
  v_shown json;
begin
  select * into v_webhook from webhooks w
    where w.webhook_id = p->>'webhookId' and w.deleted_at is null for no key update;
  if not found then
    return refusal(json_build_object('kind', 'UNKNOWN_WEBHOOK'));
  end if;
  v_now := act_time((p->>'now')::timestamptz);
  v_shown := webhook_json(v_webhook);
  update webhooks w set deleted_at = v_now where w.webhook_id = v_webhook.webhook_id;
  delete from deliveries d where d.webhook_id = v_webhook.webhook_id;
  perform add_audit_entry(v_now, p->'act', 'WEBHOOK_DELETED', null, v_webhook.webhook_id,
    jsonb_build_object('url', v_webhook.url, 'events', to_jsonb(v_webhook.events)), null);
  return v_shown;
end $$;

-- Begins the deliveries of kept events anew, also of those that are being delivered.
-- {webhookId, since, windowMs, limit, act: {operator, reason}, idempotency or null, now}
create function replay_events(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_now timestamptz;
  v_webhook webhooks;
  v_since timestamptz;
  v_events integer;
  v_last timestamptz;
  v_caller text := 'operator:' || (p->'act'->>'operator');
  v_recorded json := claim_idempotency_key(v_caller, p->'idempotency');
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  select * into v_webhook from webhooks w
    where w.webhook_id = p->>'webhookId' and w.deleted_at is null for no key update;
  if not found then
    return refusal(json_build_object('kind', 'UNKNOWN_WEBHOOK'));
  end if;
  v_now := act_time((p->>'now')::timestamptz);
  -- Older events may be deleted at the same time.
  v_since := greatest((p->>'since')::timestamptz,
    v_now - (p->>'windowMs')::bigint * interval '1 millisecond');
  update webhooks w set disabled_at = null, rests_until = null where w.webhook_id = v_webhook.webhook_id;
  with chosen as (
    select e.sequence, e.at from events e
      where e.at > v_since and e.type = any (v_webhook.events)
      order by e.at fetch first ((p->>'limit')::integer) rows with ties
  ), begun as (
    insert into deliveries as d (webhook_id, sequence, started_at, next_at)
      select v_webhook.webhook_id, sequence, v_now, v_now from chosen order by sequence
      on conflict (webhook_id, sequence)
        do update set attempts = 0, started_at = v_now, next_at = v_now
  )
  select count(*), max(at) into v_events, v_last from chosen;
  perform add_audit_entry(v_now, p->'act', 'EVENTS_REPLAYED', null, v_webhook.webhook_id, null,
    jsonb_build_object('since', rfc3339(v_since), 'events', v_events));
  return record_answer(v_caller, p->'idempotency', json_build_object(
    'events', v_events, 'nextSince', (
      select rfc3339(v_last) where exists (
        select 1 from events e where e.at > v_last and e.type = any (v_webhook.events)))),
    null, v_now);
end $$;
