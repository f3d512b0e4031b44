/** Ways to hold seats, as SQL. */

/** Columns that a benched hold needs beside its parameters: $1 fan, $2 seats, $3 ids, $4 TTL ms. */
const NEW_RESERVATIONS = (fan: string, from: string) => `
  insert into reservations (reservation_id, fan_id, schedule_id, seat_id, price, status,
      expires_at, created_at, place_room, place_epoch, place_order)
    select held.reservation_id, ${fan}, s.schedule_id, s.seat_id, s.price, 'HELD',
      s.held_until, s.held_at, 'main', 'epoch', 7
    ${from}`;

const FREE = "not s.sold and coalesce(s.held_until, '-infinity') <= clock_timestamp()";
const UNTIL = (ttlMs: string) => `clock_timestamp() + ${ttlMs} * interval '1 millisecond'`;

/** Ordered row locks, then the writes, a statement each; nothing else that a hold must do. */
const ORDERED_FUNCTION = `
  create function bench_hold_ordered(fan text, seats_wanted bigint[], ids text[], ttl_ms bigint)
  returns integer language plpgsql set plan_cache_mode = force_generic_plan as $$
  declare
    v_free integer;
  begin
    select count(*) filter (where ${FREE}) into v_free from (
      select * from seats where seat_id = any (seats_wanted) order by seat_id for no key update) s;
    if v_free < cardinality(ids) then
      return 0;
    end if;
    update reservations set status = 'EXPIRED'
      where seat_id = any (seats_wanted) and status = 'HELD';
    with s as (
      update seats set held_until = ${UNTIL("ttl_ms")} where seat_id = any (seats_wanted)
        returning *, clock_timestamp() as held_at)
    ${
  NEW_RESERVATIONS(
    "fan",
    "from unnest(seats_wanted, ids) held(seat_id, reservation_id) join s using (seat_id)",
  )
};
    return cardinality(ids);
  end $$`;

/** The naive way: one seat after the other, as the request names them. */
const ONE_BY_ONE_FUNCTION = `
  create function bench_hold_one_by_one(fan text, seats_wanted bigint[], ids text[], ttl_ms bigint)
  returns integer language plpgsql set plan_cache_mode = force_generic_plan as $$
  declare
    v_seat bigint;
  begin
    foreach v_seat in array seats_wanted loop
      update seats s set held_until = ${UNTIL("ttl_ms")} where s.seat_id = v_seat and ${FREE};
      if not found then
        -- All or none: what was taken so far is given back.
        raise exception 'taken' using errcode = 'P0002';
      end if;
    end loop;
    update reservations set status = 'EXPIRED'
      where seat_id = any (seats_wanted) and status = 'HELD';
    ${
  NEW_RESERVATIONS(
    "fan",
    "from unnest(seats_wanted, ids) held(seat_id, reservation_id) join (select *, held_until - ttl_ms * interval '1 millisecond' as held_at from seats) s using (seat_id)",
  )
};
    return cardinality(ids);
  end $$`;

/** Everything in one statement; `from` says which seats it locks. */
const CTE = (precheck: string) => `
  with ${precheck} locked as materialized (
    select s.* from seats s where s.seat_id = any ($2::text::bigint[])
      ${precheck ? "and (select yes from looked)" : ""}
      order by s.seat_id for no key update
  ), granted as materialized (
    select 1 from locked s having count(*) filter (where ${FREE}) = cardinality($3::text::text[])
  ), lapsed as materialized (
    update reservations set status = 'EXPIRED'
      where seat_id = any ($2::text::bigint[]) and status = 'HELD' and exists (select from granted)
      returning 1
  ), s as (
    update seats set held_until = ${UNTIL("$4::text::bigint")}
      where seat_id = any ($2::text::bigint[]) and exists (select from granted)
        and (select count(*) from lapsed) >= 0
      returning *, clock_timestamp() as held_at
  ), kept as (${
  NEW_RESERVATIONS(
    "$1::text",
    `from unnest($2::text::bigint[], $3::text::text[]) held(seat_id, reservation_id)
      join s using (seat_id)`,
  )
})
  select count(*)::integer as won from s`;

const LOOKED = `looked as materialized (
    select count(*) filter (where ${FREE}) = cardinality($3::text::text[]) as yes
      from seats s where s.seat_id = any ($2::text::bigint[])
  ),`;

/** Counts what is free in its snapshot and locks nothing first: the trap. */
const COUNTED = `
  with fan as (select $1::text), looked as materialized (
    select count(*) filter (where ${FREE}) = cardinality($3::text::text[]) as yes
      from seats s where s.seat_id = any ($2::text::bigint[])
  ), s as (
    update seats s set held_until = ${UNTIL("$4::text::bigint")}
      where s.seat_id = any ($2::text::bigint[]) and (select yes from looked) and ${FREE}
      returning 1)
  select count(*)::integer as won from s`;

const CALL = (name: string) =>
  `select ${name}($1::text, $2::text::bigint[], $3::text::text[], $4::text::bigint) as won`;

export interface HoldCandidate {
  readonly name: string;
  /** Of ($1 fan, $2 seats, $3 reservation ids, $4 TTL ms), giving the number of seats as `won`. */
  readonly text: string;
  /** Made once before. */
  readonly setUp?: string;
}

export const ORDERED: HoldCandidate = {
  name: "ordered locks, a function",
  setUp: ORDERED_FUNCTION,
  text: CALL("bench_hold_ordered"),
};
export const ONE_CTE: HoldCandidate = { name: "one CTE", text: CTE("") };
export const CTE_BEHIND_LOOK: HoldCandidate = { name: "CTE behind a look", text: CTE(LOOKED) };

/** They hold, with no offer, limit, idempotency or answer to care for. */
export const HOLD_CANDIDATES: readonly HoldCandidate[] = [ORDERED, ONE_CTE, CTE_BEHIND_LOOK];

/** Wrong on purpose, to show that the columns of wrong results can be other than 0. */
export const TRAPS: readonly HoldCandidate[] = [
  { name: "trap: counts unlocked", text: COUNTED },
  {
    name: "trap: seat by seat",
    setUp: ONE_BY_ONE_FUNCTION,
    text: CALL("bench_hold_one_by_one"),
  },
];
