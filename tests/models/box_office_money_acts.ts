import { fail } from "node:assert/strict";
import type { ConcertId, PaymentId } from "../../src/domain/ids.ts";
import type { Result } from "../../src/domain/result.ts";
import type { WithdrawalStatus } from "../../src/ports/catalogue.ts";
import type { IdempotentRequest } from "../../src/ports/idempotency.ts";
import { ALEX, type BoxOffice, type Fan, newRefundId } from "../contract/box_office/office.ts";
import type { Act } from "./box_office_acts.ts";
import type { BoxOfficeModel } from "./box_office_states.ts";
import type { ModelDate } from "./box_office_states.ts";
import type { ModelJob, ModelMoney } from "./box_office_money.ts";
import { agree, chosen } from "./histories.ts";

const REFUNDED_OF = `
  select y.payment_id::text as id from payments y
  where y.status = 'REFUNDED' and y.payment_id = any ($1::text::text[])`;

type ActOf<Name extends Act["act"]> = Extract<Act, { act: Name }>;

export interface MoneyParts {
  readonly office: BoxOffice;
  readonly model: BoxOfficeModel;
  readonly money: ModelMoney;
  readonly fans: readonly Fan[];
  /** Fails by the law if there is no answer. */
  readonly answered: <Answer>(law: string, act: Promise<Answer>) => Promise<Answer>;
  /** Sends it now, and keeps it to be sent again. */
  readonly sendOnce: (send: () => Promise<void>) => Promise<void>;
}

/** Refunds, corrections and withdrawals of a history, each compared with the model's answer. */
export function moneyActs({ office, model, money, fans, answered, sendOnce }: MoneyParts) {
  const { refunds, catalogue, accounts, sql } = office;

  async function refund(act: ActOf<"refund">): Promise<void> {
    // Mostly one that can be refunded, and often one of what is withdrawn.
    const completed = model.payments.filter((one) => one.refundedAtMs === null);
    const isWithdrawn = ({ concertId, scheduleId }: ModelDate) =>
      model.withdrawnConcerts.has(concertId) || model.withdrawnDates.has(scheduleId);
    const ofWithdrawn = completed.filter(({ reservation }) => isWithdrawn(reservation.date));
    const payment = (act.payment % 3 === 0 && chosen(ofWithdrawn, act.payment)) ||
      (act.payment % 5 > 0 && chosen(completed, act.payment)) ||
      chosen(model.payments, act.payment);
    if (!payment) return;
    const { paymentId, reservation } = payment;
    const fan = act.fan % 5 > 0 ? reservation.fan : chosen(fans, act.fan)!.fan;
    const refunded: Result<unknown, unknown> = act.byOperator
      ? await answered(
        "B3",
        refunds.refund({ paymentId, act: ALEX, seatBackOnSale: act.back }),
      )
      : await answered("B3", refunds.refundOwn(fan, paymentId));
    const expected = act.byOperator
      ? money.refund({ paymentId, fan: null, back: act.back })
      : money.refund({ paymentId, fan, back: true });
    agree("B3 B5: the answer to a refund", refunded, expected);
  }

  async function accept(act: ActOf<"accept a refund">): Promise<void> {
    const completed = model.payments.filter((one) => one.refundedAtMs === null);
    const paid = act.date % 4 > 0 ? chosen(completed, act.date)?.reservation.date : undefined;
    const date = paid ?? chosen(model.dates, act.date)!;
    const { concertId, scheduleId } = date;
    const refundId = newRefundId();
    const accepted = await answered(
      "B3",
      refunds.accept({
        refundId,
        concertId,
        scheduleId: act.wholeConcert ? null : scheduleId,
        act: ALEX,
        seatsBackOnSale: act.back,
      }),
    );
    const of = { refundId, concertId, date: act.wholeConcert ? null : date, back: act.back };
    agree("B3: the answer to the refund of a concert", accepted, money.accept(of));
  }

  async function carryOn(job: ModelJob, limit: number): Promise<void> {
    const before = money.leftOf(job).map(({ paymentId }) => paymentId);
    const wasFinished = job.finishedAtMs !== null;
    const { refunded } = await answered("B3", refunds.carryOn(job.refundId, limit));
    const rows = await sql(REFUNDED_OF, [`{${before.join(",")}}`]);
    const done = rows.map(({ id }) => String(id) as PaymentId);
    const due = wasFinished ? 0 : Math.min(limit, before.length);
    agree("B3: the payments of a batch", [refunded, done.length], [due, due]);
    money.carriedOn(job, done);
    const progress = await refunds.get(job.concertId, job.refundId);
    agree("B3: the progress of a refund", progress, money.progress(job));
  }

  async function correct({ fan: number, amount, key }: ActOf<"correct">): Promise<void> {
    const { fan } = chosen(fans, number)!;
    const bodyHash = `${fan} ${amount}`;
    const caller = `operator:${ALEX.operator}`;
    const once: IdempotentRequest = { caller, route: "correct", key: `key-${key}`, bodyHash };
    await sendOnce(async () => {
      const order = { fan, amount, currency: "KRW", act: ALEX };
      const corrected = await answered("B3", accounts.correct(order, once));
      const expected = money.correct({ caller: ALEX.operator, once }, fan, amount);
      const answer = corrected.ok
        ? { ok: true, value: JSON.parse(corrected.value.json) }
        : corrected;
      agree("B3: the answer to a correction", answer, expected);
    });
  }

  async function change(concertId: ConcertId, date: ModelDate | null, status: WithdrawalStatus) {
    const changes = date ? { schedules: [{ scheduleId: date.scheduleId, status }] } : { status };
    return await answered("withdrawal", catalogue.update(concertId, changes, null));
  }

  async function withdraw(act: ActOf<"withdraw">): Promise<void> {
    const named = chosen(model.dates, act.date)!;
    const { concertId } = named;
    const date = act.wholeConcert ? null : named;
    const changed = await change(concertId, date, "WITHDRAWN");
    if (!changed.ok) fail(`a withdrawal is refused: ${JSON.stringify(changed.failure)}`);
    money.withdraw(concertId, date);
  }

  async function undo(act: ActOf<"undo a withdrawal">): Promise<void> {
    const { withdrawnConcerts, withdrawnDates, dates } = model;
    const withdrawn = [
      ...[...withdrawnConcerts].map((concertId) => ({ concertId, date: null })),
      ...dates.filter(({ scheduleId }) => withdrawnDates.has(scheduleId))
        .map((date) => ({ concertId: date.concertId, date })),
    ];
    const { concertId, date } = chosen(withdrawn, act.withdrawn) ??
      { concertId: dates[0]!.concertId, date: null };
    const undone = await change(concertId, date, "ON_SALE");
    const answer = undone.ok ? { ok: true, value: null } : undone;
    agree("a withdrawal can be undone until a refund", answer, money.undo(concertId, date));
  }

  return {
    async send(act: Act): Promise<void> {
      switch (act.act) {
        case "refund":
          return await refund(act);
        case "accept a refund":
          return await accept(act);
        case "carry a refund on": {
          const job = chosen(money.jobs, act.job);
          return job && await carryOn(job, act.limit);
        }
        case "correct":
          return await correct(act);
        case "withdraw":
          return await withdraw(act);
        case "undo a withdrawal":
          return await undo(act);
      }
    },
    /** Carries all refunds on to their end. */
    async finishRefunds(): Promise<void> {
      for (const job of money.jobs) {
        while (job.finishedAtMs === null) await carryOn(job, 2);
      }
    },
  };
}
