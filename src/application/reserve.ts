import type { Page, PageRequest, Reservation } from "../domain/booking.ts";
import type { ConcertId, FanId, ReservationId, ScheduleId, SeatId } from "../domain/ids.ts";
import type { PlaceRef } from "../domain/line.ts";
import type { Result } from "../domain/result.ts";
import type { Bookings, CancelFailure, HoldFailure } from "../ports/bookings.ts";
import type { NewId } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { NotAdmitted, RequireAdmission } from "./admission.ts";

export interface ReserveParts {
  readonly queue: QueueStore;
  readonly bookings: Bookings;
  readonly requireAdmission: RequireAdmission;
  readonly newId: NewId;
  readonly holdTtlMs: number;
  readonly seatLimit: number;
}

export interface SeatsWanted {
  readonly concertId: ConcertId;
  readonly scheduleId: ScheduleId;
  readonly seatIds: readonly SeatId[];
}

/** Holding seats, and letting them go. */
export function reserve(parts: ReserveParts) {
  const { queue, bookings, requireAdmission, newId, holdTtlMs, seatLimit } = parts;
  return {
    async hold(
      place: PlaceRef,
      { concertId, scheduleId, seatIds }: SeatsWanted,
    ): Promise<Result<readonly Reservation[], NotAdmitted | HoldFailure>> {
      const admission = requireAdmission(place, await queue.status(place));
      if (!admission.ok) return admission;
      const seats = seatIds.map((seatId) => ({
        seatId,
        reservationId: `rsv_${newId()}` as const,
      }));
      return await bookings.holdAll({
        fan: place.fan,
        place,
        concertId,
        scheduleId,
        seats,
        holdTtlMs,
        seatLimit,
      });
    },
    cancel(fan: FanId, id: ReservationId): Promise<Result<Reservation, CancelFailure>> {
      return bookings.cancel(fan, id);
    },
    list(fan: FanId, page: PageRequest): Promise<Page<Reservation>> {
      return bookings.listReservations(fan, page);
    },
  };
}
