import { type ConcertId, type FanId, MAIN_ROOM, type SeatId } from "../../src/domain/ids.ts";
import { bestOf } from "./box_office_best.ts";
import {
  type BoxOfficeModel,
  type ModelDate,
  type ModelOutcome,
  type ModelPayment,
  type ModelReservation,
  refusal,
  type Send,
} from "./box_office_states.ts";

interface Kept extends Send {
  readonly atMs: number;
  readonly answer: unknown;
}

const RECORD_AGE_MS = 25 * 3_600_000;

export function boxOfficeModel(
  dates: readonly ModelDate[],
  clock: { readonly nowMs: number },
): BoxOfficeModel {
  const reservations: ModelReservation[] = [];
  const ledger: { fan: FanId; amount: number }[] = [];
  const payments: ModelPayment[] = [];
  const withdrawnConcerts = new Set<ConcertId>();
  const withdrawnDates = new Set<number>();
  const blocked = new Set<SeatId>();
  let records: Kept[] = [];

  function statusOf({ status, expiresAtMs }: ModelReservation) {
    return status === "HELD" && expiresAtMs <= clock.nowMs ? "EXPIRED" : status;
  }
  const isTaken = (one: ModelReservation) => ["HELD", "PAID"].includes(statusOf(one));
  const takenOf = (fan: FanId, date: ModelDate) =>
    reservations.filter((one) => one.fan === fan && one.date === date && isTaken(one)).length;
  function seatStatus(seatId: SeatId): "AVAILABLE" | "HELD" | "SOLD" {
    if (blocked.has(seatId)) return "SOLD";
    const taken = reservations.find((one) => one.seatId === seatId && isTaken(one));
    return !taken ? "AVAILABLE" : taken.status === "PAID" ? "SOLD" : "HELD";
  }
  function setBlocked(seatId: SeatId, isBlocked: boolean): void {
    if (isBlocked) blocked.add(seatId);
    else blocked.delete(seatId);
  }
  const seatsLeft = (date: ModelDate) =>
    date.seatIds.filter((seatId) => seatStatus(seatId) !== "SOLD").length;
  const isLive = (date: ModelDate) =>
    !withdrawnDates.has(date.scheduleId) && date.endsAtMs > clock.nowMs;
  const staysOnSale = (concertId: number, changed: readonly ModelDate[]) =>
    dates.some((date) =>
      date.concertId === concertId && !changed.includes(date) && isLive(date) && seatsLeft(date) > 0
    );
  const balance = (fan: FanId) =>
    ledger.reduce((sum, entry) => entry.fan === fan ? sum + entry.amount : sum, 0);

  function notOnSale(date: ModelDate): ModelOutcome | null {
    if (withdrawnConcerts.has(date.concertId)) return refusal("CONCERT_NOT_FOUND");
    if (withdrawnDates.has(date.scheduleId)) return refusal("SCHEDULE_NOT_FOUND");
    if (date.opensAtMs > clock.nowMs) {
      return refusal("SALE_NOT_OPEN", { opensAt: new Date(date.opensAtMs).toISOString() });
    }
    if (date.endsAtMs > clock.nowMs) return null;
    return refusal("SALE_CLOSED", { closedAt: new Date(date.endsAtMs).toISOString() });
  }

  function nameOf(seatId: SeatId) {
    const seats = dates.flatMap((date) => date.seats);
    const { section, row, label } = seats.find((seat) => seat.seatId === seatId)!;
    return { section, row, label };
  }

  const liveHoldsOf = (fan: FanId, seatId: SeatId) =>
    reservations.filter((one) =>
      one.fan === fan && one.seatId === seatId && statusOf(one) === "HELD"
    ).map(({ reservationId, expiresAtMs }) => ({
      seatId,
      reservationId,
      expiresAt: new Date(expiresAtMs).toISOString(),
    }));

  function happensOnce(send: Send, act: () => ModelOutcome): ModelOutcome {
    const kept = records.find(({ caller, once }) =>
      caller === send.caller && once.route === send.once.route && once.key === send.once.key
    );
    if (kept && kept.once.bodyHash !== send.once.bodyHash) return refusal("IDEMPOTENCY_KEY_REUSED");
    if (kept) return { ok: true, value: kept.answer };
    const outcome = act();
    if (outcome.ok) records.push({ ...send, atMs: clock.nowMs, answer: outcome.value });
    return outcome;
  }

  return {
    reservations,
    payments,
    dates,
    withdrawnConcerts,
    withdrawnDates,
    statusOf,
    seatStatus,
    seatsLeft,
    staysOnSale,
    balance,
    takenOf,
    happensOnce,
    isBlocked: (seatId) => blocked.has(seatId),
    setBlocked,
    enter: (fan, amount) => void ledger.push({ fan, amount }),
    isOnSale: (date) => isLive(date) && !withdrawnConcerts.has(date.concertId),

    hold({ fan, place, date, wanted, reservationIds, holdTtlMs, seatLimit }) {
      const closed = notOnSale(date);
      if (closed) return closed;
      const best = "quantity" in wanted
        ? bestOf(date.seats, wanted, (seatId) => seatStatus(seatId) === "AVAILABLE")
        : null;
      const seatIds = "quantity" in wanted ? best!.seatIds : wanted;
      if (seatIds === null) {
        const seatsTogether = best!.together;
        return refusal("SEAT_UNAVAILABLE", { seatIds: [], ownReservations: [], seatsTogether });
      }
      const missing = seatIds.filter((seatId) => !date.seatIds.includes(seatId));
      if (missing.length > 0) return refusal("SEAT_NOT_FOUND", { seatIds: missing });
      const taken = seatIds.filter((seatId) => seatStatus(seatId) !== "AVAILABLE");
      if (taken.length > 0) {
        const ownReservations = taken.flatMap((seatId) => liveHoldsOf(fan, seatId));
        return refusal("SEAT_UNAVAILABLE", {
          seatIds: taken,
          seats: taken.map(nameOf),
          ownReservations,
        });
      }
      const held = takenOf(fan, date);
      if (held + seatIds.length > seatLimit) {
        return refusal("SEAT_LIMIT_EXCEEDED", { limit: seatLimit, held });
      }
      const made = seatIds.map((seatId, i): ModelReservation => ({
        reservationId: reservationIds[i] ?? "rsv_none",
        fan,
        place,
        date,
        seatId,
        price: date.seats.find((seat) => seat.seatId === seatId)!.price,
        createdAtMs: clock.nowMs,
        expiresAtMs: clock.nowMs + holdTtlMs,
        status: "HELD",
      }));
      reservations.push(...made);
      return { ok: true, value: made.map(({ reservationId, seatId }) => [reservationId, seatId]) };
    },

    block(seatId, isBlocked) {
      const taken = reservations.find((one) => one.seatId === seatId && isTaken(one));
      if (taken && (taken.status === "PAID" || isBlocked)) {
        return refusal("SEAT_UNAVAILABLE", {
          seatIds: [seatId],
          seats: [nameOf(seatId)],
          ownReservations: [],
        });
      }
      const date = dates.find(({ seatIds }) => seatIds.includes(seatId))!;
      const { concertId } = date;
      const left = seatsLeft(date);
      setBlocked(seatId, isBlocked);
      const changed = left !== seatsLeft(date) && left * seatsLeft(date) === 0 ? [concertId] : [];
      const changedConcerts = staysOnSale(concertId, [date]) ? [] : changed;
      const status = isBlocked ? "BLOCKED" : taken ? "HELD" : "AVAILABLE";
      return { ok: true, value: [status, changed, changedConcerts] };
    },

    cancel(fan, reservationId) {
      const found = reservations.find((one) => one.reservationId === reservationId);
      if (found?.fan !== fan) return refusal("RESERVATION_NOT_FOUND");
      if (["PAID", "REFUNDED"].includes(found.status)) {
        return refusal("RESERVATION_NOT_CANCELLABLE");
      }
      found.status = "CANCELLED";
      return { ok: true, value: [reservationId, "CANCELLED"] };
    },

    charge(send, fan, amount) {
      return happensOnce(send, () => {
        ledger.push({ fan, amount });
        return { ok: true, value: { balance: balance(fan), currency: "KRW" } };
      });
    },

    pay(send, fan, items) {
      return happensOnce(send, () => {
        const paying = items.flatMap(({ reservationId }) =>
          reservations.find((one) => one.reservationId === reservationId && one.fan === fan) ?? []
        );
        if (paying.length < items.length) return refusal("RESERVATION_NOT_FOUND");
        const dead = paying.filter((one) => statusOf(one) !== "HELD");
        if (dead.length > 0) {
          return refusal("RESERVATION_NOT_PAYABLE", {
            reservations: dead.map((one) => ({
              reservationId: one.reservationId,
              status: statusOf(one),
              seat: nameOf(one.seatId),
            })),
          });
        }
        const required = paying.reduce((sum, one) => sum + one.price, 0);
        if (balance(fan) < required) {
          return refusal("INSUFFICIENT_BALANCE", { balance: balance(fan), required });
        }
        const isSoldOut = (date: ModelDate) => seatsLeft(date) === 0;
        const soldBefore = dates.filter(isSoldOut);
        for (const [index, reservation] of paying.entries()) {
          reservation.status = "PAID";
          ledger.push({ fan, amount: -reservation.price });
          const { paymentId } = items[index]!;
          payments.push({ paymentId, reservation, paidAtMs: clock.nowMs, refundedAtMs: null });
        }
        const soldNow = dates.filter((date) => isSoldOut(date) && !soldBefore.includes(date));
        const concerts = [...new Set(soldNow.map(({ concertId }) => concertId))].sort();
        const answer = {
          payments: items.map(({ paymentId, reservationId }, index) => ({
            paymentId,
            reservationId,
            amount: paying[index]!.price,
            status: "COMPLETED",
            paidAt: new Date(clock.nowMs).toISOString(),
            refundedAt: null,
          })),
          totalAmount: required,
          balance: balance(fan),
        };
        const places = [...new Set(paying.map(({ place }) => JSON.stringify(place)))].sort();
        const effects = {
          places,
          concertsWithChangedSchedule: concerts,
          changedConcerts: concerts.filter((concertId) => !staysOnSale(concertId, soldNow)),
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

    nextEndMs(ofSale) {
      const live = ofSale ? [] : reservations.filter((one) => statusOf(one) === "HELD");
      const ends = [
        ...live.map((one) => one.expiresAtMs),
        ...dates.flatMap(({ endsAtMs, refundUntilMs }) => [endsAtMs, refundUntilMs ?? 0]),
      ].filter((atMs) => atMs > clock.nowMs && atMs < clock.nowMs + FAR_MS);
      return ends.length === 0 ? null : Math.min(...ends);
    },

    paymentsOf: (reservation) =>
      payments.filter((payment) => payment.reservation === reservation).length,
    ledgerOf: (fan) => ledger.filter((entry) => entry.fan === fan).length,
  };
}

/** No history waits for what is further away. */
const FAR_MS = 86_400_000;
