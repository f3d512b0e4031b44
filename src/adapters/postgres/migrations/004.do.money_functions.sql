-- Tops up a balance. {fan, amount, currency, once: {route, key, bodyHash}, now}
create function charge_v1(p jsonb) returns json language plpgsql volatile as $$
declare
  v_fan text := p->>'fan';
  v_amount bigint := (p->>'amount')::bigint;
  v_balance bigint;
  v_now timestamptz;
  v_known json := begin_once_v1(v_fan, p->'once');
begin
  if v_known is not null then
    return v_known;
  end if;
  insert into balances as b (fan_id, balance) values (v_fan, v_amount)
    on conflict (fan_id) do update set balance = b.balance + v_amount
    returning b.balance into v_balance;
  v_now := act_time_v1((p->>'now')::timestamptz);
  insert into ledger_entries (fan_id, kind, amount, at) values (v_fan, 'CHARGE', v_amount, v_now);
  return end_once_v1(v_fan, p->'once',
    json_build_object('balance', v_balance, 'currency', p->>'currency'), null, v_now);
end $$;

-- Pays for live holds of one fan, all or none.
-- {fan, items: [{reservationId, paymentId}], once: {route, key, bodyHash}, now}
create function pay_v1(p jsonb) returns json language plpgsql volatile as $$
declare
  v_fan text := p->>'fan';
  v_ids text[];
  v_payment_ids text[];
  v_seat_ids bigint[];
  v_refused json;
  v_total bigint;
  v_balance bigint;
  v_now timestamptz;
  v_dates bigint[] := '{}';
  v_date record;
  v_concert record;
  v_unsold integer;
  v_sold_out_date_concerts bigint[] := '{}';
  v_sold_out_concerts bigint[] := '{}';
  v_known json := begin_once_v1(v_fan, p->'once');
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
  perform 1 from reservations r where r.reservation_id = any (v_ids)
    order by r.reservation_id for no key update;
  -- Validity is decided under the rows' locks, at the time that they were got.
  v_now := act_time_v1((p->>'now')::timestamptz);
  select json_agg(json_build_object('reservationId', r.reservation_id,
      'status', reservation_status_v1(r.status, r.expires_at, v_now))
      order by array_position(v_ids, r.reservation_id)) into v_refused
    from reservations r
    where r.reservation_id = any (v_ids)
      and reservation_status_v1(r.status, r.expires_at, v_now) <> 'HELD';
  if v_refused is not null then
    return refusal_v1(json_build_object('kind', 'RESERVATION_NOT_PAYABLE', 'reservations', v_refused));
  end if;

  select sum(r.price) into v_total from reservations r where r.reservation_id = any (v_ids);
  select b.balance into v_balance from balances b where b.fan_id = v_fan for no key update;
  if coalesce(v_balance, 0) < v_total then
    return refusal_v1(json_build_object('kind', 'INSUFFICIENT_BALANCE',
      'balance', coalesce(v_balance, 0), 'required', v_total));
  end if;

  insert into balances as b (fan_id, balance) values (v_fan, 0)
    on conflict (fan_id) do update set balance = b.balance - v_total
    returning b.balance into v_balance;
  update reservations r set status = 'PAID' where r.reservation_id = any (v_ids);
  update seats s set sold = true where s.seat_id = any (v_seat_ids);
  insert into payments (payment_id, fan_id, reservation_id, amount, status, paid_at)
    select wanted.payment_id, v_fan, r.reservation_id, r.price, 'COMPLETED', v_now
    from unnest(v_ids, v_payment_ids) with ordinality
      as wanted(reservation_id, payment_id, position)
    join reservations r on r.reservation_id = wanted.reservation_id
    order by wanted.position desc;
  insert into payment_history (payment_id, status, amount, at)
    select y.payment_id, y.status, y.amount, v_now
    from payments y where y.payment_id = any (v_payment_ids);
  insert into ledger_entries (fan_id, kind, amount, payment_id, at)
    select v_fan, 'PAYMENT', -y.amount, y.payment_id, v_now
    from payments y where y.payment_id = any (v_payment_ids);

  -- The counters are the last locks and so the shortest held. Each payer sees the one before.
  for v_date in
    select r.schedule_id, count(*)::integer as seats from reservations r
      where r.reservation_id = any (v_ids) group by r.schedule_id order by r.schedule_id
  loop
    update schedules d set unsold_seats = d.unsold_seats - v_date.seats
      where d.schedule_id = v_date.schedule_id returning d.unsold_seats into v_unsold;
    if v_unsold = 0 then
      v_dates := v_dates || v_date.schedule_id;
    end if;
  end loop;
  for v_concert in
    select d.concert_id, count(*)::integer as dates from schedules d
      where d.schedule_id = any (v_dates) group by d.concert_id order by d.concert_id
  loop
    v_sold_out_date_concerts := v_sold_out_date_concerts || v_concert.concert_id;
    update concerts c set unsold_dates = c.unsold_dates - v_concert.dates
      where c.concert_id = v_concert.concert_id returning c.unsold_dates into v_unsold;
    if v_unsold = 0 then
      v_sold_out_concerts := v_sold_out_concerts || v_concert.concert_id;
    end if;
  end loop;

  return end_once_v1(v_fan, p->'once',
    json_build_object(
      'payments', (
        select json_agg(json_build_object('paymentId', y.payment_id,
            'reservationId', y.reservation_id, 'amount', y.amount, 'status', y.status,
            'paidAt', rfc3339_v1(y.paid_at)) order by array_position(v_payment_ids, y.payment_id))
          from payments y where y.payment_id = any (v_payment_ids)),
      'totalAmount', v_total,
      'balance', v_balance),
    jsonb_build_object(
      'places', (
        select jsonb_agg(distinct jsonb_build_object('room', r.place_room, 'fan', r.fan_id,
            'epoch', r.place_epoch, 'order', r.place_order))
          from reservations r where r.reservation_id = any (v_ids)),
      'concertsWithSoldOutDate', to_jsonb(v_sold_out_date_concerts),
      'soldOutConcerts', to_jsonb(v_sold_out_concerts)),
    v_now);
end $$;
