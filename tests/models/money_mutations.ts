import type { Mutation, RaceMutation } from "./mutations.ts";

const HOLDING = "adapters/postgres/migrations/003.do.holds.sql";
const PAYING = "adapters/postgres/migrations/004.do.payments.sql";
const CATALOGUE = "adapters/postgres/migrations/006.do.catalogue.sql";
const REFUNDING = "adapters/postgres/migrations/007.do.refunds.sql";
const WITHDRAWING = "adapters/postgres/migrations/010.do.withdrawals.sql";

/** Guards of refunds, corrections, ends of sales and withdrawals. */
export const MONEY_MUTATIONS: readonly Mutation[] = [
  {
    guard: "a refunded payment is not refunded again",
    file: REFUNDING,
    text: "if v_payment.status = 'COMPLETED' then",
    replacement: "if true then",
    law: /B3 B5: the answer to a refund/,
  },
  {
    guard: "a refund credits the balance",
    file: REFUNDING,
    text: "update balances b set balance = b.balance + due.amount",
    replacement: "update balances b set balance = b.balance",
    law: /B3/,
  },
  {
    guard: "a refund of a fan is one of the own payment",
    file: REFUNDING,
    text: "(v_fan is null or y.fan_id = v_fan)",
    replacement: "true",
    law: /B3 B5: the answer to a refund/,
  },
  {
    guard: "fans have refunds until the schedule's time",
    file: REFUNDING,
    text: "v_refund_until <= v_now",
    replacement: "v_refund_until < v_now",
    law: /B3 B5: the answer to a refund/,
  },
  {
    guard: "fans have no refunds without a time",
    file: REFUNDING,
    text: "(v_refund_until is null or v_refund_until <= v_now)",
    replacement: "v_refund_until <= v_now",
    law: /B3 B5: the answer to a refund/,
  },
  {
    guard: "a refunded seat is free before the end of its hold",
    file: REFUNDING,
    text: "sold = false, blocked = not back_on_sale, held_until = null",
    replacement: "sold = false, blocked = not back_on_sale",
    law: /B1/,
  },
  {
    guard: "a refunded seat is left again",
    file: REFUNDING,
    text: "  if back_on_sale then",
    replacement: "  if false then",
    law: /B5/,
  },
  {
    guard: "a blocked seat is not left",
    file: REFUNDING,
    text: "  if back_on_sale then",
    replacement: "  if true then",
    law: /B5/,
  },
  {
    guard: "a seat that does not go back on sale is blocked",
    file: REFUNDING,
    text: "blocked = not back_on_sale",
    replacement: "blocked = false",
    law: /B5/,
  },
  {
    guard: "a refunded reservation cannot be cancelled",
    file: HOLDING,
    text: "if v_status in ('PAID', 'REFUNDED') then",
    replacement: "if v_status = 'PAID' then",
    law: /B1: the answer to a cancellation/,
  },
  {
    guard: "the refund of a concert has no later payment",
    file: REFUNDING,
    text: "      and y.sequence <= job.last_sequence;",
    replacement: ";",
    law: /B3/,
  },
  {
    guard: "the refund of a schedule leaves the other schedules",
    file: REFUNDING,
    text: "(job.schedule_id is null or sc.schedule_id = job.schedule_id)",
    replacement: "true",
    law: /B3/,
  },
  {
    guard: "a refund makes a withdrawal final",
    file: REFUNDING,
    text: "  if act is not null then\n    perform make_withdrawals_final",
    replacement: "  if false then\n    perform make_withdrawals_final",
    law: /a withdrawal can be undone until a refund/,
  },
  {
    guard: "an accepted refund of a concert makes its withdrawal final",
    file: REFUNDING,
    text: "  perform make_withdrawals_final(v_schedule_ids);\n  insert",
    replacement: "  insert",
    law: /a withdrawal can be undone until a refund/,
  },
  {
    guard: "a final withdrawal stays",
    file: CATALOGUE,
    text: "if undoes_final_withdrawal(v_id, v_changes) then",
    replacement: "if false then",
    law: /withdrawal/,
  },
  {
    guard: "a withdrawal cancels live holds",
    file: WITHDRAWING,
    text: "r.status = 'HELD' and r.expires_at > at",
    replacement: "false",
    law: /B\d/,
  },
  {
    guard: "the seats of cancelled holds are free after an undoing",
    file: WITHDRAWING,
    text: "update seats s set held_until = null from",
    replacement: "update seats s set held_until = held_until from",
    law: /B\d|every lapsed hold is free/,
  },
  {
    guard: "nothing of a withdrawn schedule is held",
    file: HOLDING,
    text: "      and sc.withdrawn_at is null\n",
    replacement: "",
    law: /B1 B2 B7/,
  },
  {
    guard: "a sale ends, to the millisecond",
    file: HOLDING,
    text: "when v_ends_at <= v_now then",
    replacement: "when v_ends_at < v_now then",
    law: /B1 B2 B7/,
  },
  {
    guard: "schedules that are over do not keep a concert on sale",
    file: PAYING,
    text: "and sc.ends_at > at and sc.seats_left > 0",
    replacement: "and sc.seats_left > 0",
    law: /B3 B4 B5|B3 B5/,
  },
  {
    guard: "withdrawn schedules do not keep a concert on sale",
    file: PAYING,
    text: "where sc.concert_id = v_concert.concert_id and sc.withdrawn_at is null",
    replacement: "where sc.concert_id = v_concert.concert_id",
    law: /B3 B4 B5|B3 B5|B5: the answer to a block/,
  },
  {
    guard: "no correction below zero",
    file: PAYING,
    text: "if coalesce(v_balance, 0) + v_amount < 0 then",
    replacement: "if false then",
    law: /B3/,
  },
  {
    guard: "idempotency record of a correction",
    file: PAYING,
    text: `return record_answer(v_caller, p->'idempotency',
    json_build_object('balance', v_balance, 'currency', p->>'currency'), null, v_now);
end $$;

-- Adds to the seats left`,
    replacement: `return json_build_object('answer',
    json_build_object('balance', v_balance, 'currency', p->>'currency')::text, 'effects', null);
end $$;

-- Adds to the seats left`,
    law: /B3/,
  },
];

