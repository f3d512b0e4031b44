import type { Page, PageRequest, Payment, PaymentWithHistory } from "../domain/booking.ts";
import type { FanId, PaymentId, ReservationId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Bookings, PayEffects, PayFailure } from "../ports/bookings.ts";
import type { Cache } from "../ports/cache.ts";
import type { NewId } from "../ports/clock.ts";
import type { IdempotentRequest, RecordedAnswer } from "../ports/idempotency.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import { CONCERTS_KEYS, schedulesKey } from "./cache_keys.ts";
import type { RequestContext } from "./request_context.ts";
import type { StockRecount } from "./stock_recount.ts";
import type { WebhookDelivery } from "./webhook_delivery.ts";

export interface PaymentServiceDependencies {
  readonly bookings: Pick<Bookings, "pay" | "listPayments" | "getPayment">;
  readonly queue: Pick<QueueStore, "endPlaces">;
  readonly cache: Cache;
  readonly stockRecount: StockRecount;
  readonly webhookDelivery: Pick<WebhookDelivery, "deliverSoon">;
  readonly newId: NewId;
}

/** Pays for holds. A live hold is itself the permission, so no admission is checked. */
export interface PaymentService {
  pay(
    context: RequestContext,
    fan: FanId,
    reservationIds: readonly ReservationId[],
    request: IdempotentRequest,
  ): Promise<Result<RecordedAnswer<PayEffects>, PayFailure>>;
  list(fan: FanId, page: PageRequest): Promise<Page<Payment>>;
  get(fan: FanId, paymentId: PaymentId): Promise<PaymentWithHistory | null>;
}

export function createPaymentService(dependencies: PaymentServiceDependencies): PaymentService {
  const { bookings, queue, cache, stockRecount, webhookDelivery, newId } = dependencies;

  /**
   * The effects of a payment after its answer. Each of them may be lost or repeated: the slot
   * becomes free at the end of the admission anyway, and cached values end with their TTL.
   */
  function applyEffects(context: RequestContext, effects: PayEffects): void {
    if (effects.places.length > 0) {
      context.afterAnswer(() => queue.endPlaces(effects.places, "PAID"));
    }
    const stale = effects.concertsWithChangedSchedule.map(schedulesKey);
    if (effects.changedConcerts.length > 0) stale.push(...CONCERTS_KEYS);
    if (stale.length > 0) {
      context.afterAnswer(() => cache.evict(stale));
      // Those of the sold seats, and those in which the buyers' places were: a concert may have moved.
      const rooms = new Set([...effects.rooms, ...effects.places.map(({ room }) => room)]);
      for (const room of rooms) {
        context.afterAnswer(() => stockRecount.recount(room));
      }
    }
    if (effects.events) context.afterAnswer(webhookDelivery.deliverSoon);
  }

  return {
    async pay(context, fan, reservationIds, request) {
      const items = reservationIds.map((reservationId) => ({
        reservationId,
        paymentId: `pay_${newId()}` as const,
        ticketId: `tkt_${newId()}` as const,
      }));
      const paid = await bookings.pay({ fan, items }, request);
      if (paid.ok) applyEffects(context, paid.value.effects);
      return paid;
    },
    list: (fan, page) => bookings.listPayments(fan, page),
    get: (fan, paymentId) => bookings.getPayment(fan, paymentId),
  };
}
