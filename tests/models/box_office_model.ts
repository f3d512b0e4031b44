import {
  type FanId,
  MAIN_ROOM,
  type PaymentId,
  type ReservationId,
  type SeatId,
} from "../../src/domain/ids.ts";
import type { PlaceRef } from "../../src/domain/queue.ts";
import type { IdempotentRequest } from "../../src/ports/idempotency.ts";
import type { DateOnSale } from "../contract/box_office/office.ts";

export interface ModelDate extends DateOnSale {
  readonly price: number;
  opensAtMs: number;
}

export interface ModelReservation {
  readonly reservationId: ReservationId;
  readonly fan: FanId;
  readonly place: PlaceRef;
  readonly date: ModelDate;
  readonly seatId: SeatId;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  status: "HELD" | "PAID" | "CANCELLED";
}

export interface Send {
  readonly fan: FanId;
  readonly once: IdempotentRequest;
}

interface Kept extends Send {
  readonly atMs: number;
  readonly answer: unknown;
}

const RECORD_AGE_MS = 25 * 3_600_000;

export interface ModelHold {
  readonly fan: FanId;
  readonly place: PlaceRef;
  readonly date: ModelDate;
  readonly seats: readonly { seatId: SeatId; reservationId?: ReservationId | undefined }[];
  readonly holdTtlMs: number;
  readonly seatLimit: number;
}

export interface ModelOutcome {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly failure?: { readonly kind: string };
}

/**
 * The box office as the contract describes it. It keeps no seats, balances or sell-outs: it counts
 * reservations and ledger entries at each question.
 */
export interface BoxOfficeModel {
  readonly reservations: readonly ModelReservation[];
  readonly dates: readonly ModelDate[];
  statusOf(reservation: ModelReservation): "HELD" | "PAID" | "CANCELLED" | "EXPIRED";
  seatStatus(seatId: SeatId): "AVAILABLE" | "HELD" | "SOLD";
  seatsLeft(date: ModelDate): number;
  datesLeft(concertId: number): number;
  balance(fan: FanId): number;
  takenOf(fan: FanId, date: ModelDate): number;
  isWithdrawn(concertId: number): boolean;
  hold(hold: ModelHold): ModelOutcome;
  cancel(fan: FanId, reservationId: ReservationId): ModelOutcome;
  charge(send: Send, amount: number): ModelOutcome;
  pay(
    send: Send,
    items: readonly { reservationId: ReservationId; paymentId: PaymentId }[],
  ): ModelOutcome;
  /** Changes nothing but the age of idempotency keys. */
  sweep(): { readonly records: number };
  withdraw(concertId: number): void;
  nextEndMs(): number | null;
  paymentsOf(reservation: ModelReservation): number;
  ledgerOf(fan: FanId): number;
}

