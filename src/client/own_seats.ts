import type { Clock } from "./environment.ts";
import type { components } from "./schema.ts";

type Reservation = components["schemas"]["Reservation"];
type Payment = components["schemas"]["Payment"];
type SeatStatus = components["schemas"]["SeatStatus"];

/** A cancellation has no time of the server. Statuses are a second old at most. */
const STATUSES_AT_MOST_OLD_MS = 2_000;

interface OwnSeat {
  readonly reservationId: string;
  readonly status: SeatStatus;
  /** When the hold lapses, by the server. */
  readonly expiresAt: number;
  /** Statuses of this time of the server, or later ones, contain the change; null if unknown. */
  readonly at: number | null;
  /** When this device learnt of the change. */
  readonly learntAt: number;
}

/** A snapshot of statuses: when it was taken by the server, and asked for by this device. */
export interface Snapshot {
  readonly takenAt: number;
  readonly askedAt: number;
}

/** What this fan did to seats, from the answers that pass through the client. */
export interface OwnSeats {
  /** `takenAt` is the time of the act, where the answer has it. */
  learn(reservations: readonly Reservation[], takenAt?: string): void;
  learnPaid(payments: readonly Payment[]): void;
  /** The status of a seat, and whether it is the fan's own, over what the snapshot says. */
  over(
    seatId: number,
    status: SeatStatus,
    snapshot: Snapshot,
  ): { status: SeatStatus; own: boolean };
  onChange: Set<() => void>;
}

const STATUS: Partial<Record<Reservation["status"], SeatStatus>> = { HELD: "HELD", PAID: "SOLD" };

export function createOwnSeats(clock: Clock): OwnSeats {
  const seats = new Map<number, OwnSeat>();
  const onChange = new Set<() => void>();
  const notify = () => onChange.forEach((listener) => listener());
  return {
    onChange,
    learn(reservations, takenAt) {
      for (const { reservationId, seatId, status, expiresAt } of reservations) {
        const known = seats.get(seatId);
        // An older reservation of the seat says nothing about a newer one.
        const taken = STATUS[status];
        if (known?.reservationId === reservationId ? known.status === taken : !taken) continue;
        seats.set(seatId, {
          reservationId,
          status: taken ?? "AVAILABLE",
          expiresAt: Date.parse(expiresAt),
          at: takenAt ? Date.parse(takenAt) : null,
          learntAt: clock.now(),
        });
      }
      notify();
    },
    learnPaid(payments) {
      for (const { reservationId, paidAt, status } of payments) {
        for (const [seatId, seat] of seats) {
          if (seat.reservationId !== reservationId) continue;
          if (status === "REFUNDED") seats.delete(seatId);
          else seats.set(seatId, { ...seat, status: "SOLD", at: Date.parse(paidAt) });
        }
      }
      notify();
    },
    over(seatId, status, { takenAt, askedAt }) {
      const own = seats.get(seatId);
      if (!own) return { status, own: false };
      const contained = own.at === null
        ? askedAt > own.learntAt + STATUSES_AT_MOST_OLD_MS
        : takenAt >= own.at;
      const present = contained ? status : own.status;
      // The next holder of a seat that was free has it as another.
      if (contained && status === "AVAILABLE") seats.delete(seatId);
      const lapsed = present === "HELD" && takenAt >= own.expiresAt;
      return {
        status: present,
        own: own.status === present && present !== "AVAILABLE" && !lapsed,
      };
    },
  };
}
