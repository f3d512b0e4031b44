import type { ConcertId, FanId, PaymentId, RefundId } from "../../src/domain/ids.ts";
import { ALEX } from "../contract/box_office/office.ts";
import type { BoxOfficeModel } from "./box_office_states.ts";
import {
  type ModelDate,
  type ModelOutcome,
  type ModelPayment,
  refusal,
  type Send,
} from "./box_office_states.ts";

export interface ModelJob {
  readonly refundId: RefundId;
  readonly concertId: ConcertId;
  /** Null: all dates of the concert. */
  readonly date: ModelDate | null;
  readonly back: boolean;
  readonly payments: readonly ModelPayment[];
  finishedAtMs: number | null;
}

/** Refunds, corrections and withdrawals of the model, over its reservations and ledger. */
export interface ModelMoney {
  readonly jobs: readonly ModelJob[];
  refund(order: { paymentId: PaymentId; fan: FanId | null; back: boolean }): ModelOutcome;
  accept(order: Pick<ModelJob, "concertId" | "date" | "back" | "refundId">): ModelOutcome;
  progress(job: ModelJob): unknown;
  /** What is left to refund of the job. */
  leftOf(job: ModelJob): ModelPayment[];
  /** The job has refunded these payments. */
  carriedOn(job: ModelJob, refunded: readonly PaymentId[]): void;
  correct(send: Send, fan: FanId, amount: number): ModelOutcome;
  /** Of the concert with a null date. */
  withdraw(concertId: ConcertId, date: ModelDate | null): void;
  undo(concertId: ConcertId, date: ModelDate | null): ModelOutcome;
}

const rfc3339 = (atMs: number | null) => atMs === null ? null : new Date(atMs).toISOString();

export function modelMoney(
  model: BoxOfficeModel,
  clock: { readonly nowMs: number },
): ModelMoney {
  const { payments, reservations, dates, withdrawnConcerts, withdrawnDates } = model;
  const jobs: ModelJob[] = [];
  const final = new Set<string>();
  const concertMark = (concertId: ConcertId) => `concert ${concertId}`;
  const dateMark = ({ scheduleId }: ModelDate) => `date ${scheduleId}`;

  /** A refund was accepted: what is withdrawn of this stays so. */
  function makeFinal(concertId: ConcertId, ofDates: readonly ModelDate[]): void {
    if (withdrawnConcerts.has(concertId)) final.add(concertMark(concertId));
    for (const date of ofDates) {
      if (withdrawnDates.has(date.scheduleId)) final.add(dateMark(date));
    }
  }

  function giveBack(payment: ModelPayment, back: boolean, byOperator: boolean): void {
    const { reservation } = payment;
    payment.refundedAtMs = clock.nowMs;
    reservation.status = "REFUNDED";
    model.enter(reservation.fan, reservation.price);
    if (!back) model.setBlocked(reservation.seatId, true);
    if (byOperator) makeFinal(reservation.date.concertId, [reservation.date]);
  }

  function refund(
    { paymentId, fan, back }: { paymentId: PaymentId; fan: FanId | null; back: boolean },
  ): ModelOutcome {
    const payment = payments.find((one) => one.paymentId === paymentId);
    if (!payment || (fan !== null && payment.reservation.fan !== fan)) {
      return refusal("PAYMENT_NOT_FOUND");
    }
    const { reservation, paidAtMs, refundedAtMs } = payment;
    const { date } = reservation;
    let effects = null;
    if (refundedAtMs === null) {
      const untilMs = date.refundUntilMs ?? -Infinity;
      if (fan !== null && untilMs <= clock.nowMs) {
        return refusal("REFUND_NOT_POSSIBLE", { reason: "WINDOW_CLOSED" });
      }
      const wasSoldOut = model.seatsLeft(date) === 0;
      giveBack(payment, back, fan === null);
      const changed = wasSoldOut && model.seatsLeft(date) > 0 ? [date.concertId] : [];
      effects = {
        refunded: 1,
        rooms: ["main"],
        concertsWithChangedSchedule: changed,
        changedConcerts: changed.filter((concertId) => !model.staysOnSale(concertId, [date])),
      };
    }
    const answer = {
      paymentId,
      reservationId: reservation.reservationId,
      amount: reservation.price,
      status: "REFUNDED",
      paidAt: rfc3339(paidAtMs),
      refundedAt: rfc3339(payment.refundedAtMs),
    };
    const value = { effects, balance: model.balance(reservation.fan), payment: answer };
    return { ok: true, value };
  }

  const leftOf = (job: ModelJob) => job.payments.filter((one) => one.refundedAtMs === null);

  function progress(job: ModelJob) {
    const done = job.payments.filter((one) => one.refundedAtMs !== null);
    return {
      refundId: job.refundId,
      scheduleId: job.date?.scheduleId ?? null,
      reason: ALEX.reason,
      seatsBackOnSale: job.back,
      total: job.payments.length,
      refunded: done.length,
      amount: done.reduce((sum, { reservation }) => sum + reservation.price, 0),
      finishedAt: rfc3339(job.finishedAtMs),
    };
  }

  return {
    jobs,
    refund,
    leftOf,
    progress,

    accept(order) {
      const { concertId, date } = order;
      const same = jobs.find((job) =>
        job.finishedAtMs === null && job.concertId === concertId && job.date === date
      );
      if (same) return { ok: true, value: { isNew: false, job: progress(same), replayed: false } };
      const due = payments.filter(({ reservation, refundedAtMs }) =>
        refundedAtMs === null && reservation.date.concertId === concertId &&
        (date === null || reservation.date === date)
      );
      makeFinal(concertId, date ? [date] : dates.filter((one) => one.concertId === concertId));
      const finishedAtMs = due.length === 0 ? clock.nowMs : null;
      const job: ModelJob = { ...order, payments: due, finishedAtMs };
      jobs.push(job);
      return { ok: true, value: { isNew: true, job: progress(job), replayed: false } };
    },

    carriedOn(job, refunded) {
      for (const payment of leftOf(job)) {
        if (refunded.includes(payment.paymentId)) giveBack(payment, job.back, true);
      }
      if (leftOf(job).length === 0) job.finishedAtMs ??= clock.nowMs;
    },

    correct(send, fan, amount) {
      return model.happensOnce(send, () => {
        const balance = model.balance(fan);
        if (balance + amount < 0) {
          return refusal("INSUFFICIENT_BALANCE", { balance, required: -amount });
        }
        model.enter(fan, amount);
        return { ok: true, value: { balance: model.balance(fan), currency: "KRW" } };
      });
    },

    withdraw(concertId, date) {
      if (date) withdrawnDates.add(date.scheduleId);
      else withdrawnConcerts.add(concertId);
      for (const one of reservations) {
        const isOfIt = date ? one.date === date : one.date.concertId === concertId;
        if (isOfIt && model.statusOf(one) === "HELD") one.status = "CANCELLED";
      }
    },

    undo(concertId, date) {
      if (final.has(date ? dateMark(date) : concertMark(concertId))) {
        return refusal("WITHDRAWAL_FINAL");
      }
      if (date) withdrawnDates.delete(date.scheduleId);
      else withdrawnConcerts.delete(concertId);
      return { ok: true, value: null };
    },
  };
}
