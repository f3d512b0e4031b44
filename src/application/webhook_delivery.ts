import type { WebhookId } from "../domain/ids.ts";
import { retryDelayMs } from "../domain/webhook.ts";
import type { Cache } from "../ports/cache.ts";
import type { Clock, NewId, Random } from "../ports/clock.ts";
import type { Delivery, Outbox, Outcome, Outlook, SettledDelivery } from "../ports/outbox.ts";
import type { Report } from "../ports/report.ts";
import type { WebhookSender } from "../ports/webhook_sender.ts";
import { DELIVERIES_KEY } from "./cache_keys.ts";
import { createDeliveryTurns, type Turn } from "./delivery_turns.ts";
import { signedMessage } from "./webhook_signature.ts";

/** Deliveries of one round. Rounds follow an answer while more is due; the cron takes what is left. */
const MAX_AFTER_ANSWER = 6;
const MAX_ROUNDS_AFTER_ANSWER = 4;
/** Receivers that are asked at once: a Worker may wait for six answers at a time. */
export const PARALLEL_RECEIVERS = 5;
/** A receiver that answers slowly gets nothing more of a run after this time. */
const MAX_TURN_MS = 10_000;
/** Longer than any run. A delivery whose run was cut off is due again after this time. */
const LEASE_MS = 120_000;
/** Deliveries that were not sent are due again after this time. */
const UNSENT_DELAY_MS = 30_000;
/** Nothing was sent, because the receiver is served by other runs. They, or the next one, send it. */
const NO_TURN_DELAY_MS = 0;
/** What a run asks of the stores: the mark three times, a claim, a settlement. */
const OWN_REQUESTS = 5;
/**
 * How long the cron leaves the outbox alone if nothing is due. That an act wrote events removes the
 * mark, after the answer of the act; if that call is lost, the cron looks after this time anyway.
 */
const MARK_TTL_MS = 6 * 3_600_000;
/**
 * The same while there is no webhook, because then no act writes events. The call that removes the
 * mark of a new webhook may be lost too, so it is shorter than the 24 hours of a delivery.
 */
const NO_WEBHOOK_MARK_TTL_MS = 12 * 3_600_000;

export interface WebhookDeliveryDependencies {
  readonly outbox: Outbox;
  readonly send: WebhookSender;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: NewId;
  readonly report: Report;
}

/** Delivers events to webhooks. */
export interface WebhookDelivery {
  /** Delivers a few: follows the answers of acts that wrote events. */
  deliverSoon(): Promise<void>;
  /**
   * What the cron does, with at most `maxRequests` requests. Unless a sale is on, PostgreSQL is
   * asked only when a delivery may be due.
   */
  deliverDue(options: { readonly saleIsOn: boolean; readonly maxRequests: number }): Promise<void>;
  /** The next run of the cron asks PostgreSQL. */
  wake(): Promise<void>;
}

/** What a run leaves, and how many deliveries it has sent. */
interface Delivered extends Outlook {
  readonly sent: number;
}

function unsent(retryInMs: number): Outcome {
  return { result: "UNSENT", retryInMs };
}

