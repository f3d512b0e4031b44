import type { Page, PageRequest, Reservation } from "../domain/booking.ts";
import type { FanId, ReservationId, ScheduleId, SeatId } from "../domain/ids.ts";
import type { PlaceRef } from "../domain/queue.ts";
import type { Result } from "../domain/result.ts";
import type { Bookings, CancelFailure, HoldFailure } from "../ports/bookings.ts";
import type { NewId } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { SeatsOf, SeatVersions } from "../ports/seat_versions.ts";
import type { NotAdmitted, RequireAdmission } from "./admission.ts";
import type { Call } from "./request_context.ts";

export interface ReserveParts {
  readonly queue: QueueStore;
  readonly bookings: Bookings;
  readonly seatVersions: SeatVersions;
  readonly requireAdmission: RequireAdmission;
  readonly newId: NewId;
  readonly seatLimit: number;
}

export interface SeatsWanted extends SeatsOf {
  readonly seatIds: readonly SeatId[];
}

/** Holding seats, and letting them go. */
export function reserve(parts: ReserveParts) {
  const { queue, bookings, seatVersions, requireAdmission, newId, seatLimit } = parts;

  /** After the answer, so that whoever follows these seats sees the change at once. */
  function changed(call: Call, date: ScheduleId): void {
    call.afterAnswer(() => seatVersions.drop([date]));
  }

  return {
    async hold(
      call: Call,
      place: PlaceRef,
      { concertId, scheduleId, seatIds }: SeatsWanted,
    ): Promise<Result<readonly Reservation[], NotAdmitted | HoldFailure>> {
      const admission = requireAdmission(place, await queue.status(place));
      if (!admission.ok) return admission;
      const seats = seatIds.map((seatId) => ({
        seatId,
        reservationId: `rsv_${newId()}` as const,
      }));
      const held = await bookings.holdAll({
        fan: place.fan,
        place,
        concertId,
        scheduleId,
        seats,
        holdTtlMs: admission.value.rules.holdTtlMs,
        seatLimit,
      });
      if (held.ok) changed(call, scheduleId);
      return held;
    },
    async cancel(
      call: Call,
      fan: FanId,
      id: ReservationId,
    ): Promise<Result<Reservation, CancelFailure>> {
      const cancelled = await bookings.cancel(fan, id);
      if (cancelled.ok) changed(call, cancelled.value.scheduleId);
      return cancelled;
    },
    list(fan: FanId, page: PageRequest): Promise<Page<Reservation>> {
      return bookings.listReservations(fan, page);
    },
  };
}
