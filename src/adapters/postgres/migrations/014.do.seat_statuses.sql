-- The time of a snapshot: whatever act has this time or an earlier one is in the snapshot. An act
-- decides its time under its locks, and others see it only after its commit. Therefore the time is
-- that of the oldest transaction that is writing, but only as far back as an act can last
-- (assert_not_overdue) and a second more for its commit: a long transaction of an operator does not
-- hold it back. It can go back between two snapshots, because an act that waits for its first row is
-- not writing yet. Call it before the statement that reads. now() is the start of the
-- transaction, before any other has been looked at. PostgreSQL shows the sessions of the own role
-- alone, and all acts are done by one role.
create function snapshot_time(handed_in timestamptz) returns timestamptz
language sql volatile as $$
  select coalesce(date_trunc('milliseconds', handed_in),
    date_trunc('milliseconds', greatest(
      now() - longest_act() - interval '1 second', least(now(), (
      select min(a.xact_start) from pg_stat_activity a
        where a.datname = current_database() and a.backend_xid is not null))))
      - interval '1 millisecond');
$$;

-- The status of each seat, a letter a seat by number: A available, H held, S sold or blocked; or why
-- nobody may see them: `opensAt` or `closedAt`, or no `concertAt` where there is no such schedule.
-- Null if there is no such concert, or it was withdrawn. {concertId, scheduleId, now}
create function seat_statuses(p jsonb) returns json language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_taken_at timestamptz := snapshot_time((p->>'now')::timestamptz);
  v_now timestamptz := act_time((p->>'now')::timestamptz);
begin
  return (
    select json_build_object(
        'room', c.room_id,
        'concertAt', rfc3339(sc.concert_at),
        'opensAt', case when sc.reservation_available_at > v_now
          then rfc3339(sc.reservation_available_at) end,
        'closedAt', case when sc.ends_at <= v_now then rfc3339(sc.ends_at) end,
        'endsInMs', ceil(extract(epoch from sc.ends_at - v_now) * 1000),
        'mapVersion', sc.map_version,
        'takenAt', rfc3339(v_taken_at),
        'statuses', (
          select string_agg(case when s.sold or s.blocked then 'S' when s.held_until > v_now then 'H'
              else 'A' end, '' order by s.seat_number)
            from seats s
            where s.schedule_id = sc.schedule_id and sc.reservation_available_at <= v_now
              and sc.ends_at > v_now))
      from concerts c
      left join schedules sc on sc.concert_id = c.concert_id
        and sc.schedule_id = (p->>'scheduleId')::bigint and sc.withdrawn_at is null
      where c.concert_id = (p->>'concertId')::bigint and c.withdrawn_at is null);
end $$;
