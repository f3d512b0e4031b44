-- The seats of a schedule that can be held side by side, and how they lie: of each row, the seats
-- that follow each other by number. `offset_of_first` is where they begin in `ids`. `together` is the
-- length of the longest run; the shorter ones than `quantity` are left out of the arrays.
create type free_runs as (ids bigint[], offsets integer[], lengths integer[], places integer[],
  fronts integer[], row_lengths integer[], together integer);

create function find_free_runs(
  schedule bigint, quantity integer, only_section text, max_price bigint, at timestamptz)
returns free_runs language sql volatile as $$
  with placed as (
    select s.seat_id, s.section, s.row_name, s.seat_number,
        not coalesce(seat_taken(s.sold or s.blocked, s.held_until, at), false)
          and (max_price is null or s.price <= max_price) as is_free,
        row_number() over of_row as place,
        min(s.seat_number) over (partition by s.section, s.row_name) as front,
        count(*) over (partition by s.section, s.row_name) as row_length
      from seats s
      where s.schedule_id = schedule and (only_section is null or s.section = only_section)
      window of_row as (partition by s.section, s.row_name order by s.seat_number)
  ), free as (
    select *, place - row_number() over (partition by section, row_name order by place) as run
      from placed where is_free
  ), runs as (
    select front, row_length, min(place) as first_place, count(*) as length,
        array_agg(seat_id order by place) as ids
      from free group by front, row_length, run
  ), usable as (
    select *, sum(length) over (order by front, first_place) - length as offset_of_first
      from runs where length >= quantity
  )
  select (
      select array_agg(seat_id order by front, first_place, position)
        from usable, unnest(ids) with ordinality as of_run(seat_id, position)),
    array_agg(offset_of_first order by front, first_place)::integer[],
    array_agg(length order by front, first_place)::integer[],
    array_agg(first_place order by front, first_place)::integer[],
    array_agg(front order by front, first_place)::integer[],
    array_agg(row_length order by front, first_place)::integer[],
    coalesce((select max(length) from runs), 0)::integer
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

-- Finds the best seats side by side and locks them. Best are those that leave no single seat alone,
-- then those that leave room for as many other such groups as possible, then those in the row that
-- is nearest to the front, then those nearest to its middle, all by the order of the map.
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
  v_was_passed_over boolean;
begin
  for v_round in 1..v_max_rounds loop
    v_runs := find_free_runs(schedule, v_quantity, wanted->>'section',
      (wanted->>'maxPrice')::bigint, act_time(handed_in));
    together := v_runs.together;
    v_was_passed_over := false;
    loop
      select r.nth, o.before into v_run, v_before
        from unnest(v_runs.lengths, v_runs.places, v_runs.fronts, v_runs.row_lengths)
            with ordinality as r(length, place, front, row_length, nth),
          generate_series(0, r.length - v_quantity) as o(before),
          cast(r.length - v_quantity - o.before as integer) as behind
        order by (o.before = 1 or behind = 1),
          r.length / v_quantity - o.before / v_quantity - behind / v_quantity,
          r.front, abs(2 * (r.place + o.before) + v_quantity - 2 - r.row_length),
          r.place + o.before
        limit 1;
      exit when not found;
      seat_ids := v_runs.ids[v_runs.offsets[v_run] + v_before + 1
        : v_runs.offsets[v_run] + v_before + v_quantity];
      if lock_if_free(seat_ids, v_round > 1, handed_in) then
        return;
      end if;
      -- What is left and right of the group stays to choose from.
      v_was_passed_over := true;
      v_before := v_before + v_quantity;
      v_runs.offsets := v_runs.offsets || v_runs.offsets[v_run] + v_before;
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
