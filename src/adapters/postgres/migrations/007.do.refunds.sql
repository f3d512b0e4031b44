-- Refunds of a concert or a schedule. An operator accepts one, and the cron carries it on in
-- batches. It grows by one for each refund that an operator accepts; a concert or a schedule has at
-- most one that is unfinished. The rows are records of money, so nothing sweeps them.
create table refund_jobs (
  refund_id text primary key,
  concert_id bigint not null references concerts,
  -- Null: all schedules of the concert.
  schedule_id bigint references schedules,
  operator text not null,
  reason text not null,
  seats_back_on_sale boolean not null,
  -- Payments with a higher sequence were made after the acceptance, and are not refunded.
  last_sequence bigint not null,
  -- The payments that were COMPLETED at the acceptance, and the sum of their amounts.
  total integer not null check (total >= 0),
  total_amount bigint not null check (total_amount >= 0),
  accepted_at timestamptz not null,
  finished_at timestamptz
);
create unique index one_unfinished_refund_of_a_schedule
  on refund_jobs (concert_id, schedule_id) nulls not distinct where finished_at is null;
create index unfinished_refunds on refund_jobs (accepted_at) where finished_at is null;

-- Forbids to undo the withdrawals of these schedules of one concert, and that of the concert.
create function make_withdrawals_final(schedule_ids bigint[]) returns void
language plpgsql volatile as $$
begin
  perform 1 from schedules sc
    where sc.schedule_id = any (schedule_ids) and sc.withdrawn_at is not null
      and not sc.withdrawal_is_final
    order by sc.schedule_id for no key update;
  update schedules sc set withdrawal_is_final = true
    where sc.schedule_id = any (schedule_ids) and sc.withdrawn_at is not null
      and not sc.withdrawal_is_final;
  update concerts c set withdrawal_is_final = true
    where c.withdrawn_at is not null and not c.withdrawal_is_final and c.concert_id = (
      select sc.concert_id from schedules sc where sc.schedule_id = any (schedule_ids) limit 1);
end $$;

-- Locks what a refund of these payments reads and changes, up to their balances. Each reservation,
-- payment and ticket is locked after its own seat.
create function lock_payments(payment_ids text[]) returns void language plpgsql volatile as $$
begin
  perform 1 from payments y
    join reservations r on r.reservation_id = y.reservation_id
    join seats s on s.seat_id = r.seat_id
    join tickets t on t.reservation_id = r.reservation_id
    where y.payment_id = any (payment_ids)
    order by s.seat_id for no key update of s, r, y, t;
  perform 1 from balances b
    where b.fan_id in (select y.fan_id from payments y where y.payment_id = any (payment_ids))
    order by b.fan_id for no key update;
end $$;

-- Refunds those of these payments that are COMPLETED, each whole. All are of one concert and locked
-- by lock_payments. Returns {refunded, rooms, concertsWithChangedSchedule,
-- changedConcerts}: the number of payments, and what the effects after the answer need.
-- act: {operator, reason}, or null for the fan
create function refund_locked_payments(
  payment_ids text[], act jsonb, back_on_sale boolean, at timestamptz)
returns jsonb language plpgsql volatile as $$
declare
  v_schedule_ids bigint[];
  v_refunded_ids text[];
  v_changed jsonb := jsonb_build_object(
    'concertsWithChangedSchedule', '[]'::jsonb, 'changedConcerts', '[]'::jsonb);
begin
  with refunded as (
    update payments y set status = 'REFUNDED', refunded_at = at
      where y.payment_id = any (payment_ids) and y.status = 'COMPLETED'
      returning y.payment_id, y.fan_id, y.reservation_id, y.amount
  ), logged as (
    insert into payment_history (payment_id, status, amount, at)
      select payment_id, 'REFUNDED', amount, refund_locked_payments.at from refunded
  ), entered as (
    insert into ledger_entries (fan_id, kind, amount, payment_id, operator, reason, at)
      select fan_id, 'REFUND', amount, payment_id, act->>'operator', act->>'reason',
          refund_locked_payments.at
        from refunded
  ), credited as (
    update balances b set balance = b.balance + due.amount
      from (select fan_id, sum(amount) as amount from refunded group by fan_id) due
      where b.fan_id = due.fan_id
  ), freed as (
    update reservations r set status = 'REFUNDED'
      from refunded where r.reservation_id = refunded.reservation_id
      returning r.seat_id, r.schedule_id
  ), cleared as (
    -- The end of the paid hold may still lie ahead. The seat is free before it.
    update seats s set sold = false, blocked = not back_on_sale, held_until = null
      from freed where s.seat_id = freed.seat_id
  )
  select coalesce((select array_agg(schedule_id) from freed), '{}'),
      (select array_agg(payment_id) from refunded)
    into v_schedule_ids, v_refunded_ids;
  -- A blocked seat is not left, as a sold one is not.
  if back_on_sale then
    v_changed := change_seats_left(v_schedule_ids, 1, at);
  end if;
  -- An operator's refund ends a show for good. The fan's own says nothing of the show.
  if act is not null then
    perform make_withdrawals_final(v_schedule_ids);
  end if;
  perform assert_not_overdue();
  return v_changed || jsonb_build_object('refunded', cardinality(v_schedule_ids),
    'rooms', coalesce((
      select jsonb_agg(distinct c.room_id)
        from schedules sc join concerts c on c.concert_id = sc.concert_id
        where sc.schedule_id = any (v_schedule_ids)), '[]'))
    || emit_payments('payment.refunded', v_refunded_ids, at);