export const MONEY_RACE_MUTATIONS: readonly RaceMutation[] = [
  {
    guard: "a refund reads its payment under the lock",
    file: REFUNDING,
    text: "perform lock_payments(array[v_id]);",
    replacement: "",
    race: "B3: a refund that waited for the refund of the same payment refunds nothing",
    law: /loosely deep-equal/,
  },
  {
    guard: "a batch refunds only what is COMPLETED under the lock",
    file: REFUNDING,
    text: "where y.payment_id = any (payment_ids) and y.status = 'COMPLETED'",
    replacement: "where y.payment_id = any (payment_ids)",
    race: "B3: a batch that waited for the refund of one of its payments does the others",
    law: /one_refund_of_a_payment/,
  },
  {
    guard: "the refund of a concert waits for payments that are being made",
    file: REFUNDING,
    text: "    order by s.seat_id for no key update of s;",
    replacement: "    order by s.seat_id;",
    race: "B3: the refund of a concert counts a payment that is being made",
    law: /should wait in/,
  },
  {
    guard: "a refund waits for a check-in of its ticket",
    file: REFUNDING,
    text: "for no key update of s, r, y, t;",
    replacement: "for no key update of s, y;",
    race: "B3 B8: a fan's refund that waited for the check-in refunds nothing",
    law: /not refused/,
  },
  {
    guard: "fans have no refund after the entry",
    file: REFUNDING,
    text: "elsif v_fan is not null and v_checked_in then",
    replacement: "elsif false then",
    race: "B3 B8: of a check-in and a fan's refund at once, exactly one is done",
    law: /one of both|balance|strictly equal/,
  },
  {
    guard: "refunds lock their seats in order",
    file: REFUNDING,
    text: "order by s.seat_id for no key update of s, r, y, t;",
    replacement: "order by md5(y.payment_id || random()) for no key update of s, r, y, t;",
    race: "B3 B6: refunds of one concert, all ways at once, refund each payment once",
    law: /deadlock/,
  },
  {
    guard: "a withdrawal locks all seats of what it withdraws",
    file: CATALOGUE,
    text: "  perform lock_seats_to_withdraw(v_id, v_changes);\n",
    replacement: "",
    race: "a withdrawal waits for a hold that is being made, and cancels it",
    law: /should wait in/,
  },
  {
    guard: "no seats are added during a withdrawal",
    file: WITHDRAWING,
    text: "perform pg_advisory_xact_lock(4, hashtext(concert::text));",
    replacement: "",
    race: "a withdrawal waits for seats that are being added, and locks them too",
    law: /should wait in/,
  },
  {
    guard: "a correction reads the balance under its lock",
    file: PAYING,
    text: "where b.fan_id = v_fan for no key update;\n  if coalesce(v_balance, 0) + v_amount",
    replacement: "where b.fan_id = v_fan;\n  if coalesce(v_balance, 0) + v_amount",
    race: "B3: a correction that waited for a payment sees what it left",
    law: /balances_balance_check/,
  },
];
