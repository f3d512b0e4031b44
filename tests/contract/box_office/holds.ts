import type { Reservation } from "../../../src/domain/booking.ts";
import type { FanId, ReservationId, SeatId } from "../../../src/domain/ids.ts";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import { ok, type Result } from "../../../src/domain/result.ts";
import type {
  BestAvailable,
  Bookings,
  HoldFailure,
  WantedSeats,
} from "../../../src/ports/bookings.ts";
import type { ScheduleRef } from "../../../src/ports/catalogue.ts";
import type { IdempotentRequest } from "../../../src/ports/idempotency.ts";

export interface HoldOptions {
  readonly seatLimit?: number;
  readonly heldUnder?: PlaceRef;
  readonly once?: IdempotentRequest | null;
}

type Held = Promise<Result<readonly Reservation[], HoldFailure>>;

/** The ways in which a fan holds seats. */
export interface HoldCalls {
  /** As `hold`, with the answer as it is recorded. */
  holdAll(
    date: ScheduleRef,
    seatIds: readonly SeatId[],
    options?: HoldOptions,
  ): ReturnType<Bookings["holdAll"]>;
  hold(date: ScheduleRef, seatIds: readonly SeatId[], options?: HoldOptions): Held;
  holdBest(date: ScheduleRef, best: BestAvailable, options?: HoldOptions): Held;
}

export interface HoldCallsParts {
  readonly bookings: Bookings;
  readonly fan: FanId;
  readonly place: PlaceRef;
  readonly seatLimit: number;
  readonly holdTtlMs: number;
  readonly newReservationId: () => ReservationId;
}

export function holdCalls(parts: HoldCallsParts): HoldCalls {
  const { bookings, fan, place, holdTtlMs, newReservationId } = parts;

  function send(
    { concertId, scheduleId }: ScheduleRef,
    wanted: WantedSeats,
    { seatLimit = parts.seatLimit, heldUnder = place, once = null }: HoldOptions = {},
  ): ReturnType<Bookings["holdAll"]> {
    const order = { fan, place: heldUnder, concertId, scheduleId, ...wanted, seatLimit, holdTtlMs };
    return bookings.holdAll(order, once && { ...once, caller: `fan:${fan}` });
  }
  async function reservationsOf(sent: ReturnType<Bookings["holdAll"]>): Held {
    const held = await sent;
    return held.ok ? ok(JSON.parse(held.value.json).reservations) : held;
  }
  function holdAll(date: ScheduleRef, seatIds: readonly SeatId[], options?: HoldOptions) {
    const seats = seatIds.map((seatId) => ({ seatId, reservationId: newReservationId() }));
    return send(date, { seats }, options);
  }

  return {
    holdAll,
    hold: (date, seatIds, options) => reservationsOf(holdAll(date, seatIds, options)),
    holdBest(date, best, options) {
      const reservationIds = Array.from({ length: best.quantity }, newReservationId);
      return reservationsOf(send(date, { bestAvailable: { ...best, reservationIds } }, options));
    },
  };
}
