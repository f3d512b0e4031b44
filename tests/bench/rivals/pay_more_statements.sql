-- Pays with the same locks in the same order as pay, in more statements: seats and reservations are
-- locked one after the other, and the balance is read before it is debited.
-- {fan, items: [{reservationId, paymentId, ticketId}], idempotency: {route, key, bodyHash}, now}
create function bench_pay_more_statements(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' set plan_cache_mode = force_generic_plan set enable_seqscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_fan text := p->>'fan';
  v_ids text[];
  v_payment_ids text[];
  v_ticket_ids text[];
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
  v_recorded json := claim_idempotency_key('fan:' || v_fan, p->'idempotency');
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  select array_agg(item->>'reservationId' order by position),
         array_agg(item->>'paymentId' order by position),
         array_agg(item->>'ticketId' order by position)
    into v_ids, v_payment_ids, v_ticket_ids
    from jsonb_array_elements(p->'items') with ordinality as wanted(item, position);
  select array_agg(r.seat_id), array_agg(r.schedule_id) into v_seat_ids, v_schedule_ids
    from reservations r where r.reservation_id = any (v_ids) and r.fan_id = v_fan;
  if coalesce(cardinality(v_seat_ids), 0) < cardinality(v_ids) then
    return refusal(json_build_object('kind', 'RESERVATION_NOT_FOUND'));
  end if;

  perform pg_advisory_xact_lock(2, number) from (
    select distinct fan_schedule_lock(v_fan, id) as number from unnest(v_schedule_ids) as s(id)
      order by number) as locks;
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
  v_now := act_time((p->>'now')::timestamptz);
  if not v_all_held or v_first_end <= v_now then
    return refusal(json_build_object('kind', 'RESERVATION_NOT_PAYABLE', 'reservations', (
      select json_agg(json_build_object('reservationId', id, 'status', now_status) order by position)
        from unnest(v_ids, v_statuses, v_ends) with ordinality as r(id, status, ends_at, position),
          reservation_status(status, ends_at, v_now) as now_status
        where now_status <> 'HELD')));
  end if;

  select b.balance into v_balance from balances b where b.fan_id = v_fan for no key update;
  if coalesce(v_balance, 0) < v_total then
    return refusal(json_build_object('kind', 'INSUFFICIENT_BALANCE',
      'balance', coalesce(v_balance, 0), 'required', v_total));
  end if;
  insert into balances as b (fan_id, balance) values (v_fan, 0)
    on conflict (fan_id) do update set balance = b.balance - v_total
    returning b.balance into v_balance;
  update reservations r set status = 'PAID' where r.reservation_id = any (v_ids);
  update seats s set sold = true where s.seat_id = any (v_seat_ids);
  insert into tickets (ticket_id, reservation_id) select * from unnest(v_ticket_ids, v_ids);
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
      'amount', price, 'status', 'COMPLETED', 'paidAt', rfc3339(v_now),
      'refundedAt', null) order by position)
    into v_payments
    from unnest(v_payment_ids, v_ids, v_prices) with ordinality
      as paid(payment_id, reservation_id, price, position);
  return record_answer('fan:' || v_fan, p->'idempotency',
    json_build_object('payments', v_payments, 'totalAmount', v_total, 'balance', v_balance),
    jsonb_build_object('places', v_places) || change_seats_left(v_schedule_ids, -1, v_now), v_now);
end $$;
