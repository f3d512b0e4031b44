/** A change that removes a guard from the source, and the law that must then be broken. */
export interface Mutation {
  /** The name of the guard. */
  readonly guard: string;
  readonly file: string;
  /** The source text of the guard. It occurs exactly once in the file. */
  readonly text: string;
  readonly replacement: string;
  /** Matches the breach that the test must report. */
  readonly law: RegExp;
  /** The number of a random history that breaks it: the search begins there. */
  readonly from?: number;
}

/** A guard without which this race is lost. */
export interface RaceMutation extends Mutation {
  readonly race: string;
}

/** The race in `crossed_holds.ts`. All other races are PostgreSQL races. */
export const CROSSED_HOLDS = "B6: holds that cross do not deadlock";

const BEST_FOUR =
  "B1 B2 B6: 64 who want the best four of 400 buy all in fours, and no seat is left";
const SHARED = "adapters/postgres/migrations/002.do.shared_functions.sql";
const HOLDING = "adapters/postgres/migrations/003.do.holds.sql";
const BEST_SEATS = "adapters/postgres/migrations/015.do.best_seats.sql";
const SEATING = "adapters/postgres/migrations/011.do.seats.sql";
const OUTBOX = "adapters/postgres/migrations/013.do.deliveries.sql";
const PAYING = "adapters/postgres/migrations/004.do.payments.sql";
const TICKETS = "adapters/postgres/migrations/008.do.tickets.sql";

export const BOX_OFFICE_MUTATIONS: readonly Mutation[] = [
  {
    guard: "hold validity: only a live hold is paid",
    file: PAYING,
    text: "if not v_all_held or v_first_end <= v_now then",
    replacement: "if not v_all_held then",
    law: /B3 B4/,
  },
  {
    guard: "hold validity: a live hold keeps its seat",
    file: HOLDING,
    text: "select off_sale or held_until > at;",
    replacement: "select off_sale;",
    law: /B1/,
  },
  {
    guard: "a sold seat stays sold",
    file: HOLDING,
    text: "select off_sale or held_until > at;",
    replacement: "select held_until > at;",
    law: /B1/,
  },
  {
    guard: "a hold lapses at its end, to the millisecond",
    file: SHARED,
    text: "status = 'HELD' and expires_at <= at",
    replacement: "status = 'HELD' and expires_at < at",
    law: /B\d/,
    from: 42,
  },
  {
    guard: "a cancellation frees its own hold only",
    file: HOLDING,
    text: "  if v_status = 'HELD' then",
    replacement: "  if true then",
    law: /B1/,
  },
  {
    guard: "seat limit",
    file: HOLDING,
    text: "when v_held + cardinality(v_seat_ids) > v_limit then",
    replacement: "when false then",
    law: /B7/,
  },
  {
    guard: "idempotency record of a charge",
    file: PAYING,
    text: `return record_answer(v_caller, p->'idempotency',
    json_build_object('balance', v_balance, 'currency', p->>'currency'), null, v_now);
end $$;

-- Changes a balance`,
    replacement: `return json_build_object('answer',
    json_build_object('balance', v_balance, 'currency', p->>'currency')::text, 'effects', null);
end $$;

-- Changes a balance`,
    law: /B3/,
  },
  {
    guard: "idempotency record of a payment",
    file: PAYING,
    text:
      "v_recorded := record_answer('fan:' || v_fan, p->'idempotency', v_answer, v_effects, v_now);",
    replacement: "v_recorded := json_build_object('answer', v_answer::text, 'effects', v_effects);",
    law: /B4/,
  },
  {
    guard: "no payment beyond the balance",
    file: PAYING,
    text: "if coalesce(v_balance, 0) < v_total then",
    replacement: "if false then",
    law: /B3/,
  },
  {
    guard: "the balance is asked where it is debited",
    file: PAYING,
    text: "and b.balance >= v_total returning",
    replacement: "returning",
    law: /B3/,
    from: 59,
  },
  {
    guard: "sell-out counter",
    file: PAYING,
    text: "sc.seats_left + v_schedule.change",
    replacement: "sc.seats_left + by",
    law: /B5/,
  },
];