export function createWebhookDelivery(dependencies: WebhookDeliveryDependencies): WebhookDelivery {
  const { outbox, send, cache, clock, random, newId, report } = dependencies;
  const turns = createDeliveryTurns({ clock });

  /** Without the cache the outbox is asked. */
  async function orNull<Value>(act: () => Promise<Value>): Promise<Value | null> {
    try {
      return await act();
    } catch (error) {
      report({ what: "cache_failed", error });
      return null;
    }
  }

  async function attempt(delivery: Delivery, turn: Turn): Promise<Outcome> {
    const sent = await send(await signedMessage(delivery, clock()));
    if (sent.answered) turn.answered();
    if (sent.answered && sent.status >= 200 && sent.status < 300) return { result: "DELIVERED" };
    if (sent.answered && sent.status === 410) return { result: "GONE", reason: "status 410" };
    return {
      result: "FAILED",
      retryInMs: retryDelayMs(delivery.attempts, random),
      reason: sent.answered ? `status ${sent.status}` : sent.reason,
      isSilent: !sent.answered,
    };
  }

  /**
   * Sends the deliveries of one webhook in their order. A receiver that is silent,
   * slow or gone gets no more of this run.
   */
  async function sendInTurn(
    deliveries: readonly Delivery[],
    turn: Turn,
  ): Promise<SettledDelivery[]> {
    const outcomes: SettledDelivery[] = [];
    const endsAtMs = clock() + MAX_TURN_MS;
    let stopped = false;
    for (const delivery of deliveries) {
      const { webhookId, sequence, attempts } = delivery;
      const outcome: Outcome = stopped ? unsent(UNSENT_DELAY_MS) : await attempt(delivery, turn);
      stopped ||= outcome.result === "GONE" || clock() >= endsAtMs ||
        outcome.result === "FAILED" && outcome.isSilent;
      outcomes.push({ webhookId, sequence, attempts, ...outcome });
    }
    return outcomes;
  }

  /** Sends nothing to a receiver that other runs of this isolate keep busy, or that keeps them. */
  async function sendTo(
    webhookId: WebhookId,
    deliveries: readonly Delivery[],
  ): Promise<SettledDelivery[]> {
    const turn = turns.begin(webhookId);
    if (!turn) {
      return deliveries.map(({ sequence, attempts }) => (
        { webhookId, sequence, attempts, ...unsent(NO_TURN_DELAY_MS) }
      ));
    }
    return await sendInTurn(deliveries, turn).finally(turn.end);
  }

  /** Every webhook has its own turn, so that none waits for the failures of another. */
  async function sendAll(deliveries: readonly Delivery[]): Promise<SettledDelivery[]> {
    const outcomes: SettledDelivery[] = [];
    const waiting = [...Map.groupBy(deliveries, ({ webhookId }) => webhookId)];
    const takeTurns = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        outcomes.push(...await sendTo(...next));
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_RECEIVERS }, takeTurns));
    return outcomes;
  }

  async function deliver(limit: number, sweep: boolean): Promise<Delivered> {
    const options = { limit, leaseMs: LEASE_MS, except: turns.full(), sweep };
    const { deliveries, ...outlook } = await outbox.claim(options);
    if (deliveries.length === 0) return { ...outlook, sent: 0 };
    const outcomes = await sendAll(deliveries);
    const settled = await outbox.settle(outcomes);
    if (settled.givenUp > 0) {
      report({ what: "delivery_given_up", error: `${settled.givenUp} deliveries` });
    }
    return { ...settled, sent: outcomes.filter(({ result }) => result !== "UNSENT").length };
  }

  async function wake(): Promise<void> {
    await orNull(() => cache.evict([DELIVERIES_KEY]));
  }

  /** Marks until when nothing is due. An act that writes events meanwhile voids the lease. */
  async function deliverUnlessMarked(limit: number): Promise<void> {
    // A read is cheaper than a lease, and nearly always there is a mark.
    const mark = await orNull(() => cache.read(DELIVERIES_KEY));
    if (mark?.state === "HIT") return;
    const lease = newId();
    const entry = mark && await orNull(() => cache.lease(DELIVERIES_KEY, lease, LEASE_MS));
    const { hasWebhooks, dueInMs } = await deliver(limit, true);
    const longestMs = hasWebhooks ? MARK_TTL_MS : NO_WEBHOOK_MARK_TTL_MS;
    const ttlMs = Math.min(longestMs, dueInMs ?? longestMs);
    if (entry?.state !== "LEASED" || entry.lease !== lease) return;
    await orNull(async () => {
      if (ttlMs > 0) await cache.fill(DELIVERIES_KEY, lease, "true", ttlMs);
      else await cache.release(DELIVERIES_KEY, lease);
    });
  }

  return {
    async deliverSoon() {
      // First, so that the cron goes on if this run is cut off.
      await wake();
      for (let round = 0; round < MAX_ROUNDS_AFTER_ANSWER; round++) {
        const { sent, dueInMs } = await deliver(MAX_AFTER_ANSWER, false);
        if (sent === 0 || dueInMs !== 0) return;
      }
    },
    async deliverDue({ saleIsOn, maxRequests }) {
      const limit = maxRequests - OWN_REQUESTS;
      if (!saleIsOn) return await deliverUnlessMarked(limit);
      // During a sale PostgreSQL is awake anyway, and after it the mark must not be older.
      const { dueInMs } = await deliver(limit, true);
      if (dueInMs !== null) await wake();
    },
    wake,
  };
}
