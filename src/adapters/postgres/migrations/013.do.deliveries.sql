-- When the next delivery is due, and whether there is a webhook that gets events. A receiver that
-- rests has nothing due before the end of its rest.
create function delivery_outlook(at timestamptz) returns jsonb language sql stable as $$
  select jsonb_build_object('hasWebhooks', count(*) > 0,
      'dueInMs', case when count(d.next_at) > 0
        then greatest(0, epoch_ms(min(greatest(d.next_at, w.rests_until))) - epoch_ms(at)) end)
    from webhooks w
    left join lateral (
      select d.next_at from deliveries d where d.webhook_id = w.webhook_id
        order by d.next_at limit 1) d on true
    where w.disabled_at is null and w.deleted_at is null;
$$;

-- Deletes what nobody asks for any more, a bounded number a call.
create function sweep_webhooks(retention interval, at timestamptz) returns void
language sql volatile as $$
  delete from webhooks w where w.deleted_at < at - interval '1 day';
  delete from events e where e.sequence = any (array(
    select old.sequence from events old where old.at < sweep_webhooks.at - retention
      order by old.at limit 1000 for update skip locked));
$$;

-- Takes due deliveries from every webhook in turn, the oldest first, and moves them ahead by a
-- lease. A webhook that rests, and each of `except`, is left out. A webhook whose latest attempt was
-- not answered comes after the others, and one that has taken an event lately before them, so that
-- receivers that hang keep none waiting. Deliveries of one webhook are given in the order of their
-- events, first attempts before others, so that an event at which a receiver hangs is behind those
-- that it has not seen. Two who claim at once get different ones: a
-- locked row is skipped, and a row that is locked later is read as it is then.
-- {limit, leaseMs, except: [webhookId], retentionMs: or null for no sweep, now}
create function claim_deliveries(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_now timestamptz := act_time((p->>'now')::timestamptz);
  v_limit integer := (p->>'limit')::integer;
  v_deliveries json;
begin
  if p->>'retentionMs' is not null then
    perform sweep_webhooks((p->>'retentionMs')::bigint * interval '1 millisecond', v_now);
  end if;
  with due as materialized (
    select d.webhook_id, d.sequence, d.next_at, w.rests_until is not null as was_silent
      from webhooks w
      cross join lateral (
        select d.webhook_id, d.sequence, d.next_at from deliveries d
          where d.webhook_id = w.webhook_id and d.next_at <= v_now
          order by d.next_at, d.sequence limit v_limit for update skip locked) d
      where w.disabled_at is null and w.deleted_at is null
        and coalesce(w.rests_until <= v_now, true) and not p->'except' ? w.webhook_id
  ), turns as (
    select webhook_id, sequence, next_at, was_silent,
        row_number() over (partition by webhook_id order by next_at, sequence) as turn
      from due
  ), chosen as (
    select webhook_id, sequence from turns
      order by turn, was_silent, next_at, webhook_id limit v_limit
  ), claimed as (
    update deliveries d
      set attempts = d.attempts + 1,
        next_at = v_now + (p->>'leaseMs')::bigint * interval '1 millisecond'
      from chosen
      where d.webhook_id = chosen.webhook_id and d.sequence = chosen.sequence
      returning d.webhook_id, d.sequence, d.attempts
  )
  select json_agg(json_build_object(
      'webhookId', c.webhook_id, 'url', w.url, 'secret', w.secret,
      -- A database that was restored counts anew, at another time.
      'eventId', 'evt_' || e.sequence || '_' || epoch_ms(e.at),
      'sequence', e.sequence, 'type', e.type, 'timestamp', rfc3339(e.at), 'data', e.data,
      'attempts', c.attempts)
      order by (w.rests_until is not null), w.last_delivered_at desc nulls last,
        c.attempts, e.sequence, w.sequence)
    into v_deliveries
    from claimed c join webhooks w on w.webhook_id = c.webhook_id
    join events e on e.sequence = c.sequence;
  return jsonb_build_object('deliveries', coalesce(v_deliveries, '[]'))
    || delivery_outlook(v_now);
end $$;

-- Records the outcomes of deliveries that were claimed. One that was claimed or begun anew since
-- has other attempts, and stays as it is. Webhooks are locked before their deliveries.
-- {outcomes: [{webhookId, sequence, attempts, result, retryInMs, reason, isSilent}], windowMs,
--  restMs, now}
create function settle_deliveries(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_window interval := (p->>'windowMs')::bigint * interval '1 millisecond';
  v_now timestamptz;
  v_given_up integer;
  v_gone text[];
begin
  perform 1 from webhooks w
    where w.webhook_id in (select value->>'webhookId' from jsonb_array_elements(p->'outcomes'))
    order by w.webhook_id for no key update;
  v_now := act_time((p->>'now')::timestamptz);
  with outcomes as materialized (
    select d.webhook_id, d.sequence, value->>'result' as result, value->>'reason' as reason,
        coalesce((value->>'isSilent')::boolean, false) as is_silent,
        v_now + (value->>'retryInMs')::bigint * interval '1 millisecond' as retry_at,
        d.started_at + v_window as ends_at
      from jsonb_array_elements(p->'outcomes')
      join deliveries d on d.webhook_id = value->>'webhookId'
        and d.sequence = (value->>'sequence')::bigint
        and d.attempts = (value->>'attempts')::integer
  ), ended as (
    delete from deliveries d using outcomes o
      where d.webhook_id = o.webhook_id and d.sequence = o.sequence
        and (o.result = 'DELIVERED'
          or o.result = 'FAILED' and coalesce(o.retry_at > o.ends_at, true))
      returning o.result
  ), moved as (
    update deliveries d
      set next_at = o.retry_at, attempts = d.attempts - (o.result = 'UNSENT')::integer
      from outcomes o
      where d.webhook_id = o.webhook_id and d.sequence = o.sequence
        and (o.result = 'UNSENT' or o.result = 'FAILED' and o.retry_at <= o.ends_at)
  ), noted as (
    update webhooks w set
        last_delivered_at = case when o.any_delivered then v_now else w.last_delivered_at end,
        rests_until = case
          when o.any_silent then v_now + (p->>'restMs')::bigint * interval '1 millisecond'
          when o.any_sent then null else w.rests_until end,
        last_failed_at = case when o.reason is not null then v_now else w.last_failed_at end,
        last_failure = coalesce(o.reason, w.last_failure),
        disabled_at = case when o.is_gone then v_now else w.disabled_at end
      from (
        select webhook_id, bool_or(result = 'DELIVERED') as any_delivered,
            bool_or(is_silent) as any_silent, bool_or(result <> 'UNSENT') as any_sent,
            bool_or(result = 'GONE') as is_gone, max(reason) as reason
          from outcomes group by webhook_id) o
      where w.webhook_id = o.webhook_id
  )
  select (select count(*) from ended where result = 'FAILED'),
      (select array_agg(webhook_id) from outcomes where result = 'GONE')
    into v_given_up, v_gone;
  delete from deliveries d where d.webhook_id = any (v_gone);
  return jsonb_build_object('givenUp', v_given_up) || delivery_outlook(v_now);
end $$;