end $$;

-- Refunds one payment; a repeat changes nothing. The fan's refund has conditions, the operator's has
-- none. {paymentId, fan or null, act: {operator, reason} or null, seatBackOnSale, now}
create function refund_payment(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_id text := p->>'paymentId';
  v_fan text := p->>'fan';
  v_payment payments;
  v_balance bigint;
  v_checked_in boolean;
  v_refund_until timestamptz;
  v_room text;
  v_now timestamptz;
  v_effects jsonb;
begin
  perform 1 from payments y where y.payment_id = v_id and (v_fan is null or y.fan_id = v_fan);
  if not found then
    return refusal(json_build_object('kind', 'PAYMENT_NOT_FOUND'));
  end if;
  perform lock_payments(array[v_id]);
  v_now := act_time((p->>'now')::timestamptz);
  select t.checked_in_at is not null, sc.refund_until, c.room_id
    into v_checked_in, v_refund_until, v_room
    from payments y
    join reservations r on r.reservation_id = y.reservation_id
    join tickets t on t.reservation_id = r.reservation_id
    join schedules sc on sc.schedule_id = r.schedule_id
    join concerts c on c.concert_id = sc.concert_id
    where y.payment_id = v_id;
  select * into v_payment from payments y where y.payment_id = v_id;
  if v_payment.status = 'COMPLETED' then
    if v_fan is not null and (v_refund_until is null or v_refund_until <= v_now) then
      return refusal(json_build_object('kind', 'REFUND_NOT_POSSIBLE', 'reason', 'WINDOW_CLOSED'));
    elsif v_fan is not null and v_checked_in then
      return refusal(json_build_object('kind', 'REFUND_NOT_POSSIBLE', 'reason', 'CHECKED_IN'));
    end if;
    v_effects := refund_locked_payments(
      array[v_id], nullif(p->'act', 'null'), (p->>'seatBackOnSale')::boolean, v_now);
    select * into v_payment from payments y where y.payment_id = v_id;
  end if;
  select b.balance into v_balance from balances b where b.fan_id = v_payment.fan_id;
  if v_effects is not null and p->>'act' is not null then
    perform add_audit_entry(v_now, p->'act', 'PAYMENT_REFUNDED', v_room, v_id,
      jsonb_build_object('status', 'COMPLETED', 'balance', v_balance - v_payment.amount),
      jsonb_build_object('status', 'REFUNDED', 'balance', v_balance, 'amount', v_payment.amount,
        'userId', v_payment.fan_id, 'seatBackOnSale', (p->>'seatBackOnSale')::boolean));
  end if;
  return json_build_object('effects', v_effects, 'balance', v_balance, 'payment',
    json_build_object('paymentId', v_id, 'reservationId', v_payment.reservation_id,
      'amount', v_payment.amount, 'status', v_payment.status,
      'paidAt', rfc3339(v_payment.paid_at), 'refundedAt', rfc3339(v_payment.refunded_at)));
end $$;

-- The payments that a refund still has to do: those refunded singly meanwhile are done.
create function payments_to_refund(job refund_jobs) returns setof payments
language sql stable as $$
  select y.* from schedules sc
    join reservations r on r.schedule_id = sc.schedule_id and r.status = 'PAID'
    join payments y on y.reservation_id = r.reservation_id and y.status = 'COMPLETED'
    where sc.concert_id = job.concert_id
      and (job.schedule_id is null or sc.schedule_id = job.schedule_id)
      and y.sequence <= job.last_sequence;
$$;

create function refund_job_json(job refund_jobs) returns json language sql stable as $$
  select json_build_object('refundId', job.refund_id, 'scheduleId', job.schedule_id,
      'reason', job.reason, 'seatsBackOnSale', job.seats_back_on_sale, 'total', job.total,
      'refunded', job.total - count(*), 'amount', job.total_amount - coalesce(sum(y.amount), 0),
      'finishedAt', rfc3339(job.finished_at))
    from payments_to_refund(job) y;
$$;

-- The unfinished refund of the same concert or the same schedule, or the one that this is a repeat
-- of. A refund of a schedule and one of its whole concert are two, because the later one has payments
-- that were made since: what is in both is refunded once, by the terms of whichever comes to it.
create function accepted_refund(job refund_jobs) returns refund_jobs language sql volatile as $$
  select j from refund_jobs j
    where j.refund_id = job.refund_id or (j.finished_at is null and j.concert_id = job.concert_id
      and j.schedule_id is not distinct from job.schedule_id)
    limit 1;
$$;

-- Accepts the refund of all payments of a concert or of one of its schedules, or gives the one that
-- is unfinished. {refundId, concertId, scheduleId or null, seatsBackOnSale,
-- act: {operator, reason}, idempotency: {route, key, bodyHash} or null, now}
create function accept_refund(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' set enable_seqscan = off as $$
declare
  v_job refund_jobs;
  v_existing refund_jobs;
  v_schedule_ids bigint[];
  v_room text;
  v_caller text := 'operator:' || (p->'act'->>'operator');
  v_recorded json := claim_idempotency_key(v_caller, p->'idempotency');
begin
  if v_recorded is not null then
    return v_recorded;
  end if;
  v_job.refund_id := p->>'refundId';
  v_job.concert_id := (p->>'concertId')::bigint;
  v_job.schedule_id := (p->>'scheduleId')::bigint;
  v_job.operator := p->'act'->>'operator';
  v_job.reason := p->'act'->>'reason';
  v_job.seats_back_on_sale := (p->>'seatsBackOnSale')::boolean;
  select c.room_id into v_room from concerts c where c.concert_id = v_job.concert_id;
  if not found then
    return refusal(json_build_object('kind', 'CONCERT_NOT_FOUND'));
  end if;
  select array_agg(sc.schedule_id) into v_schedule_ids from schedules sc
    where sc.concert_id = v_job.concert_id
      and (v_job.schedule_id is null or sc.schedule_id = v_job.schedule_id);
  if v_schedule_ids is null then
    return refusal(json_build_object('kind', 'SCHEDULE_NOT_FOUND'));
  end if;
  v_existing := accepted_refund(v_job);
  if v_existing.refund_id is not null then
    return record_answer(v_caller, p->'idempotency',
      json_build_object('isNew', false, 'job', refund_job_json(v_existing)), null,
      act_time((p->>'now')::timestamptz));
  end if;
  select coalesce(max(y.sequence), 0) into v_job.last_sequence
    from reservations r
    join payments y on y.reservation_id = r.reservation_id and y.status = 'COMPLETED'
    where r.schedule_id = any (v_schedule_ids) and r.status = 'PAID';
  -- A payment may have got a lower sequence and not have ended yet. It locked its seats before, and
  -- this statement waits for it. So no payment is added to those that are counted next.
  perform 1 from reservations r join seats s on s.seat_id = r.seat_id
    where r.schedule_id = any (v_schedule_ids) and r.status = 'HELD'
    order by s.seat_id for no key update of s;
  v_job.accepted_at := act_time((p->>'now')::timestamptz);
  select count(*), coalesce(sum(y.amount), 0) into v_job.total, v_job.total_amount
    from payments_to_refund(v_job) y;
  v_job.finished_at := case when v_job.total = 0 then v_job.accepted_at end;
  perform make_withdrawals_final(v_schedule_ids);
  insert into refund_jobs select v_job.* on conflict do nothing;
  if not found then
    v_existing := accepted_refund(v_job);
    return record_answer(v_caller, p->'idempotency',
      json_build_object('isNew', false, 'job', refund_job_json(v_existing)), null,
      act_time((p->>'now')::timestamptz));
  end if;
  perform add_audit_entry(v_job.accepted_at, p->'act', 'CONCERT_REFUNDED', v_room,
    v_job.concert_id::text, null, jsonb_build_object('refundId', v_job.refund_id,
      'scheduleId', v_job.schedule_id, 'total', v_job.total, 'amount', v_job.total_amount,
      'seatsBackOnSale', v_job.seats_back_on_sale));
  return record_answer(v_caller, p->'idempotency',
    json_build_object('isNew', true, 'job', refund_job_json(v_job)), null, v_job.accepted_at);
end $$;

-- Refunds at most `limit` payments of one unfinished refund: of this one, or of the oldest with
-- refundId null. A refund that another call carries on is left to it.
-- Returns {refunded, unfinished, effects}; effects are null when it found none.
-- {refundId or null, limit, now}
create function carry_refund_on(p jsonb) returns json language plpgsql volatile
set lock_timeout = '5s' set enable_seqscan = off as $$
declare
  v_job refund_jobs;
  v_payment_ids text[];
  v_now timestamptz;
  v_effects jsonb;
begin
  select * into v_job from refund_jobs j
    where j.finished_at is null and (p->>'refundId' is null or j.refund_id = p->>'refundId')
    order by j.accepted_at, j.refund_id limit 1 for no key update skip locked;
  if found then
    select coalesce(array_agg(payment_id), '{}') into v_payment_ids from (
      select y.payment_id from payments_to_refund(v_job) y limit (p->>'limit')::integer) due;
    perform lock_payments(v_payment_ids);
    v_now := act_time((p->>'now')::timestamptz);
    v_effects := refund_locked_payments(v_payment_ids,
      jsonb_build_object('operator', v_job.operator, 'reason', v_job.reason),
      v_job.seats_back_on_sale, v_now);
    if not exists (select 1 from payments_to_refund(v_job)) then
      update refund_jobs j set finished_at = v_now where j.refund_id = v_job.refund_id;
    end if;
  end if;
  return json_build_object('refunded', coalesce(v_effects->'refunded', '0'), 'effects', v_effects,
    'unfinished', exists (select 1 from refund_jobs j where j.finished_at is null));
end $$;