/** Guards that sequential acts do not need: only a race can break their laws. */
export const RACE_MUTATIONS: readonly RaceMutation[] = [
  {
    guard: "lock order",
    file: HOLDING,
    text: "          order by s.seat_id for no key update\n",
    replacement: "          order by array_position(v_seat_ids, s.seat_id) for no key update\n",
    race: CROSSED_HOLDS,
    law: /B6/,
  },
  {
    guard: "one hold of a fan and schedule at a time",
    file: HOLDING,
    text: "if not pg_try_advisory_xact_lock(2, v_lock) then",
    replacement: "if false then",
    race: "B7: parallel holds of one fan never pass the limit together",
    law: /^\d+ == 4$/,
  },
  {
    guard: "one payment or hold of a fan and schedule at a time",
    file: PAYING,
    text: "if not pg_try_advisory_xact_lock(2, v_lock) then",
    replacement: "if false then",
    race: "B7: seats of a payment that waits count for the fan, also when their holds lapse",
    law: /B7/,
  },
  {
    guard: "a second check under the locks",
    file: HOLDING,
    text: "if seat_taken(v_off_sale, v_last_end, v_now) then",
    replacement: "if false then",
    race: "B1 B2 B6: of two who want every seat in crossed orders one gets all",
    law: /a seat is held twice|a partial hold/,
  },
  {
    guard: "one request of a key at a time",
    file: SHARED,
    text: "if not pg_try_advisory_xact_lock(1, v_lock) then",
    replacement: "if false then",
    race: "a second send waits for the first and gets its answer",
    law: /refused: .*RESERVATION_NOT_PAYABLE/,
  },
  {
    guard: "one hold of a key at a time",
    file: HOLDING,
    text: "v_recorded json := claim_idempotency_key('fan:' || v_fan, p->'idempotency');",
    replacement: "v_recorded json;",
    race: "B2: twenty sends of one hold have one effect and one answer",
    law: /refused: .*SEAT_UNAVAILABLE/,
  },
  {
    guard: "a payment has the lock of its seats",
    file: PAYING,
    text: "for no key update of s, r",
    replacement: "for no key update of r",
    race: "B1 B3: a hold after the end keeps the seat from a late payment",
    law: /deadlock/,
  },
  {
    guard: "a payment reads its reservations as they are under their lock",
    file: PAYING,
    text: "for no key update of s, r",
    replacement: "for no key update of s",
    race: "B1 B3: a cancel before a payment wins, and nothing is debited",
    law: /not refused|cancelled_reservations_have_a_time/,
  },
  {
    guard: "a poor fan's payment waits for a charge that is being made",
    file: PAYING,
    text: "where b.fan_id = v_fan for no key update;\n    if coalesce(v_balance, 0) < v_total",
    replacement: "where b.fan_id = v_fan;\n    if coalesce(v_balance, 0) < v_total",
    race: "B3: a payment waits for a charge that is being made, and is paid out of it",
    law: /wait in/,
  },
  {
    guard: "a check-in has the lock of its reservation",
    file: TICKETS,
    text:
      "perform 1 from reservations r where r.reservation_id = v_reservation_id for no key update;",
    replacement: "",
    race: "B8: of doors that read one ticket at once, one lets it in",
    law: /B8: let in once/,
  },
  {
    guard: "a ticket is let in once",
    file: TICKETS,
    text: "elsif v_status = 'CHECKED_IN' then",
    replacement: "elsif false then",
    race: "B8: of fifty doors, each with a connection of its own, one lets in",
    law: /not refused/,
  },
  {
    guard: "a refund that came first keeps the ticket out",
    file: TICKETS,
    text: "if v_status = 'VOID' then",
    replacement: "if false then",
    race: "B8: a check-in that waited for a refund lets nobody in",
    law: /not refused/,
  },
  {
    guard: "a check-in waits for a refund of its ticket",
    file: TICKETS,
    text:
      "perform 1 from reservations r where r.reservation_id = v_reservation_id for no key update;",
    replacement: "",
    race: "B8: a check-in that waited for a refund lets nobody in",
    law: /not refused/,
  },
  {
    guard: "one addition to a concert at a time",
    file: SEATING,
    text: "  perform pg_advisory_xact_lock(4, hashtext(v_id::text));\n",
    replacement: "",
    race: "seats that are added at once get different numbers, and are all counted",
    law: /duplicate key/,
  },
  {
    guard: "additions are counted under their lock",
    file: SEATING,
    text: "  perform pg_advisory_xact_lock(4, hashtext(v_id::text));\n",
    replacement: "",
    race: "acts that add seats at once do not pass the limit of a concert together",
    law: /duplicate key|strictly equal/,
  },
  {
    guard: "a held seat is not blocked",
    file: SEATING,
    text: "or v_status = 'BLOCKED' and v_was.held_until > v_now",
    replacement: "",
    race: "of a hold and a block of one seat at once, one is refused",
    law: /both, or none/,
  },
  {
    guard: "a claim skips what another claim has locked",
    file: OUTBOX,
    text: "order by d.next_at, d.sequence limit v_limit for update skip locked) d",
    replacement: "order by d.next_at, d.sequence limit v_limit) d",
    race: "of those who claim at once, each gets other deliveries",
    law: /strictly deep-equal|loosely deep-equal/,
  },
  {
    guard: "the best seats are looked at again under their locks",
    file: BEST_SEATS,
    text: `    where s.seat_id = any (seat_ids)
      and not coalesce(seat_taken(s.sold or s.blocked, s.held_until, act_time(handed_in)), false);`,
    replacement: "    where s.seat_id = any (seat_ids);",
    race: BEST_FOUR,
    law: /strictly deep-equal|loosely deep-equal|in fours/,
  },
  {
    guard: "a search takes the next best where another act has the best",
    file: BEST_SEATS,
    text: "      v_was_passed_over := true;",
    replacement: "      v_was_passed_over := false; exit;",
    race: BEST_FOUR,
    law: /strictly deep-equal|loosely deep-equal|in fours/,
  },
  {
    guard: "a search waits for seats that another act has, before it is refused",
    file: BEST_SEATS,
    text: "exit when not v_was_passed_over;",
    replacement: "exit;",
    race:
      "a search waits for the last seats while another act has them, and gets them if that is refused",
    law: /should wait|SEAT_UNAVAILABLE/,
  },
];
