-- The seats of a schedule that can be held side by side, and how they lie: of each row, the free
-- seats whose numbers follow each other. Where numbers are left out or are those of another row,
-- there is a gap. A run begins at the number `first_numbers` and at the place `places` of its row.
-- `together` is the length of the longest run; the shorter ones than `quantity` are left out of the
-- arrays.
create type free_runs as (first_numbers integer[], lengths integer[], places integer[],
  fronts integer[], row_lengths integer[], together integer);

-- The seats are read in the order of their numbers, once and without a sort. A stretch is what
-- follows each other of one row; most rows are one stretch. With `up_to` only seats up to this number
-- are read.
create function find_free_runs(
  schedule bigint, quantity integer, only_section text, max_price bigint, up_to integer,
  at timestamptz)
returns free_runs language sql volatile as $$
  with numbered as (
    select s.section, s.row_name, s.seat_number,
        not coalesce(seat_taken(s.sold or s.blocked, s.held_until, at), false)
          and (max_price is null or s.price <= max_price) as is_free,
        lag(s.section) over by_number is distinct from s.section
          or lag(s.row_name) over by_number is distinct from s.row_name as begins,
        row_number() over by_number as position
      from seats s
      where s.schedule_id = schedule and (only_section is null or s.section = only_section)
        and s.seat_number <= coalesce(up_to, 1000000)
      window by_number as (order by s.seat_number)
  ), stretched as (
    select *, count(*) filter (where begins) over by_number as stretch,
        case when is_free
          then seat_number - count(*) filter (where is_free) over by_number end as run
      from numbered window by_number as (order by seat_number rows unbounded preceding)
  ), parts as (
    select stretch, section, row_name, run, min(seat_number) as first_number,
        min(position) as first_position, count(*) as length
      from stretched group by stretch, section, row_name, run
  ), placed as (
    select *, min(first_number) over of_row as front, sum(length) over of_row as row_length,
        1 + first_position - min(first_position) over of_stretch - sum(length) over of_stretch
          + sum(length) over (of_row order by stretch) as place
      from parts
      window of_row as (partition by section, row_name), of_stretch as (partition by stretch)
  ), usable as (
    select * from placed where run is not null and length >= quantity
  )
  select array_agg(first_number order by first_number)::integer[],
    array_agg(length order by first_number)::integer[],
    array_agg(place order by first_number)::integer[],
    array_agg(front order by first_number)::integer[],
    array_agg(row_length order by first_number)::integer[],
    coalesce((select max(length) from parts where run is not null), 0)::integer
  from usable;
$$;

-- Locks these seats if all of them are free; else it locks none and returns false. With `waits` it
-- waits for acts that have them locked; without, such seats count as taken.
create function lock_if_free(seat_ids bigint[], waits boolean, handed_in timestamptz)
returns boolean language plpgsql volatile as $$
declare
  v_free integer;
begin
  -- The exception gives back the locks of this block.
  if waits then
    perform 1 from seats s where s.seat_id = any (seat_ids) order by s.seat_id for no key update;
  else
    perform 1 from seats s where s.seat_id = any (seat_ids)
      order by s.seat_id for no key update skip locked;
    get diagnostics v_free = row_count;
    if v_free < cardinality(seat_ids) then
      raise exception using errcode = 'BS001';
    end if;
  end if;
  select count(*) into v_free from seats s
    where s.seat_id = any (seat_ids)
      and not coalesce(seat_taken(s.sold or s.blocked, s.held_until, act_time(handed_in)), false);
  if v_free < cardinality(seat_ids) then
    raise exception using errcode = 'BS001';
  end if;
  return true;
exception when sqlstate 'BS001' then
  return false;
end $$;

-- So many free seats are looked at first.
create function near_seats() returns integer language sql immutable as $$
  select 500;
$$;

-- The number of the last of the first free seats; null if there are no more, or if most seats before
-- it are taken. Then a search of the whole hall costs little more.
create function end_of_near_seats(schedule bigint, only_section text, at timestamptz)
returns integer language sql volatile set enable_bitmapscan = off set enable_sort = off as $$
  select first.seat_number from (
      select * from seats s
        where s.schedule_id = schedule and (only_section is null or s.section = only_section)
        order by s.seat_number limit 10 * near_seats()) first
    where not coalesce(seat_taken(first.sold or first.blocked, first.held_until, at), false)
    order by first.seat_number offset near_seats() - 1 limit 1;
$$;