export function boxOfficeModel(
  dates: readonly ModelDate[],
  clock: { readonly nowMs: number },
): BoxOfficeModel {
  const reservations: ModelReservation[] = [];
  const ledger: { fan: FanId; amount: number }[] = [];
  const payments: { paymentId: PaymentId; reservation: ModelReservation; paidAtMs: number }[] = [];
  const withdrawn = new Set<number>();
  let records: Kept[] = [];

  function statusOf({ status, expiresAtMs }: ModelReservation) {
    return status === "HELD" && expiresAtMs <= clock.nowMs ? "EXPIRED" : status;
  }
  const isTaken = (one: ModelReservation) => ["HELD", "PAID"].includes(statusOf(one));
  const takenOf = (fan: FanId, date: ModelDate) =>
    reservations.filter((one) => one.fan === fan && one.date === date && isTaken(one)).length;
  function seatStatus(seatId: SeatId): "AVAILABLE" | "HELD" | "SOLD" {
    const taken = reservations.find((one) => one.seatId === seatId && isTaken(one));
    return !taken ? "AVAILABLE" : taken.status === "PAID" ? "SOLD" : "HELD";
  }
  const seatsLeft = (date: ModelDate) =>
    date.seatIds.filter((seatId) => seatStatus(seatId) !== "SOLD").length;
  const datesLeft = (concertId: number) =>
    dates.filter((date) => date.concertId === concertId && seatsLeft(date) > 0).length;
  const balance = (fan: FanId) =>
    ledger.reduce((sum, entry) => entry.fan === fan ? sum + entry.amount : sum, 0);

  const refusal = (kind: string, more: object = {}) => ({ ok: false, failure: { kind, ...more } });

  function record({ fan, once }: Send) {
    return records.find((kept) =>
      kept.fan === fan && kept.once.route === once.route && kept.once.key === once.key
    );
  }
  /** The act behind a key: done now, or what became of it when it was done. */
  function happensOnce(send: Send, act: () => ModelOutcome): ModelOutcome {
    const kept = record(send);
    if (kept && kept.once.bodyHash !== send.once.bodyHash) return refusal("IDEMPOTENCY_KEY_REUSED");
    if (kept) return { ok: true, value: kept.answer };
    const outcome = act();
    if (outcome.ok) records.push({ ...send, atMs: clock.nowMs, answer: outcome.value });
    return outcome;
  }

  return {
    reservations,
    dates,
    statusOf,
    seatStatus,
    seatsLeft,
    datesLeft,
    balance,
    takenOf,
    isWithdrawn: (concertId: number) => withdrawn.has(concertId),

    hold({ fan, place, date, seats, holdTtlMs, seatLimit }) {
      if (withdrawn.has(date.concertId)) return refusal("CONCERT_NOT_FOUND");
      if (date.opensAtMs > clock.nowMs) {
        return refusal("SALE_NOT_OPEN", { opensAt: new Date(date.opensAtMs).toISOString() });
      }
      const seatIds = seats.map(({ seatId }) => seatId);
      const missing = seatIds.filter((seatId) => !date.seatIds.includes(seatId));
      if (missing.length > 0) return refusal("SEAT_NOT_FOUND", { seatIds: missing });
      const taken = seatIds.filter((seatId) => seatStatus(seatId) !== "AVAILABLE");
      if (taken.length > 0) return refusal("SEAT_UNAVAILABLE", { seatIds: taken });
      const held = takenOf(fan, date);
      if (held + seats.length > seatLimit) {
        return refusal("SEAT_LIMIT_EXCEEDED", { limit: seatLimit, held });
      }
      const made = seats.map(({ seatId, reservationId }): ModelReservation => ({
        reservationId: reservationId ?? "rsv_none",
        fan,
        place,
        date,
        seatId,
        createdAtMs: clock.nowMs,
        expiresAtMs: clock.nowMs + holdTtlMs,
        status: "HELD",
      }));
      reservations.push(...made);
      return { ok: true, value: made.map(({ reservationId, seatId }) => [reservationId, seatId]) };
    },

    cancel(fan, reservationId) {
      const found = reservations.find((one) => one.reservationId === reservationId);
      if (found?.fan !== fan) return refusal("RESERVATION_NOT_FOUND");
      if (found.status === "PAID") return refusal("RESERVATION_NOT_CANCELLABLE");
      found.status = "CANCELLED";
      return { ok: true, value: [reservationId, "CANCELLED"] };
    },

    charge(send, amount) {
      return happensOnce(send, () => {
        ledger.push({ fan: send.fan, amount });
        return { ok: true, value: { balance: balance(send.fan), currency: "KRW" } };
      });
    },

    pay(send, items) {
      return happensOnce(send, () => {
        const paying = items.flatMap(({ reservationId }) =>
          reservations.find((one) => one.reservationId === reservationId && one.fan === send.fan) ??
            []
        );
        if (paying.length < items.length) return refusal("RESERVATION_NOT_FOUND");
        const dead = paying.filter((one) => statusOf(one) !== "HELD");
        if (dead.length > 0) {
          return refusal("RESERVATION_NOT_PAYABLE", {
            reservations: dead.map((one) => ({
              reservationId: one.reservationId,
              status: statusOf(one),
            })),
          });
        }
        const required = paying.reduce((sum, one) => sum + one.date.price, 0);
        if (balance(send.fan) < required) {
          return refusal("INSUFFICIENT_BALANCE", { balance: balance(send.fan), required });
        }
        const isSoldOut = (date: ModelDate) => seatsLeft(date) === 0;
        const soldBefore = dates.filter(isSoldOut);
        for (const [index, reservation] of paying.entries()) {
          reservation.status = "PAID";
          ledger.push({ fan: send.fan, amount: -reservation.date.price });
          const { paymentId } = items[index]!;
          payments.push({ paymentId, reservation, paidAtMs: clock.nowMs });
        }
        const soldNow = dates.filter((date) => isSoldOut(date) && !soldBefore.includes(date));
        const concerts = [...new Set(soldNow.map(({ concertId }) => concertId))].sort();
        const answer = {
          payments: items.map(({ paymentId, reservationId }, index) => ({
            paymentId,
            reservationId,
            amount: paying[index]!.date.price,
            status: "COMPLETED",
            paidAt: new Date(clock.nowMs).toISOString(),
            refundedAt: null,
          })),
          totalAmount: required,
          balance: balance(send.fan),
        };
        const places = [...new Set(paying.map(({ place }) => JSON.stringify(place)))].sort();
        const effects = {
          places,
          schedules: [...new Set(paying.map(({ date }) => date.scheduleId))].sort((a, b) => a - b),
          concertsWithChangedSchedule: concerts,
          changedConcerts: concerts.filter((concertId) => datesLeft(concertId) === 0),
          rooms: concerts.length > 0 ? [MAIN_ROOM] : [],
        };
        return { ok: true, value: { ...answer, effects } };
      });
    },

    sweep() {
      const old = records.filter(({ atMs }) => atMs < clock.nowMs - RECORD_AGE_MS);
      records = records.filter((kept) => !old.includes(kept));
      return { records: old.length };
    },

    withdraw: (concertId: number) => void withdrawn.add(concertId),

    nextEndMs(): number | null {
      const live = reservations.filter((one) => statusOf(one) === "HELD");
      return live.length === 0 ? null : Math.min(...live.map((one) => one.expiresAtMs));
    },

    paymentsOf: (reservation: ModelReservation) =>
      payments.filter((payment) => payment.reservation === reservation).length,
    ledgerOf: (fan: FanId) => ledger.filter((entry) => entry.fan === fan).length,
  };
}
