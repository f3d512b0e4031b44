import type { Page, PageRequest, Reservation } from "../domain/booking.ts";
import type { FanId, ReservationId, SeatId } from "../domain/ids.ts";
import type { QueueToken } from "../domain/queue.ts";
import { ok, type Result } from "../domain/result.ts";
import type {
  BestAvailable,
  Bookings,
  CancelFailure,
  CancelledReservation,
  HoldFailure,
  ReservationFilter,
} from "../ports/bookings.ts";
import type { ScheduleRef } from "../ports/catalogue.ts";
import type { NewId } from "../ports/clock.ts";
import type {
  IdempotencyFailure,
  IdempotentRequest,
  RecordedAnswer,
  RecordedAnswers,
} from "../ports/idempotency.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { NotAdmitted, RequireAdmission } from "./admission.ts";

export interface ReservationServiceDependencies {
  readonly queue: Pick<QueueStore, "status">;
  readonly bookings: Pick<Bookings, "holdAll" | "cancel" | "listReservations">;
  readonly recordedAnswers: Pick<RecordedAnswers, "find">;
  readonly requireAdmission: RequireAdmission;
  readonly newId: NewId;
  readonly seatLimit: number;
}

/** Named seats, or the best available. */
export type HoldRequest =
  & ScheduleRef
  & (
    | { readonly seatIds: readonly SeatId[] }
    | { readonly bestAvailable: BestAvailable }
  );

/** Holds seats and cancels unpaid reservations. */
export interface ReservationService {
  hold(
    token: QueueToken,
    request: HoldRequest,
    once: IdempotentRequest | null,
  ): Promise<Result<RecordedAnswer<null>, NotAdmitted | HoldFailure>>;
  cancel(
    fan: FanId,
    reservationId: ReservationId,
  ): Promise<Result<CancelledReservation, CancelFailure>>;
  list(fan: FanId, page: PageRequest, filter: ReservationFilter): Promise<Page<Reservation>>;
}

export function createReservationService(
  dependencies: ReservationServiceDependencies,
): ReservationService {
  const { queue, bookings, recordedAnswers, requireAdmission, newId, seatLimit } = dependencies;
  const newReservationId = () => `rsv_${newId()}` as const;

  function wanted(request: HoldRequest) {
    if ("seatIds" in request) {
      const { seatIds } = request;
      return {
        seats: seatIds.map((seatId) => ({ seatId, reservationId: newReservationId() })),
      };
    }
    const { bestAvailable } = request;
    const reservationIds = Array.from({ length: bestAvailable.quantity }, newReservationId);
    return { bestAvailable: { ...bestAvailable, reservationIds } };
  }

  /**
   * The recorded answer of a hold, or its refusal while it is at work. It is no new hold, so it needs
   * no admission any more; null leaves the refusal to the admission.
   */
  async function earlierHold(
    once: IdempotentRequest | null,
  ): Promise<Result<RecordedAnswer<null>, IdempotencyFailure> | null> {
    if (!once) return null;
    const found = await recordedAnswers.find(once);
    if (found.ok) return found.value && ok(found.value);
    return found.failure.kind === "IDEMPOTENCY_IN_PROGRESS" ? found : null;
  }

  return {
    async hold(token, request, once) {
      const admission = requireAdmission(token, await queue.status(token));
      if (!admission.ok) return await earlierHold(once) ?? admission;
      const { concertId, scheduleId } = request;
      return await bookings.holdAll({
        fan: token.fan,
        place: token,
        concertId,
        scheduleId,
        ...wanted(request),
        holdTtlMs: admission.value.rules.holdTtlMs,
        seatLimit,
      }, once);
    },
    cancel: (fan, reservationId) => bookings.cancel(fan, reservationId),
    list: (fan, page, filter) => bookings.listReservations(fan, page, filter),
  };
}
