import type { Mutation } from "./mutations.ts";

const HOLDING = "adapters/postgres/migrations/003.do.holds.sql";
const BEST_SEATS = "adapters/postgres/migrations/015.do.best_seats.sql";
const BEST = /B1 B2 B7: the answer to a hold of the best seats/;

/** What makes seats the best, without any race. */
export const BEST_SEAT_MUTATIONS: readonly Mutation[] = [
  {
    guard: "the best seats are without a taken seat between them",
    file: BEST_SEATS,
    text: "          then seat_number - count(*) filter (where is_free) over by_number end as run",
    replacement: "          then 0 end as run",
    law: BEST,
  },
  {
    guard: "where numbers are left out there is a gap between the best seats",
    file: BEST_SEATS,
    text: "          then seat_number - count(*) filter (where is_free) over by_number end as run",
    replacement:
      "          then position - count(*) filter (where is_free) over by_number end as run",
    law: BEST,
  },
  {
    guard: "the best seats are in one row",
    file: BEST_SEATS,
    text: "          or lag(s.row_name) over by_number is distinct from s.row_name as begins",
    replacement: "          as begins",
    law: BEST,
  },
  {
    guard: "the best seats are in one section",
    file: BEST_SEATS,
    text: "      window of_row as (partition by section, row_name),",
    replacement: "      window of_row as (partition by row_name),",
    law: BEST,
  },
  {
    guard: "a blocked seat is not among the best",
    file: BEST_SEATS,
    text: "not coalesce(seat_taken(s.sold or s.blocked, s.held_until, at), false)\n          and",
    replacement: "not coalesce(seat_taken(s.sold, s.held_until, at), false)\n          and",
    law: BEST,
  },
  {
    guard: "a lapsed hold keeps no seat from being the best",
    file: BEST_SEATS,
    text: "not coalesce(seat_taken(s.sold or s.blocked, s.held_until, at), false)\n          and",
    replacement: "not (s.sold or s.blocked or s.held_until is not null)\n          and",
    law: BEST,
  },
  {
    guard: "the best seats cost no more than the fan wants",
    file: BEST_SEATS,
    text: "and (max_price is null or s.price <= max_price)",
    replacement: "and (max_price is null or s.price < max_price)",
    law: BEST,
  },
  {
    guard: "the best seats are of the section that is asked for",
    file: BEST_SEATS,
    text: "and (only_section is null or s.section = only_section)\n        and s.seat_number <=",
    replacement: "and s.seat_number <=",
    law: BEST,
  },
  {
    guard: "the best seats leave no single seat alone",
    file: BEST_SEATS,
    text: "order by (o.before = 1 or behind = 1),",
    replacement: "order by",
    law: BEST,
  },
  {
    guard: "the best seats leave room for other groups",
    file: BEST_SEATS,
    text: "          r.length / v_quantity - o.before / v_quantity - behind / v_quantity,\n",
    replacement: "",
    law: BEST,
  },
  {
    guard: "the best seats are in front",
    file: BEST_SEATS,
    text: "r.front, abs(",
    replacement: "-r.front, abs(",
    law: BEST,
  },
  {
    guard: "the best seats are in the middle",
    file: BEST_SEATS,
    text: "r.front, abs(2 * (r.place + o.before) + v_quantity - 2 - r.row_length),",
    replacement: "r.front,",
    law: BEST,
  },
  {
    guard: "seats that are the best count for the limit",
    file: HOLDING,
    text: "when v_held + cardinality(v_seat_ids) > v_limit then",
    replacement: "when v_best is null and v_held + cardinality(v_seat_ids) > v_limit then",
    law: /B7/,
  },
];
