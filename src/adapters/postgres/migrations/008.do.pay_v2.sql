-- As begin_once_v1, which see, with the same locks. A key that nobody has taken, as nearly all are,
-- needs no subtransaction to wait in.
create function begin_once_v2(fan text, once jsonb) returns json language plpgsql volatile
set lock_timeout = '2s' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_route text := once->>'route';
  v_key text := once->>'key';
  v_lock integer := hashtext(fan || ' ' || v_route || ' ' || v_key);
  v_record idempotency_records;
begin
  if not pg_try_advisory_xact_lock(1, v_lock) then
    begin
      perform pg_advisory_xact_lock(1, v_lock);
    exception when lock_not_available then
      return refusal_v1(json_build_object('kind', 'IDEMPOTENCY_IN_PROGRESS'));
    end;
  end if;
  select * into v_record from idempotency_records i
    where i.fan_id = fan and i.route = v_route and i.key = v_key;
  if not found then
    return null;
  elsif v_record.body_hash <> once->>'bodyHash' then
    return refusal_v1(json_build_object('kind', 'IDEMPOTENCY_KEY_REUSED'));
  end if;
  return json_build_object('answer', v_record.answer, 'effects', v_record.effects);
end $$;

-- Pays for live holds of one fan, all or none; planned as hold_all_v2 is, which see.
-- {fan, items: [{reservationId, paymentId}], once: {route, key, bodyHash}, now}
create function pay_v2(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_fan text := p->>'fan';
  v_ids text[];
  v_payment_ids text[];
  v_seat_ids bigint[];
  v_schedule_ids bigint[];
  v_statuses text[];
  v_ends timestamptz[];
  v_prices bigint[];
  v_all_held boolean;
  v_first_end timestamptz;
  v_places jsonb;
  v_total bigint;
  v_balance bigint;
  v_now timestamptz;
  v_payments json;
  v_date record;
  v_unsold integer;
  v_sold_out_dates bigint[] := '{}';
  v_concert record;
  v_sold_out_date_concerts bigint[] := '{}';
  v_sold_out_concerts bigint[] := '{}';
  v_known json := begin_once_v2(v_fan, p->'once');
begin
  if v_known is not null then
    return v_known;
  end if;
  select array_agg(item->>'reservationId' order by position),
         array_agg(item->>'paymentId' order by position)
    into v_ids, v_payment_ids
    from jsonb_array_elements(p->'items') with ordinality as wanted(item, position);
  select array_agg(r.seat_id) into v_seat_ids
    from reservations r where r.reservation_id = any (v_ids) and r.fan_id = v_fan;
  if coalesce(cardinality(v_seat_ids), 0) < cardinality(v_ids) then
    return refusal_v1(json_build_object('kind', 'RESERVATION_NOT_FOUND'));
  end if;

  perform 1 from seats s where s.seat_id = any (v_seat_ids) order by s.seat_id for no key update;
  select array_agg(schedule_id), array_agg(status order by position),
      array_agg(expires_at order by position), array_agg(price order by position),
      sum(price), bool_and(status = 'HELD'), min(expires_at),
      jsonb_agg(distinct jsonb_build_object(
        'room', place_room, 'fan', fan_id, 'epoch', place_epoch, 'order', place_order))
    into v_schedule_ids, v_statuses, v_ends, v_prices, v_total, v_all_held, v_first_end, v_places
    from (
      select r.*, array_position(v_ids, r.reservation_id) as position from reservations r
        where r.reservation_id = any (v_ids) order by r.reservation_id for no key update
    ) locked;
  -- Validity is decided under the rows' locks, at the time that they were got.
  v_now := act_time_v1((p->>'now')::timestamptz);
  if not v_all_held or v_first_end <= v_now then
    return refusal_v1(json_build_object('kind', 'RESERVATION_NOT_PAYABLE', 'reservations', (
      select json_agg(json_build_object('reservationId', id, 'status', now_status) order by position)
        from unnest(v_ids, v_statuses, v_ends) with ordinality as r(id, status, ends_at, position),
          reservation_status_v1(status, ends_at, v_now) as now_status
        where now_status <> 'HELD')));
  end if;

  select b.balance into v_balance from balances b where b.fan_id = v_fan for no key update;
  if coalesce(v_balance, 0) < v_total then
    return refusal_v1(json_build_object('kind', 'INSUFFICIENT_BALANCE',
      'balance', coalesce(v_balance, 0), 'required', v_total));
  end if;
  -- A fan never seen pays nothing, for seats that cost nothing.
  insert into balances as b (fan_id, balance) values (v_fan, 0)
    on conflict (fan_id) do update set balance = b.balance - v_total
    returning b.balance into v_balance;
  update reservations r set status = 'PAID' where r.reservation_id = any (v_ids);
  update seats s set sold = true where s.seat_id = any (v_seat_ids);
  with paid as (
    insert into payments (payment_id, fan_id, reservation_id, amount, status, paid_at)
      select payment_id, v_fan, reservation_id, price, 'COMPLETED', v_now
        from unnest(v_payment_ids, v_ids, v_prices) with ordinality
          as wanted(payment_id, reservation_id, price, position)
        order by position desc
      returning payment_id, status, amount
  ), entered as (
    insert into ledger_entries (fan_id, kind, amount, payment_id, at)
      select v_fan, 'PAYMENT', -amount, payment_id, v_now from paid
  )
  insert into payment_history (payment_id, status, amount, at)
    select payment_id, status, amount, v_now from paid;
  select json_agg(json_build_object('paymentId', payment_id, 'reservationId', reservation_id,
      'amount', price, 'status', 'COMPLETED', 'paidAt', rfc3339_v2(v_now)) order by position)
    into v_payments
    from unnest(v_payment_ids, v_ids, v_prices) with ordinality
      as paid(payment_id, reservation_id, price, position);

  -- The counters are the last locks and so the shortest held. Each payer sees the one before.
  for v_date in
    select schedule_id, count(*)::integer as seats from unnest(v_schedule_ids) as sold(schedule_id)
      group by schedule_id order by schedule_id
  loop
    update schedules d set unsold_seats = d.unsold_seats - v_date.seats
      where d.schedule_id = v_date.schedule_id returning d.unsold_seats into v_unsold;
    if v_unsold = 0 then
      v_sold_out_dates := v_sold_out_dates || v_date.schedule_id;
    end if;
  end loop;
  if v_sold_out_dates <> '{}' then
    for v_concert in
      select d.concert_id, count(*)::integer as dates from schedules d
        where d.schedule_id = any (v_sold_out_dates) group by d.concert_id order by d.concert_id
    loop
      v_sold_out_date_concerts := v_sold_out_date_concerts || v_concert.concert_id;
      update concerts c set unsold_dates = c.unsold_dates - v_concert.dates
        where c.concert_id = v_concert.concert_id returning c.unsold_dates into v_unsold;
      if v_unsold = 0 then
        v_sold_out_concerts := v_sold_out_concerts || v_concert.concert_id;
      end if;
    end loop;
  end if;

  return end_once_v1(v_fan, p->'once',
    json_build_object('payments', v_payments, 'totalAmount', v_total, 'balance', v_balance),
    jsonb_build_object('places', v_places,
      'concertsWithSoldOutDate', to_jsonb(v_sold_out_date_concerts),
      'soldOutConcerts', to_jsonb(v_sold_out_concerts)),
    v_now);
end $$;
