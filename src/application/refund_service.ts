import type { OperatorAct } from "../domain/audit.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { ConcertId, FanId, PaymentId, RefundId, ScheduleId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Cache } from "../ports/cache.ts";
import type { NewId } from "../ports/clock.ts";
import type { IdempotentRequest } from "../ports/idempotency.ts";
import type {
  AcceptedRefund,
  AcceptRefundFailure,
  ConcertRefund,
  Refunded,
  RefundEffects,
  RefundFailure,
  RefundOrder,
  Refunds,
} from "../ports/refunds.ts";
import { CONCERTS_KEYS, schedulesKey } from "./cache_keys.ts";
import type { PendingWork } from "./pending_work.ts";
import type { RequestContext } from "./request_context.ts";
import type { StockRecount } from "./stock_recount.ts";
import type { WebhookDelivery } from "./webhook_delivery.ts";

/** The payments of one statement: so many that it is quick and locks nothing for long. */
export const REFUND_BATCH = 500;
/** The batches of one run of the cron. With their effects they are at most ten requests. */
export const MAX_REFUND_BATCHES = 3;

export interface RefundServiceDependencies {
  readonly refunds: Refunds;
  readonly cache: Cache;
  readonly stockRecount: StockRecount;
  readonly pendingWork: PendingWork;
  readonly webhookDelivery: Pick<WebhookDelivery, "deliverSoon" | "wake">;
  readonly newId: NewId;
}

/** Gives money back: of one payment, or of all payments of a concert or a schedule. */
export interface RefundService {
  /** By an operator. A repeat gives the same payment. */
  refund(
    context: RequestContext,
    order: RefundOrder,
  ): Promise<Result<Refunded, FailureOf<"PAYMENT_NOT_FOUND">>>;
  /** By the fan who paid, until the schedule's `refundUntil`. */
  refundOwn(
    context: RequestContext,
    fan: FanId,
    paymentId: PaymentId,
  ): Promise<Result<Refunded, RefundFailure>>;
  /** The first batch follows the answer; the cron does the others. */
  accept(
    context: RequestContext,
    concertId: ConcertId,
    order: {
      readonly scheduleId: ScheduleId | null;
      readonly act: OperatorAct;
      readonly seatsBackOnSale: boolean;
    },
    once: IdempotentRequest | null,
  ): Promise<Result<AcceptedRefund, AcceptRefundFailure>>;
  /** Null if the concert has no such refund. A look at an unfinished one carries it on. */
  progress(
    context: RequestContext,
    concertId: ConcertId,
    refundId: RefundId,
  ): Promise<ConcertRefund | null>;
  /**
   * The part of the cron: carries unfinished refunds on. It leaves PostgreSQL alone if there is
   * none and PostgreSQL may be asleep.
   */
  carryOn(options: { readonly isAwake: boolean }): Promise<CarriedOn>;
}

export interface CarriedOn {
  readonly hasAskedPostgres: boolean;
}

export function createRefundService(dependencies: RefundServiceDependencies): RefundService {
  const { refunds, cache, stockRecount, pendingWork } = dependencies;
  const { webhookDelivery, newId } = dependencies;

  /** The effects after a commit. Each may be lost: TTLs and the cron do the same later. */
  async function applyEffects(
    all: readonly RefundEffects[],
    tellWebhooks = webhookDelivery.deliverSoon,
  ): Promise<void> {
    const rooms = new Set(all.flatMap((effects) => effects.rooms));
    if (rooms.size === 0) return;
    const concerts = new Set(all.flatMap((effects) => effects.concertsWithChangedSchedule));
    const stale = [...concerts].map(schedulesKey);
    if (all.some(({ changedConcerts }) => changedConcerts.length > 0)) stale.push(...CONCERTS_KEYS);
    await Promise.all([
      ...stale.length > 0 ? [cache.evict(stale)] : [],
      ...[...rooms].map((room) => stockRecount.recount(room)),
      ...all.some(({ events }) => events) ? [tellWebhooks()] : [],
    ]);
  }

  function follow(context: RequestContext, { effects }: Refunded): void {
    if (effects) context.afterAnswer(() => applyEffects([effects]));
  }

  async function carryOnOne(refundId: RefundId): Promise<void> {
    const { effects } = await refunds.carryOn(refundId, REFUND_BATCH);
    if (effects) await applyEffects([effects]);
  }

  return {
    async refund(context, order) {
      const refunded = await refunds.refund(order);
      if (refunded.ok) follow(context, refunded.value);
      return refunded;
    },
    async refundOwn(context, fan, paymentId) {
      const refunded = await refunds.refundOwn(fan, paymentId);
      if (refunded.ok) follow(context, refunded.value);
      return refunded;
    },
    async accept(context, concertId, order, once) {
      // Before the act: after the answer the cron is certain to run. If it fails, nothing was accepted.
      await pendingWork.wake();
      const refundId = `rfd_${newId()}` as const;
      const accepted = await refunds.accept({ refundId, concertId, ...order }, once);
      if (accepted.ok && accepted.value.job.finishedAt === null) {
        const { job } = accepted.value;
        context.afterAnswer(() => carryOnOne(job.refundId));
      }
      return accepted;
    },
    async progress(context, concertId, refundId) {
      const job = await refunds.get(concertId, refundId);
      if (job && job.finishedAt === null) context.afterAnswer(() => carryOnOne(refundId));
      return job;
    },
    async carryOn({ isAwake }) {
      const question = await pendingWork.question();
      if (question === null && !isAwake) return { hasAskedPostgres: false };
      const applied: RefundEffects[] = [];
      let unfinished = true;
      try {
        while (unfinished && applied.length < MAX_REFUND_BATCHES) {
          const batch = await refunds.carryOn(null, REFUND_BATCH);
          unfinished = batch.unfinished;
          if (!batch.effects) break;
          applied.push(batch.effects);
        }
      } finally {
        // The same run of the cron delivers.
        await applyEffects(applied, webhookDelivery.wake);
      }
      if (unfinished && question === null) await pendingWork.wake();
      if (!unfinished && question !== null) await pendingWork.answerNone(question);
      return { hasAskedPostgres: true };
    },
  };
}
