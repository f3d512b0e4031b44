import type { Page, PageRequest, Payment, PaymentWithHistory } from "../domain/booking.ts";
import type { FanId, PaymentId, ReservationId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Bookings, PayEffects, PayFailure } from "../ports/bookings.ts";
import type { Cache } from "../ports/cache.ts";
import type { NewId } from "../ports/clock.ts";
import type { Once, Recorded } from "../ports/idempotency.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { SeatVersions } from "../ports/seat_versions.ts";
import { CONCERTS_KEY, schedulesKey } from "./cache_keys.ts";
import type { Call } from "./request_context.ts";
import type { Restock } from "./stock_recount.ts";

export interface PayParts {
  readonly bookings: Bookings;
  readonly queue: QueueStore;
  readonly cache: Cache;
  readonly seatVersions: SeatVersions;
  readonly restock: Restock;
  readonly newId: NewId;
}

/** Paying for holds. A live hold is itself the permission: no admission is asked for. */
export function pay({ bookings, queue, cache, seatVersions, restock, newId }: PayParts) {
  /**
   * What follows a payment, after its answer. Each part may be lost and may be done twice: the
   * slot comes free at the end of the admission anyway, and what is cached ends with its TTL.
   */
  function follow(call: Call, effects: PayEffects): void {
    if (effects.places.length > 0) call.afterAnswer(() => queue.end(effects.places));
    const stale = effects.concertsWithSoldOutSchedule.map(schedulesKey);
    if (effects.soldOutConcerts.length > 0) stale.push(CONCERTS_KEY);
    if (stale.length > 0) {
      call.afterAnswer(() => cache.evict(stale));
      for (const room of new Set(effects.places.map(({ room }) => room))) {
        call.afterAnswer(() => restock(room));
      }
    }
    const { schedules } = effects;
    if (schedules.length > 0) call.afterAnswer(() => seatVersions.drop(schedules));
  }

  return {
    async pay(
      call: Call,
      fan: FanId,
      reservationIds: readonly ReservationId[],
      once: Once,
    ): Promise<Result<Recorded<PayEffects>, PayFailure>> {
      const items = reservationIds.map((reservationId) => ({
        reservationId,
        paymentId: `pay_${newId()}` as const,
      }));
      const paid = await bookings.pay({ fan, items }, once);
      if (paid.ok) follow(call, paid.value.effects);
      return paid;
    },
    list(fan: FanId, page: PageRequest): Promise<Page<Payment>> {
      return bookings.listPayments(fan, page);
    },
    get(fan: FanId, id: PaymentId): Promise<PaymentWithHistory | null> {
      return bookings.getPayment(fan, id);
    },
  };
}
