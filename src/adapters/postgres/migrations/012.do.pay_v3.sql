-- What pay_v3 enters is of the reservations that it has locked, of the balance that it has debited
-- and of payments that it has just made; nothing of them is ever removed. To look all that up once
-- more was a tenth of a payment. The two numbers only give an order, within the index that has
-- them. Takes these tables for an instant, and gives up as 011 does.
set local lock_timeout = '500ms';
alter table payments drop constraint if exists payments_reservation_id_fkey;
alter table ledger_entries drop constraint if exists ledger_entries_fan_id_fkey;
alter table ledger_entries drop constraint if exists ledger_entries_pkey;
alter table payment_history drop constraint if exists payment_history_payment_id_fkey;
alter table payment_history drop constraint if exists payment_history_pkey;
set local lock_timeout = default;

-- Waits for whoever has the key: true once it is ours, false past 2 s.
create function await_once_v3(key_lock integer) returns boolean language plpgsql volatile
set lock_timeout = '2s' as $$
begin
  perform pg_advisory_xact_lock(1, key_lock);
  return true;
exception when lock_not_available then
  return false;
end $$;

-- Pays for live holds of one fan, all or none, as pay_v2 with the same locks in the same order;
-- as to its statements see hold_all_v3.
-- {fan, items: [{reservationId, paymentId}], once: {route, key, bodyHash}, now}
create function pay_v3(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_fan text := p->>'fan';
  v_route text := p->'once'->>'route';
  v_key text := p->'once'->>'key';
  v_body_hash text := p->'once'->>'bodyHash';
  v_lock integer := hashtext(v_fan || ' ' || v_route || ' ' || v_key);
  v_known json;
  v_ids text[];
  v_payment_ids text[];
  v_seat_ids bigint[];
  v_schedule_ids bigint[];
  v_dates bigint[];
  v_prices bigint[];
  v_all_held boolean;
  v_first_end timestamptz;
  v_places jsonb;
  v_total bigint;
  v_balance bigint;
  v_now timestamptz;
  v_paid_at text;
  v_answer text;
  v_effects jsonb;
  v_schedule_id bigint;
  v_unsold integer;
  v_sold_out_dates bigint[] := '{}';
  v_concert record;
  v_sold_out_date_concerts bigint[] := '{}';
  v_sold_out_concerts bigint[] := '{}';
begin
  -- A key that nobody has taken, as nearly all are, needs no subtransaction to wait in.
  if not pg_try_advisory_xact_lock(1, v_lock) then
    if not await_once_v3(v_lock) then
      return refusal_v1(json_build_object('kind', 'IDEMPOTENCY_IN_PROGRESS'));
    end if;
  end if;
  select array_agg(item->>'reservationId' order by position),
      array_agg(item->>'paymentId' order by position), (
        select json_build_object(
            'bodyHash', i.body_hash, 'answer', i.answer, 'effects', i.effects)
          from idempotency_records i
          where i.fan_id = v_fan and i.route = v_route and i.key = v_key)
    into v_ids, v_payment_ids, v_known
    from jsonb_array_elements(p->'items') with ordinality as wanted(item, position);
  if v_known->>'bodyHash' <> v_body_hash then
    return refusal_v1(json_build_object('kind', 'IDEMPOTENCY_KEY_REUSED'));
  elsif v_known is not null then
    return json_build_object('answer', v_known->'answer', 'effects', v_known->'effects');
  end if;

  -- Each reservation is locked after its own seat, and both are read as they were got.
  select array_agg(seat_id), array_agg(schedule_id), array_agg(distinct schedule_id),
      array_agg(price order by position), sum(price), bool_and(status = 'HELD'), min(expires_at),
      jsonb_agg(distinct jsonb_build_object(
        'room', place_room, 'fan', fan_id, 'epoch', place_epoch, 'order', place_order))
    into v_seat_ids, v_schedule_ids, v_dates, v_prices, v_total, v_all_held, v_first_end, v_places
    from (
      select r.*, array_position(v_ids, r.reservation_id) as position
        from reservations r join seats s on s.seat_id = r.seat_id
        where r.reservation_id = any (v_ids) and r.fan_id = v_fan
        order by s.seat_id for no key update of s, r
    ) locked;
  if coalesce(cardinality(v_seat_ids), 0) < cardinality(v_ids) then
    return refusal_v1(json_build_object('kind', 'RESERVATION_NOT_FOUND'));
  end if;
  -- Validity is decided under the rows' locks, at the time that they were got.
  v_now := act_time_v1((p->>'now')::timestamptz);
  if not v_all_held or v_first_end <= v_now then
    return refusal_v1(json_build_object('kind', 'RESERVATION_NOT_PAYABLE', 'reservations', (
      select json_agg(json_build_object('reservationId', r.reservation_id, 'status', now_status)
          order by array_position(v_ids, r.reservation_id))
        from reservations r, reservation_status_v1(r.status, r.expires_at, v_now) as now_status
        where r.reservation_id = any (v_ids) and now_status <> 'HELD')));
  end if;

  update balances b set balance = b.balance - v_total
    where b.fan_id = v_fan and b.balance >= v_total returning b.balance into v_balance;
  if not found then
    select b.balance into v_balance from balances b where b.fan_id = v_fan for no key update;
    if coalesce(v_balance, 0) < v_total then
      return refusal_v1(json_build_object('kind', 'INSUFFICIENT_BALANCE',
        'balance', coalesce(v_balance, 0), 'required', v_total));
    end if;
    -- Charged in this moment; or a fan never seen, who pays nothing for seats that cost nothing.
    insert into balances as b (fan_id, balance) values (v_fan, 0)
      on conflict (fan_id) do update set balance = b.balance - v_total
      returning b.balance into v_balance;
  end if;
  update reservations r set status = 'PAID' where r.reservation_id = any (v_ids);
  update seats s set sold = true where s.seat_id = any (v_seat_ids);
  v_paid_at := rfc3339_v2(v_now);
  -- Numbered from the last to the first, so that of one moment the first stands first in a list.
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
  ), told as (
    insert into payment_history (payment_id, status, amount, at)
      select payment_id, status, amount, v_now from paid
  )
  select json_build_object('payments', json_agg(json_build_object('paymentId', payment_id,
      'reservationId', reservation_id, 'amount', amount, 'status', status, 'paidAt', v_paid_at)
      order by sequence desc), 'totalAmount', v_total, 'balance', v_balance)::text
    into v_answer from paid;
  v_effects := jsonb_build_object('places', v_places, 'dates', to_jsonb(v_dates),
    'concertsWithSoldOutDate', '[]'::jsonb, 'soldOutConcerts', '[]'::jsonb);
  insert into idempotency_records (fan_id, route, key, body_hash, answer, effects, created_at)
    values (v_fan, v_route, v_key, v_body_hash, v_answer, v_effects, v_now);

  -- The counters are the last locks and so the shortest held. Each payer sees the one before.
  foreach v_schedule_id in array v_dates loop
    update schedules d
      set unsold_seats = d.unsold_seats - cardinality(array_positions(v_schedule_ids, v_schedule_id))
      where d.schedule_id = v_schedule_id returning d.unsold_seats into v_unsold;
    if v_unsold = 0 then
      v_sold_out_dates := v_sold_out_dates || v_schedule_id;
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
    v_effects := v_effects || jsonb_build_object(
      'concertsWithSoldOutDate', to_jsonb(v_sold_out_date_concerts),
      'soldOutConcerts', to_jsonb(v_sold_out_concerts));
    update idempotency_records i set effects = v_effects
      where i.fan_id = v_fan and i.route = v_route and i.key = v_key;
  end if;
  return json_build_object('answer', v_answer, 'effects', v_effects);
end $$;
