-- The schedules that these changes of a concert withdraw.
create function schedules_withdrawn_by(concert bigint, changes jsonb) returns bigint[]
language sql stable as $$
  select array_agg(sc.schedule_id) from schedules sc
    where sc.concert_id = concert and (changes->>'status' = 'WITHDRAWN' or exists (
      select 1 from jsonb_array_elements(changes->'schedules') as named
        where (named->>'scheduleId')::bigint = sc.schedule_id and named->>'status' = 'WITHDRAWN'));
$$;

-- Locks all seats of what these changes withdraw. A hold or payment that has its seats already ends
-- first, and its reservation is seen. One that comes later sees the withdrawal after it got its seats.
-- The lock of additions (see claim_addition) keeps seats from being added meanwhile.
create function lock_seats_to_withdraw(concert bigint, changes jsonb) returns void
language plpgsql volatile as $$
declare
  v_schedule_ids bigint[];
begin
  if schedules_withdrawn_by(concert, changes) is not null then
    perform pg_advisory_xact_lock(4, hashtext(concert::text));
    v_schedule_ids := schedules_withdrawn_by(concert, changes);
    perform 1 from seats s where s.schedule_id = any (v_schedule_ids)
      order by s.seat_id for no key update;
  end if;
end $$;

-- Whether these changes undo a withdrawal that is final. The rows of the concert and of the
-- schedules that it names are locked.
create function undoes_final_withdrawal(concert bigint, changes jsonb) returns boolean
language sql volatile as $$
  select exists (
      select 1 from concerts c
        where c.concert_id = concert and c.withdrawal_is_final and changes->>'status' = 'ON_SALE')
    or exists (
      select 1 from jsonb_array_elements(changes->'schedules') as named
        join schedules sc on sc.schedule_id = (named->>'scheduleId')::bigint
        where sc.concert_id = concert and sc.withdrawal_is_final and named->>'status' = 'ON_SALE');
$$;

-- Withdraws the concert or its schedules, or undoes that, as these changes say. Live holds of what
-- is withdrawn are cancelled and stay so. All rows are locked, the seats by lock_seats_to_withdraw.
create function change_withdrawals(concert bigint, changes jsonb, at timestamptz) returns void
language plpgsql volatile as $$
declare
  v_schedule_ids bigint[] := schedules_withdrawn_by(concert, changes);
begin
  if v_schedule_ids is not null then
    with cancelled as (
      update reservations r set status = 'CANCELLED', cancelled_at = at
        where r.schedule_id = any (v_schedule_ids) and r.status = 'HELD' and r.expires_at > at
        returning r.seat_id
    )
    update seats s set held_until = null from cancelled where s.seat_id = cancelled.seat_id;
  end if;
  update schedules sc
    set withdrawn_at = case when named->>'status' = 'WITHDRAWN' then coalesce(sc.withdrawn_at, at) end
    from jsonb_array_elements(changes->'schedules') as named
    where sc.concert_id = concert and sc.schedule_id = (named->>'scheduleId')::bigint
      and named->>'status' is not null;
  if changes->>'status' is not null then
    update concerts c
      set withdrawn_at = case when changes->>'status' = 'WITHDRAWN' then coalesce(c.withdrawn_at, at) end
      where c.concert_id = concert;
  end if;
end $$;
