import type { RulesSnapshot } from "./queue.ts";

/** A fan polls again after this share of the remaining wait. */
export const POLL_SHARE_OF_WAIT = 0.5;
/** The jitter, as a share of the interval; at least one second, so that polls spread out. */
export const POLL_JITTER = 0.2;
export const MIN_POLL_JITTER_SECONDS = 1;

/** What an answer needs beside the standing. */
export interface AnswerContext {
  readonly waitingTtlMs: number;
  readonly nowMs: number;
  /** Uniform in [0, 1). */
  readonly random: number;
}

type PollRules = Pick<RulesSnapshot, "pollMinSeconds" | "pollMaxSeconds">;

/** The bounds of polling in seconds. At least two polls fit into the time that ages out a place. */
export function pollBounds(
  rules: PollRules,
  waitingTtlMs: number,
): { readonly min: number; readonly max: number } {
  const keepsPlace = Math.max(1, Math.floor(waitingTtlMs / 2000));
  return {
    min: Math.min(rules.pollMinSeconds, keepsPlace),
    max: Math.min(rules.pollMaxSeconds, keepsPlace),
  };
}

/**
 * When to poll again, in whole seconds between the bounds: in proportion to the wait at this pace
 * of the line. Who is next polls at the shortest interval, also while the pace is 0. The Lua
 * function `poll_after_seconds` follows the same rule.
 */
export function pollAfterSeconds(
  ahead: number,
  pace: number,
  rules: PollRules,
  { waitingTtlMs, random }: Omit<AnswerContext, "nowMs">,
): number {
  const { min, max } = pollBounds(rules, waitingTtlMs);
  if (ahead <= 0) return min;
  const highest = Math.min(max / (1 + POLL_JITTER), max - MIN_POLL_JITTER_SECONDS);
  const wait = ahead / pace;
  const base = Math.max(min, Math.min(highest, POLL_SHARE_OF_WAIT * wait));
  const jitter = Math.max(MIN_POLL_JITTER_SECONDS, POLL_JITTER * base);
  return Math.min(max, Math.floor(base + jitter * random + 0.5));
}

/**
 * When a fan who gathered polls again: at the longest interval or, if the room opens sooner, some
 * seconds after the opening. The square root spreads the crowd: if all fans last polled evenly
 * over the interval before the opening, no second after it gets more than twice its even share.
 * The interval ends when the longest one has passed since the rules were read: the room may have
 * opened meanwhile.
 */
export function gatheredPollAfterSeconds(
  { rules, takenAtMs }: { readonly rules: RulesSnapshot; readonly takenAtMs: number },
  context: AnswerContext,
): number {
  const { waitingTtlMs, nowMs, random } = context;
  const { min, max: longest } = pollBounds(rules, waitingTtlMs);
  const max = Math.max(min, longest - Math.ceil(Math.max(0, nowMs - takenAtMs) / 1000));
  const opening = Math.ceil(((rules.opensAtMs ?? Infinity) - nowMs) / 1000);
  if (opening <= 0 || opening >= max) {
    return Math.min(max, pollAfterSeconds(Infinity, 0, rules, context));
  }
  const after = opening + 1 + Math.floor(Math.sqrt(random) * (max - opening));
  return Math.max(min, Math.min(max, after));
}
