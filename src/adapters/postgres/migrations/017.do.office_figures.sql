-- What the box office shows to those who watch a sale: see OfficeFigures. It reads the rows of the
-- window, the unfinished refunds, and a bounded number of deliveries. The plan is made for each call:
-- the planner estimates with the times.
-- {windowMs, maxRooms, maxDeliveries, now}
create function office_figures(p jsonb) returns json language plpgsql volatile
set plan_cache_mode = force_custom_plan as $$
declare
  v_at timestamptz := act_time((p->>'now')::timestamptz);
  v_since timestamptz := v_at - (p->>'windowMs')::bigint * interval '1 millisecond';
begin
  return (with held as (
      select r.place_room as room,
        count(*) filter (where r.created_at > v_since) as holds,
        count(*) filter (where r.status in ('HELD', 'EXPIRED')
          and r.expires_at > v_since and r.expires_at <= v_at) as lapses
      from reservations r
      where r.created_at > v_since or r.expires_at > v_since and r.expires_at <= v_at
      group by 1
    ), sold as (
      -- No join: the planner may go through all reservations for one.
      select (select r.place_room from reservations r where r.reservation_id = y.reservation_id)
          as room, count(*) as sales, sum(y.amount) as amount
      from payments y
      where y.paid_at > v_since
      group by 1
    ), rooms as (
      select json_build_object('room', room, 'holds', coalesce(holds, 0),
          'lapses', coalesce(lapses, 0), 'sales', coalesce(sales, 0),
          'amount', coalesce(amount, 0)) as figures
      from held full join sold using (room)
      where coalesce(holds, 0) + coalesce(lapses, 0) + coalesce(sales, 0) > 0
      order by coalesce(holds, 0) + coalesce(sales, 0) desc, room limit (p->>'maxRooms')::integer
    ), ledger as (
      select e.kind, count(*) as entries,
        case when e.kind = 'CORRECTION' then sum(e.amount) else abs(sum(e.amount)) end as amount
      from ledger_entries e
      where e.at > v_since
      group by 1
    ), undelivered as (
      select d.attempts, d.started_at from deliveries d
      order by d.sequence limit (p->>'maxDeliveries')::integer
    ), refunds as (
      select accepted_at from refund_jobs where finished_at is null
    )
    select json_build_object(
      'rooms', (select coalesce(json_agg(figures), '[]') from rooms),
      'ledger', (select coalesce(json_agg(json_build_object('kind', kind, 'entries', entries,
          'amount', amount) order by kind), '[]') from ledger),
      'deliveries', (select count(*) from undelivered),
      'retriedDeliveries', (select count(*) from undelivered where attempts > 1),
      'oldestDeliveryMs', (select epoch_ms(v_at) - epoch_ms(min(started_at)) from undelivered),
      'disabledWebhooks', (select count(*) from webhooks
        where disabled_at is not null and deleted_at is null),
      'unfinishedRefunds', (select count(*) from refunds),
      'oldestRefundMs', (select epoch_ms(v_at) - epoch_ms(min(accepted_at)) from refunds)));
end $$;
