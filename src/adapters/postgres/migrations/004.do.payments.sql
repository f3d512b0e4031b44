-- Adds to a balance. {fan, amount, currency, idempotency: {route, key, bodyHash}, now}
create function charge_balance(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' as $$
declare
  v_fan text := p->>'fan';
  v_amount bigint := (p->>'amount')::bigint;
  v_balance bigint;
  v_now timestamptz;
  v_recorded json := claim_idempotency_key(v_fan, p->'idempotency');
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  insert into balances as b (fan_id, balance) values (v_fan, v_amount)
    on conflict (fan_id) do update set balance = b.balance + v_amount
    returning b.balance into v_balance;
  v_now := act_time((p->>'now')::timestamptz);
  insert into ledger_entries (fan_id, kind, amount, at) values (v_fan, 'CHARGE', v_amount, v_now);
  return record_answer(v_fan, p->'idempotency',
    json_build_object('balance', v_balance, 'currency', p->>'currency'), null, v_now);
end $$;

-- Counts the sold seats off their schedules, and schedules without an unsold seat off their
-- concerts. Returns the concerts that it changed as
-- {concertsWithSoldOutSchedule: [id], soldOutConcerts: [id], rooms: [their rooms]}. Each payment sees the counts of the
-- payment before it, so exactly one of them sells the last seat. Runs under the settings of pay.
create function count_sold_seats(schedule_ids bigint[]) returns jsonb language plpgsql volatile as $$
declare
  v_schedule record;
  v_concert record;
  v_unsold integer;
  v_sold_out_schedules bigint[] := '{}';
  v_concerts bigint[] := '{}';
  v_sold_out_concerts bigint[] := '{}';
begin
  for v_schedule in
    select schedule_id, count(*)::integer as seats from unnest(schedule_ids) as sold(schedule_id)
      group by schedule_id order by schedule_id
  loop
    update schedules sc set unsold_seats = sc.unsold_seats - v_schedule.seats
      where sc.schedule_id = v_schedule.schedule_id returning sc.unsold_seats into v_unsold;
    if v_unsold = 0 then
      v_sold_out_schedules := v_sold_out_schedules || v_schedule.schedule_id;
    end if;
  end loop;
  if v_sold_out_schedules <> '{}' then
    for v_concert in
      select sc.concert_id, count(*)::integer as schedules from schedules sc
        where sc.schedule_id = any (v_sold_out_schedules)
        group by sc.concert_id order by sc.concert_id
    loop
      v_concerts := v_concerts || v_concert.concert_id;
      update concerts c set unsold_schedules = c.unsold_schedules - v_concert.schedules
        where c.concert_id = v_concert.concert_id returning c.unsold_schedules into v_unsold;
      if v_unsold = 0 then
        v_sold_out_concerts := v_sold_out_concerts || v_concert.concert_id;
      end if;
    end loop;
  end if;
  return jsonb_build_object('concertsWithSoldOutSchedule', to_jsonb(v_concerts),
    'soldOutConcerts', to_jsonb(v_sold_out_concerts), 'rooms', coalesce((
      select jsonb_agg(distinct c.room_id) from concerts c
        where c.concert_id = any (v_concerts)), '[]'));
end $$;

-- Pays for live holds of one fan, all or none. Its planner settings are those of hold_all.
-- {fan, items: [{reservationId, paymentId}], idempotency: {route, key, bodyHash}, now}
create function pay(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_fan text := p->>'fan';
  v_ids text[];
  v_payment_ids text[];
  v_seat_ids bigint[];
  v_schedule_ids bigint[];
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
  v_sold_out jsonb;
  v_recorded json := claim_idempotency_key(v_fan, p->'idempotency');
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  select array_agg(item->>'reservationId' order by position),
      array_agg(item->>'paymentId' order by position)
    into v_ids, v_payment_ids
    from jsonb_array_elements(p->'items') with ordinality as wanted(item, position);

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
      select json_agg(json_build_object('reservationId', r.reservation_id, 'status', now_status)
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
      'reservationId', reservation_id, 'amount', amount, 'status', status, 'paidAt', v_paid_at)
      order by sequence desc), 'totalAmount', v_total, 'balance', v_balance)
    into v_answer from paid;
  v_effects := jsonb_build_object('places', v_places, 'schedules', (
      select jsonb_agg(distinct schedule_id) from unnest(v_schedule_ids) as sold(schedule_id)),
    'concertsWithSoldOutSchedule', '[]'::jsonb, 'soldOutConcerts', '[]'::jsonb,
    'rooms', '[]'::jsonb);
  v_recorded := record_answer(v_fan, p->'idempotency', v_answer, v_effects, v_now);

  -- The counters are locked last, so they are locked for the shortest time.
  v_sold_out := count_sold_seats(v_schedule_ids);
  if v_sold_out->'concertsWithSoldOutSchedule' <> '[]' then
    v_effects := v_effects || v_sold_out;
    update idempotency_records i set effects = v_effects
      where i.fan_id = v_fan and i.route = p->'idempotency'->>'route'
        and i.key = p->'idempotency'->>'key';
    v_recorded := json_build_object('answer', v_answer::text, 'effects', v_effects);
  end if;
  return v_recorded;
end $$;
