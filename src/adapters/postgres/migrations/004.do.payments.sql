-- Adds to a balance. With `act` an operator does it: the key is the operator's, and there is an
-- audit entry. {fan, amount, currency, act: {operator, reason} or null,
-- idempotency: {route, key, bodyHash}, now}
create function charge_balance(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_fan text := p->>'fan';
  v_amount bigint := (p->>'amount')::bigint;
  v_operator text := p->'act'->>'operator';
  v_caller text := coalesce('operator:' || v_operator, 'fan:' || v_fan);
  v_balance bigint;
  v_now timestamptz;
  v_recorded json := claim_idempotency_key(v_caller, p->'idempotency');
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  perform keep_currency(p->>'currency');
  insert into balances as b (fan_id, balance) values (v_fan, v_amount)
    on conflict (fan_id) do update set balance = b.balance + v_amount
    returning b.balance into v_balance;
  v_now := act_time((p->>'now')::timestamptz);
  insert into ledger_entries (fan_id, kind, amount, operator, reason, at)
    values (v_fan, 'CHARGE', v_amount, v_operator, p->'act'->>'reason', v_now);
  if v_operator is not null then
    perform add_audit_entry(v_now, p->'act', 'BALANCE_CHARGED', null, v_fan,
      jsonb_build_object('balance', v_balance - v_amount),
      jsonb_build_object('balance', v_balance, 'amount', v_amount));
  end if;
  return record_answer(v_caller, p->'idempotency',
    json_build_object('balance', v_balance, 'currency', p->>'currency'), null, v_now);
end $$;

-- Changes a balance by an amount of either sign; never below zero.
-- {fan, amount, currency, act: {operator, reason}, idempotency: {route, key, bodyHash}, now}
create function correct_balance(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_fan text := p->>'fan';
  v_amount bigint := (p->>'amount')::bigint;
  v_caller text := 'operator:' || (p->'act'->>'operator');
  v_balance bigint;
  v_now timestamptz;
  v_recorded json := claim_idempotency_key(v_caller, p->'idempotency');
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  select b.balance into v_balance from balances b where b.fan_id = v_fan for no key update;
  if coalesce(v_balance, 0) + v_amount < 0 then
    return refusal(json_build_object('kind', 'INSUFFICIENT_BALANCE',
      'balance', coalesce(v_balance, 0), 'required', -v_amount));
  end if;
  perform keep_currency(p->>'currency');
  insert into balances as b (fan_id, balance) values (v_fan, greatest(v_amount, 0))
    on conflict (fan_id) do update set balance = b.balance + v_amount
    returning b.balance into v_balance;
  v_now := act_time((p->>'now')::timestamptz);
  insert into ledger_entries (fan_id, kind, amount, operator, reason, at)
    values (v_fan, 'CORRECTION', v_amount, p->'act'->>'operator', p->'act'->>'reason', v_now);
  perform add_audit_entry(v_now, p->'act', 'BALANCE_CORRECTED', null, v_fan,
    jsonb_build_object('balance', v_balance - v_amount),
    jsonb_build_object('balance', v_balance, 'amount', v_amount));
  return record_answer(v_caller, p->'idempotency',
    json_build_object('balance', v_balance, 'currency', p->>'currency'), null, v_now);
end $$;

-- Adds to the seats left of schedules: one array has the schedules, once for each seat, and `by` is
-- 1 or -1. Returns the concerts of which it changed a status, as
-- {concertsWithChangedSchedule: [id], changedConcerts: [id], rooms: [id]}: a schedule's when its
-- last seat went or the first came back, a concert's when that made it SOLD_OUT or ON_SALE. Each act
-- sees the counts of the act before it, so exactly one of them takes the last seat. Schedules and
-- concerts are locked in the order of their ids. Events of what is sold out now are written here,
-- for every act; then the result has `events` too.
create function change_seats_left(schedule_ids bigint[], by integer, at timestamptz)
returns jsonb language plpgsql volatile as $$
declare
  v_schedule record;
  v_concert record;
  v_left integer;
  v_changed_schedules bigint[] := '{}';
  v_concerts bigint[] := '{}';
  v_changed_concerts bigint[] := '{}';
begin
  for v_schedule in
    select schedule_id, count(*)::integer * by as change
      from unnest(schedule_ids) as changed(schedule_id) group by schedule_id order by schedule_id
  loop
    update schedules sc set seats_left = sc.seats_left + v_schedule.change
      where sc.schedule_id = v_schedule.schedule_id returning sc.seats_left into v_left;
    if v_left = greatest(v_schedule.change, 0) then
      v_changed_schedules := v_changed_schedules || v_schedule.schedule_id;
    end if;
  end loop;
  if v_changed_schedules <> '{}' then
    for v_concert in
      select c.concert_id from concerts c
        where c.concert_id in (
          select sc.concert_id from schedules sc where sc.schedule_id = any (v_changed_schedules))
        order by c.concert_id for no key update
    loop
      v_concerts := v_concerts || v_concert.concert_id;
      -- Read under the lock of the concert: another act may have sold out another schedule.
      if not exists (
        select 1 from schedules sc
          where sc.concert_id = v_concert.concert_id and sc.withdrawn_at is null
            and sc.ends_at > at and sc.seats_left > 0
            and sc.schedule_id <> all (v_changed_schedules))
      then
        v_changed_concerts := v_changed_concerts || v_concert.concert_id;
      end if;
    end loop;
  end if;
  return jsonb_build_object('concertsWithChangedSchedule', to_jsonb(v_concerts),
    'changedConcerts', to_jsonb(v_changed_concerts), 'rooms', coalesce((
      select jsonb_agg(distinct c.room_id) from concerts c
        where c.concert_id = any (v_concerts)), '[]'))
    || case when by < 0 and v_changed_schedules <> '{}'
      then emit_sold_out(v_changed_schedules, v_changed_concerts, at) else '{}' end;
end $$;

-- Pays for live holds of one fan, all or none. Its planner settings are those of hold_all.
-- {fan, items: [{reservationId, paymentId, ticketId}], idempotency: {route, key, bodyHash}, now}
create function pay(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' set plan_cache_mode = force_generic_plan set enable_seqscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_fan text := p->>'fan';
  v_ids text[];
  v_payment_ids text[];
  v_ticket_ids text[];
  v_seat_ids bigint[];
  v_schedule_ids bigint[];
  v_found integer;
  v_locks integer[];
  v_lock integer;
  v_prices bigint[];
  v_all_held boolean;
  v_first_end timestamptz;
  v_places jsonb;
  v_total bigint;
  v_balance bigint;
  v_now timestamptz;
  v_paid_at text;
  v_answer json;
  v_effects jsonb;
  v_changed jsonb;
  v_recorded json := claim_idempotency_key('fan:' || v_fan, p->'idempotency');
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  select array_agg(item->>'reservationId' order by position),
      array_agg(item->>'paymentId' order by position),
      array_agg(item->>'ticketId' order by position), count(r.reservation_id),
      array_agg(distinct fan_schedule_lock(v_fan, r.schedule_id)
        order by fan_schedule_lock(v_fan, r.schedule_id))
    into v_ids, v_payment_ids, v_ticket_ids, v_found, v_locks
    from jsonb_array_elements(p->'items') with ordinality as wanted(item, position)
    left join reservations r on r.reservation_id = item->>'reservationId' and r.fan_id = v_fan;
  if v_found < cardinality(v_ids) then
    return refusal(json_build_object('kind', 'RESERVATION_NOT_FOUND'));
  end if;
  -- The schedule of a reservation never changes, so the locks are those of the rows read below.
  foreach v_lock in array v_locks loop
    if not pg_try_advisory_xact_lock(2, v_lock) then
      perform pg_advisory_xact_lock(2, v_lock);
    end if;
  end loop;

  -- Each reservation is locked after its own seat, and is read as it is under its lock.
  select array_agg(seat_id), array_agg(schedule_id),
      array_agg(price order by position), sum(price), bool_and(status = 'HELD'), min(expires_at),
      jsonb_agg(distinct jsonb_build_object(
        'room', place_room, 'fan', fan_id, 'epoch', place_epoch, 'order', place_order))
    into v_seat_ids, v_schedule_ids, v_prices, v_total, v_all_held, v_first_end, v_places
    from (
      select r.*, array_position(v_ids, r.reservation_id) as position
        from reservations r join seats s on s.seat_id = r.seat_id
        where r.reservation_id = any (v_ids) and r.fan_id = v_fan
        order by s.seat_id for no key update of s, r
    ) locked;
  if coalesce(cardinality(v_seat_ids), 0) < cardinality(v_ids) then
    return refusal(json_build_object('kind', 'RESERVATION_NOT_FOUND'));
  end if;
  -- Validity is decided under the locks of the rows, at the time when they were taken.
  v_now := act_time((p->>'now')::timestamptz);
  if not v_all_held or v_first_end <= v_now then
    return refusal(json_build_object('kind', 'RESERVATION_NOT_PAYABLE', 'reservations', (
      select json_agg(json_build_object('reservationId', r.reservation_id, 'status', now_status,
            'seat', seat_names(array[r.seat_id])->0)
          order by array_position(v_ids, r.reservation_id))
        from reservations r, reservation_status(r.status, r.expires_at, v_now) as now_status
        where r.reservation_id = any (v_ids) and now_status <> 'HELD')));
  end if;

  update balances b set balance = b.balance - v_total
    where b.fan_id = v_fan and b.balance >= v_total returning b.balance into v_balance;
  if not found then
    -- Waits for a charge that is being made.
    select b.balance into v_balance from balances b where b.fan_id = v_fan for no key update;
    if coalesce(v_balance, 0) < v_total then
      return refusal(json_build_object('kind', 'INSUFFICIENT_BALANCE',
        'balance', coalesce(v_balance, 0), 'required', v_total));
    end if;
    -- A fan who was never charged has no row, and pays nothing for seats that are free.
    insert into balances as b (fan_id, balance) values (v_fan, 0)
      on conflict (fan_id) do update set balance = b.balance - v_total
      returning b.balance into v_balance;
  end if;
  update reservations r set status = 'PAID' where r.reservation_id = any (v_ids);
  update seats s set sold = true where s.seat_id = any (v_seat_ids);
  insert into tickets (ticket_id, reservation_id)
    select * from unnest(v_ticket_ids, v_ids);
  v_paid_at := rfc3339(v_now);
  -- Numbered from the last to the first: of payments of one moment a list shows the first on top.
  with paid as (
    insert into payments (payment_id, fan_id, reservation_id, amount, status, paid_at)
      select payment_id, v_fan, reservation_id, price, 'COMPLETED', v_now
        from unnest(v_payment_ids, v_ids, v_prices) with ordinality
          as wanted(payment_id, reservation_id, price, position)
        order by position desc
      returning payment_id, reservation_id, status, amount, sequence
  ), entered as (
    insert into ledger_entries (fan_id, kind, amount, payment_id, at)
      select v_fan, 'PAYMENT', -amount, payment_id, v_now from paid
  ), logged as (
    insert into payment_history (payment_id, status, amount, at)
      select payment_id, status, amount, v_now from paid
  )
  select json_build_object('payments', json_agg(json_build_object('paymentId', payment_id,
      'reservationId', reservation_id, 'amount', amount, 'status', status, 'paidAt', v_paid_at,
      'refundedAt', null)
      order by sequence desc), 'totalAmount', v_total, 'balance', v_balance)
    into v_answer from paid;
  v_effects := jsonb_build_object('places', v_places,
    'concertsWithChangedSchedule', '[]'::jsonb, 'changedConcerts', '[]'::jsonb,
    'rooms', '[]'::jsonb)
    || emit_payments('payment.completed', v_payment_ids, v_now);
  v_recorded := record_answer('fan:' || v_fan, p->'idempotency', v_answer, v_effects, v_now);

  -- The counters are locked last, so they are locked for the shortest time.
  v_changed := change_seats_left(v_schedule_ids, -1, v_now);
  perform assert_not_overdue();
  if v_changed->'concertsWithChangedSchedule' <> '[]' then
    v_effects := v_effects || v_changed;
    update idempotency_records i set effects = v_effects
      where i.caller = 'fan:' || v_fan and i.route = p->'idempotency'->>'route'
        and i.key = p->'idempotency'->>'key';
    v_recorded :=
      json_build_object('answer', v_answer::text, 'effects', v_effects, 'replayed', false);
  end if;
  return v_recorded;
end $$;
