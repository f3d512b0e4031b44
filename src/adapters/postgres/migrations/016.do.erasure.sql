-- A text of an operator with the name of a fan replaced, in whatever case, where no Latin letter or
-- digit is beside it. Korean words bear endings: 'fan-7님' is about fan-7.
create function without_name(words text, name text, pseudonym text) returns text
language sql immutable as $$
  select regexp_replace(words,
    '(?<![A-Za-z0-9_])' || regexp_replace(name, '([^[:alnum:]_[:space:]])', '\\\1', 'g')
      || '(?![A-Za-z0-9_])', pseudonym, 'gi');
$$;

-- Why the name of a fan is still needed; an empty array if it is not. The rows are locked.
create function erasure_obstacles(fan text, at timestamptz) returns text[]
language sql volatile as $$
  with paid as materialized (
    select greatest(sc.concert_at, sc.ends_at) > at as is_to_come,
        sc.withdrawn_at is not null or c.withdrawn_at is not null or exists (
          select 1 from refund_jobs j
            where j.finished_at is null and j.concert_id = sc.concert_id
              and (j.schedule_id is null or j.schedule_id = sc.schedule_id)) as is_to_refund
      from reservations r
      join schedules sc on sc.schedule_id = r.schedule_id
      join concerts c on c.concert_id = sc.concert_id
      where r.fan_id = fan and r.status = 'PAID'
  )
  select array_remove(array[
    case when exists (select 1 from balances b where b.fan_id = fan and b.balance > 0)
      then 'BALANCE' end,
    case when exists (
      select 1 from reservations r
        where r.fan_id = fan and r.status = 'HELD' and r.expires_at > at) then 'HOLDS' end,
    case when exists (select 1 from paid where is_to_come and not is_to_refund)
      then 'TICKETS' end,
    case when exists (select 1 from paid where is_to_refund) then 'REFUNDS' end], null);
$$;

-- Puts a pseudonym in the place of a fan's name in every table. What the fan has bought and paid
-- stays, so that no sum changes. It refuses while the name is still needed. An act of the fan that
-- is being done at the same time is either seen here, or its rows are those of a new person of this
-- name. The locks are in the order of the other acts.
-- {fan, pseudonym, act: {operator, reason}, now}
create function erase_fan(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_fan text := p->>'fan';
  v_pseudonym text := p->>'pseudonym';
  v_obstacles text[];
  v_now timestamptz;
begin
  -- Other acts change no other reservations. The rows of payments and tickets are changed by acts
  -- that have the lock of the reservation.
  perform 1 from reservations r join seats s on s.seat_id = r.seat_id
    where r.fan_id = v_fan and r.status in ('HELD', 'PAID')
    order by s.seat_id for no key update of s, r;
  perform 1 from balances b where b.fan_id = v_fan for update;
  v_now := act_time((p->>'now')::timestamptz);
  v_obstacles := erasure_obstacles(v_fan, v_now);
  if v_obstacles <> '{}' then
    return refusal(json_build_object('kind', 'ERASURE_NOT_POSSIBLE', 'reasons', v_obstacles));
  end if;

  update reservations r set fan_id = v_pseudonym where r.fan_id = v_fan;
  -- Operators may name a fan in the reason of any act.
  update ledger_entries l set reason = without_name(l.reason, v_fan, v_pseudonym)
    where l.reason is not null and l.reason <> without_name(l.reason, v_fan, v_pseudonym);
  update refund_jobs j set reason = without_name(j.reason, v_fan, v_pseudonym)
    where j.reason <> without_name(j.reason, v_fan, v_pseudonym);
  -- The foreign keys carry the change to payments and ledger entries.
  update balances b set fan_id = v_pseudonym where b.fan_id = v_fan;
  update events e set data = jsonb_set(e.data, '{userId}', to_jsonb(v_pseudonym))
    where e.data->>'userId' = v_fan;
  -- The digest of what an operator asked for has the name, too: the entry and the record of an act have
  -- one time. Without the digest no request is the same, and none does the act again.
  with named as (update audit_log a set
      subject = case
        when a.subject = v_fan
            and a.action in ('PLACE_ENDED', 'BALANCE_CHARGED', 'BALANCE_CORRECTED')
          then v_pseudonym else a.subject end,
      new = case when a.new->>'userId' = v_fan
        then jsonb_set(a.new, '{userId}', to_jsonb(v_pseudonym)) else a.new end,
      reason = without_name(a.reason, v_fan, v_pseudonym)
    where a.subject = v_fan and a.action in ('PLACE_ENDED', 'BALANCE_CHARGED', 'BALANCE_CORRECTED')
      or a.new->>'userId' = v_fan
      or a.reason <> without_name(a.reason, v_fan, v_pseudonym)
    returning a.at, a.operator)
  update idempotency_records i set body_hash = ''
    from named n where i.created_at = n.at and i.caller = 'operator:' || n.operator;
  -- Nobody can ask for these answers any more.
  delete from idempotency_records i where i.caller = 'fan:' || v_fan;
  -- The place that an operator ended.
  update idempotency_records i
    set effects = jsonb_set(i.effects, '{fan}', to_jsonb(v_pseudonym)), body_hash = ''
    where i.effects->>'fan' = v_fan;
  perform add_audit_entry(v_now,
    jsonb_build_object('operator', p->'act'->>'operator',
      'reason', without_name(p->'act'->>'reason', v_fan, v_pseudonym)),
    'FAN_ERASED', null, v_pseudonym, null, null);
  return json_build_object('erased', true);
end $$;
