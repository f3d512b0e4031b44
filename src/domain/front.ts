import { drawBound, type DrawValue, type Lot } from "./draw.ts";
import { pollAfterSeconds, pollBounds } from "./polling.ts";
import type { LineSpeed, QueueToken, RulesSnapshot, Standing, StockOutlook } from "./queue.ts";
import { ROOM_STATE_POLICIES } from "./room.ts";

/** A document about the front of a room's line, from which far fans are answered. */
export interface Front {
  readonly epoch: string;
  /** When the document was taken, in epoch milliseconds. */
  readonly takenAtMs: number;
  /** The order before the first ticket of the epoch. */
  readonly first: number;
  /** The highest order that was taken from the line. */
  readonly called: number;
  /**
   * The highest order that is near: its fan can be admitted before the next poll. It is raised once
   * a second at most, and may be below `called` until then.
   */
  readonly near: number;
  /** About how many wait. */
  readonly waiting: number;
  /** How many rejoined after a reset and wait in front of the epoch's first ticket. */
  readonly rejoined: number;
  /** Whether fans may still rejoin after a reset. */
  readonly isReforming: boolean;
  readonly speed: LineSpeed;
  readonly rules: RulesSnapshot;
  readonly rulesVersion: number;
  readonly seats: StockOutlook;
  /** The number of the last gathering whose draw has begun. */
  readonly drawnGatherings: number;
  /** The latest draw, while some of its fans wait. */
  readonly lot: Lot | null;
}

/** A document is used for so long after it was taken. */
export const FRONT_TTL_MS = 1_000;
/** The same while the store does not answer, at most. */
export const FRONT_OUTAGE_TTL_MS = 30_000;

/**
 * How long a document is used while the store does not answer. A turn that came just after the
 * document was taken lasts for the longest interval and the time to show up. Its fan is asked to
 * call after the shortest interval at the soonest, and that must not be later.
 */
export function frontOutageTtlMs(
  { rules }: Pick<Front, "rules">,
  { waitingTtlMs, showUpMs }: { readonly waitingTtlMs: number; readonly showUpMs: number },
): number {
  const { min, max } = pollBounds(rules, waitingTtlMs);
  return Math.min(FRONT_OUTAGE_TTL_MS, (max - min) * 1000 + showUpMs);
}

export interface FarContext {
  readonly nowMs: number;
  readonly waitingTtlMs: number;
  /** Uniform in [0, 1). */
  readonly random: number;
  /**
   * Whether the store does not answer. Then a document is used for longer than `FRONT_TTL_MS`, and
   * no place can be proven.
   */
  readonly isOutage: boolean;
  readonly drawValue: DrawValue;
}

/** The answer to a far fan, or "ASK_QUEUE" when only the queue can answer. */
export function standing(
  token: QueueToken,
  front: Front,
  context: FarContext,
): Standing | "ASK_QUEUE" {
  if (token.isNear || token.epoch !== front.epoch) return "ASK_QUEUE";
  if (token.order >= 0) {
    if (
      token.order <= Math.max(front.near, front.called) ||
      isProofDue(token, token.madeAtMs, context)
    ) return "ASK_QUEUE";
    return waiting(token, token.order, token.order - front.called - 1, front, context);
  }
  const { pseudonym } = token;
  const number = -token.order - front.first;
  if (pseudonym === null || number <= 0) return "ASK_QUEUE";
  if (number > front.drawnGatherings) {
    // The gathering of this token has ended, or a failover has lost it.
    if (isDrawn(front.rules)) return "ASK_QUEUE";
    if (isProofDue(token, token.madeAtMs, context)) return "ASK_QUEUE";
    const { rules, takenAtMs } = front;
    return { state: "GATHERED", pseudonym, rules, provenAtMs: token.madeAtMs, takenAtMs };
  }
  const { lot } = front;
  if (lot === null || number <= lot.gatheringsBefore) return "ASK_QUEUE";
  if (isProofDue(token, Math.max(token.madeAtMs, lot.openedAtMs), context)) return "ASK_QUEUE";
  const value = context.drawValue(pseudonym, lot.seed);
  if (value <= Math.max(lot.nearValue, lot.calledValue)) return "ASK_QUEUE";
  return waiting(token, null, drawBound(value, lot, front.called), front, context);
}

/** Whether all who gathered are drawn, because nobody gathers in this state. */
function isDrawn({ state }: RulesSnapshot): boolean {
  const { gathers, mayJoin, promotes } = ROOM_STATE_POLICIES[state];
  return !gathers && (mayJoin || promotes);
}

function waiting(
  token: QueueToken,
  order: number | null,
  ahead: number,
  front: Front,
  { nowMs, waitingTtlMs, random, isOutage }: FarContext,
): Standing {
  const { rules, speed, seats } = front;
  const bound = ahead + front.rejoined;
  const provenAtMs = front.lot && order === null
    ? Math.max(token.madeAtMs, front.lot.openedAtMs)
    : token.madeAtMs;
  return {
    state: "WAITING",
    order,
    ahead: isOutage ? null : bound,
    positionIs: isOutage ? null : front.isReforming ? "AT_LEAST" : "AT_MOST",
    isNear: false,
    pollAfterSeconds: farPollAfterSeconds(bound, front, { nowMs, waitingTtlMs, random, isOutage }),
    expiresAtMs: provenAtMs + waitingTtlMs,
    provenAtMs,
    speed,
    rules,
    seats,
    countStock: false,
  };
}

/**
 * A far fan asks again at the latest when the longest poll has passed since the document was
 * taken, so that the age of the document takes nothing from the time to show up. During an outage
 * nobody polls at a shorter interval than the shortest one.
 */
function farPollAfterSeconds(
  ahead: number,
  { takenAtMs, speed, rules }: Front,
  { nowMs, waitingTtlMs, random, isOutage }: Omit<FarContext, "drawValue">,
): number {
  const seconds = pollAfterSeconds(ahead, speed.pace, rules, { waitingTtlMs, random });
  const ageSeconds = Math.ceil(Math.max(0, nowMs - takenAtMs) / 1000);
  const least = isOutage ? rules.pollMinSeconds : 1;
  return Math.min(seconds, Math.max(least, rules.pollMaxSeconds - ageSeconds));
}

/** The proof of a far place is due within a quarter of the waiting TTL, spread over its half. */
function isProofDue(
  { fan }: QueueToken,
  provenAtMs: number,
  { nowMs, waitingTtlMs, isOutage }: FarContext,
): boolean {
  return !isOutage && nowMs - provenAtMs >= waitingTtlMs / 4 * (0.5 + shareOf(fan) / 2);
}

/** A number from 0 to below 1 of a text: FNV-1a. */
function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) / 2 ** 32;
}