-- Whether a row that begins up to `last_front` has seats behind the number `up_to`, or may have: rows
-- without a name are not looked up. The planner does not know how small `last_front` is: its settings,
-- the order and the sum keep it from reading the whole hall.
create function rows_go_on(schedule bigint, only_section text, last_front integer, up_to integer)
returns boolean language sql volatile set enable_bitmapscan = off set enable_sort = off as $$
  with before as materialized (
    select s.section, s.row_name from seats s
      where s.schedule_id = schedule and s.seat_number <= last_front
        and (only_section is null or s.section = only_section)
      order by s.seat_number)
  select exists (
    select from (select distinct section, row_name from before) begun
      where begun.section is null or begun.row_name is null or exists (
        select from seats s
          where s.schedule_id = schedule and s.section = begun.section
            and s.row_name = begun.row_name and s.seat_number + 0 > up_to));
$$;

-- Finds the best seats side by side and locks them. Best are those that leave no single seat alone,
-- then those that leave room for as many other such groups as possible, then those in the row that
-- is nearest to the front, then those nearest to its middle, all by the order of the map. A group
-- that leaves no single seat alone and costs no other group more than itself is flawless. If there is
-- one among the first free seats, then no row behind it has a better one, and the rest of the hall is
-- not read.
-- Seats that another act has locked are passed over at first, so that of many who search at once
-- each takes another group. Where only such seats are left, it waits for them: that act may still
-- be refused. Returns their ids in the order of the map, or {together} alone.
-- wanted: {quantity, section, maxPrice}
create function lock_best_seats(
  schedule bigint, wanted jsonb, handed_in timestamptz, out seat_ids bigint[], out together integer)
language plpgsql volatile as $$
declare
  -- Each round after the first begins after other acts have ended. So many end only in a crowd
  -- around the last seats.
  v_max_rounds constant integer := 50;
  v_quantity integer := (wanted->>'quantity')::integer;
  v_runs free_runs;
  v_run integer;
  v_before integer;
  v_first integer;
  v_front integer;
  v_is_flawless boolean;
  v_up_to integer :=
    end_of_near_seats(schedule, wanted->>'section', act_time(handed_in));
  v_was_passed_over boolean;
begin
  for v_round in 1..v_max_rounds loop
    v_runs := find_free_runs(schedule, v_quantity, wanted->>'section',
      (wanted->>'maxPrice')::bigint, v_up_to, act_time(handed_in));
    together := v_runs.together;
    v_was_passed_over := false;
    loop
      select r.nth, o.before, r.front, o.before <> 1 and behind <> 1
            and r.length / v_quantity - o.before / v_quantity - behind / v_quantity = 1
        into v_run, v_before, v_front, v_is_flawless
        from unnest(v_runs.lengths, v_runs.places, v_runs.fronts, v_runs.row_lengths)
            with ordinality as r(length, place, front, row_length, nth),
          generate_series(0, r.length - v_quantity) as o(before),
          cast(r.length - v_quantity - o.before as integer) as behind
        order by (o.before = 1 or behind = 1),
          r.length / v_quantity - o.before / v_quantity - behind / v_quantity,
          r.front, abs(2 * (r.place + o.before) + v_quantity - 2 - r.row_length),
          r.place + o.before
        limit 1;
      if v_up_to is not null and (not found or not v_is_flawless
        or rows_go_on(schedule, wanted->>'section', v_front, v_up_to))
      then
        v_up_to := null;
        v_runs := find_free_runs(schedule, v_quantity, wanted->>'section',
          (wanted->>'maxPrice')::bigint, v_up_to, act_time(handed_in));
        together := v_runs.together;
        continue;
      end if;
      exit when v_run is null;
      v_first := v_runs.first_numbers[v_run] + v_before;
      seat_ids := array(
        select s.seat_id from seats s
          where s.schedule_id = schedule
            and s.seat_number between v_first and v_first + v_quantity - 1
          order by s.seat_number);
      if lock_if_free(seat_ids, v_round > 1, handed_in) then
        return;
      end if;
      -- What is left and right of the group stays to choose from.
      v_was_passed_over := true;
      v_before := v_before + v_quantity;
      v_runs.first_numbers := v_runs.first_numbers || v_first + v_quantity;
      v_runs.lengths := v_runs.lengths || v_runs.lengths[v_run] - v_before;
      v_runs.places := v_runs.places || v_runs.places[v_run] + v_before;
      v_runs.fronts := v_runs.fronts || v_runs.fronts[v_run];
      v_runs.row_lengths := v_runs.row_lengths || v_runs.row_lengths[v_run];
      v_runs.lengths[v_run] := v_before - v_quantity;
    end loop;
    seat_ids := null;
    exit when not v_was_passed_over;
  end loop;
end $$;
