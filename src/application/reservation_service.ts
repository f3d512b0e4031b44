import type { Page, PageRequest, Reservation } from "../domain/booking.ts";
import type { FanId, ReservationId, ScheduleId, SeatId } from "../domain/ids.ts";
import type { QueueToken } from "../domain/queue.ts";
import type { Result } from "../domain/result.ts";
import type { Bookings, CancelFailure, HoldFailure } from "../ports/bookings.ts";
import type { NewId } from "../ports/clock.ts";
import type { IdempotentRequest, RecordedAnswer } from "../ports/idempotency.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { ScheduleRef, SeatVersions } from "../ports/seat_versions.ts";
import type { NotAdmitted, RequireAdmission } from "./admission.ts";
import type { RequestContext } from "./request_context.ts";

export interface ReservationServiceDependencies {
  readonly queue: Pick<QueueStore, "status">;
  readonly bookings: Pick<Bookings, "holdAll" | "cancel" | "listReservations">;
  readonly seatVersions: SeatVersions;
  readonly requireAdmission: RequireAdmission;
  readonly newId: NewId;
  readonly seatLimit: number;
}

export interface HoldRequest extends ScheduleRef {
  readonly seatIds: readonly SeatId[];
}

/** Holds seats and cancels unpaid reservations. */
export interface ReservationService {
  hold(
    context: RequestContext,
    token: QueueToken,
    request: HoldRequest,
    once: IdempotentRequest | null,
  ): Promise<Result<RecordedAnswer<null>, NotAdmitted | HoldFailure>>;
  cancel(
    context: RequestContext,
    fan: FanId,
    reservationId: ReservationId,
  ): Promise<Result<Reservation, CancelFailure>>;
  list(fan: FanId, page: PageRequest): Promise<Page<Reservation>>;
}

export function createReservationService(
  dependencies: ReservationServiceDependencies,
): ReservationService {
  const { queue, bookings, seatVersions, requireAdmission, newId, seatLimit } = dependencies;

  /** Makes the change visible in the next answer of the seat map. */
  function dropSeatVersion(context: RequestContext, scheduleId: ScheduleId): void {
    context.afterAnswer(() => seatVersions.drop([scheduleId]));
  }

  return {
    async hold(context, token, { concertId, scheduleId, seatIds }, once) {
      const admission = requireAdmission(token, await queue.status(token));
      if (!admission.ok) return admission;
      const seats = seatIds.map((seatId) => ({
        seatId,
        reservationId: `rsv_${newId()}` as const,
      }));
      const held = await bookings.holdAll({
        fan: token.fan,
        place: token,
        concertId,
        scheduleId,
        seats,
        holdTtlMs: admission.value.rules.holdTtlMs,
        seatLimit,
      }, once);
      if (held.ok) dropSeatVersion(context, scheduleId);
      return held;
    },
    async cancel(context, fan, reservationId) {
      const cancelled = await bookings.cancel(fan, reservationId);
      if (cancelled.ok) dropSeatVersion(context, cancelled.value.scheduleId);
      return cancelled;
    },
    list: (fan, page) => bookings.listReservations(fan, page),
  };
}
