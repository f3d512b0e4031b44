/** The laws of the box office on the rows, each row a breach. */
const BROKEN = `
  select 'B1: seat ' || r.seat_id || ' is taken twice' as broken from reservations r
    where r.status = 'PAID' or r.status = 'HELD' and r.expires_at > $1
    group by r.seat_id having count(*) > 1
  union all
  select 'B1: the sold seat ' || s.seat_id || ' has not one paid reservation' from seats s
    where s.sold <> (1 = (
      select count(*) from reservations r where r.seat_id = s.seat_id and r.status = 'PAID'))
  union all
  select 'B1: seat ' || r.seat_id || ' does not have its hold' from reservations r
    join seats s using (seat_id)
    where r.status = 'HELD' and r.expires_at > $1 and s.held_until is distinct from r.expires_at
  union all
  select 'B3: the balance of ' || b.fan_id || ' is not the sum of its ledger' from balances b
    left join (select fan_id, sum(amount) as sum from ledger_entries group by fan_id) e using (fan_id)
    where b.balance < 0 or b.balance <> coalesce(e.sum, 0)
  union all
  select 'B3: payment ' || y.payment_id || ' is not in the ledger once' from payments y
    where 1 <> (select count(*) from ledger_entries e
      where e.payment_id = y.payment_id and e.kind = 'PAYMENT' and e.amount = -y.amount
        and e.fan_id = y.fan_id)
  union all
  select 'B3: the refund of ' || y.payment_id || ' is not in the ledger once' from payments y
    where (y.status = 'REFUNDED')::integer <> (select count(*) from ledger_entries e
      where e.payment_id = y.payment_id and e.kind = 'REFUND' and e.amount = y.amount
        and e.fan_id = y.fan_id)
  union all
  select 'B4: ' || r.status || ' reservation ' || r.reservation_id || ' and its payments'
    from reservations r
    where (select count(*) from payments y where y.reservation_id = r.reservation_id)
      <> case when r.status in ('PAID', 'REFUNDED') then 1 else 0 end
  union all
  select 'B5: date ' || d.schedule_id || ' miscounts the seats left' from schedules d
    where d.seats_left <> (
      select count(*) from seats s
        where s.schedule_id = d.schedule_id and not s.sold and not s.blocked)
  union all
  select 'B7: ' || r.fan_id || ' has ' || count(*) || ' seats of date ' || r.schedule_id
    from reservations r
    where r.status = 'PAID' or r.status = 'HELD' and r.expires_at > $1
    group by r.fan_id, r.schedule_id having count(*) > $2`;

/** What fans may see of each date. */
const STATE = `
  select json_agg(json_build_object(
      'scheduleId', d.schedule_id, 'concertId', d.concert_id, 'room', c.room_id,
      'opensAtMs', epoch_ms(d.reservation_available_at), 'endsAtMs', epoch_ms(d.ends_at),
      'isWithdrawn', d.withdrawn_at is not null or c.withdrawn_at is not null,
      'seats', (select json_agg(case when s.sold or s.blocked then -1
          else coalesce(epoch_ms(s.held_until), 0) end order by s.seat_number)
        from seats s where s.schedule_id = d.schedule_id))
    order by d.schedule_id)::text as state
  from schedules d join concerts c using (concert_id)`;

/**
 * Laws and state at one time, in one statement. It is prepared once for each database, because
 * planning takes longer than looking.
 */
export const LOOK_STATEMENT = `prepare look(timestamptz, integer) as
  select (select string_agg(broken, '; ') from (${BROKEN}) as laws) as broken,
    (${STATE}) as state`;
