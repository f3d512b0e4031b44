import type { Front } from "./front.ts";
import { type WaitReason, waitReason } from "./line_status.ts";
import { HISTORY_MS, WAIT_CHECK_MS } from "./queue_bounds.ts";
import { estimateWait, isMoving, type WaitEstimate } from "./wait.ts";

/** A line as it was at one time. */
export interface LineSample {
  readonly front: Front;
  readonly gathered: number;
  readonly parked: number;
  /** Slots that were given since the epoch began. */
  readonly admittedTotal: number;
  /** Turns that were missed since then. */
  readonly missedTotal: number;
  /** The last issued order. */
  readonly tickets: number;
  /** Seats left at the last count; null if they were never counted. */
  readonly seatsAvailable: number | null;
}

/** A sample, and what it says together with others. */
export interface LineMoment {
  readonly sample: LineSample;
  /** Since the sample before it; null of the first one of an epoch. */
  readonly admittedPerMinute: number | null;
  readonly missedPerMinute: number | null;
  /** The estimate for a fan who joined at this time; null while there is none. */
  readonly estimatedWait: WaitEstimate | null;
  /** What became of such a wait; null while the line has called nobody of this time. */
  readonly waited: WaitCheck | null;
}

/** An estimated wait, and the real one. */
export interface WaitCheck {
  readonly ahead: number;
  /** Null while there was no estimate. */
  readonly estimated: WaitEstimate | null;
  readonly seconds: number;
}

/** A sample, and the two between which the line called the furthest fan of it whom it has called since. */
export interface CalledSince {
  readonly sample: LineSample;
  readonly before: CalledAt;
  readonly after: CalledAt;
}

export type CalledAt = Pick<Front, "takenAtMs" | "called">;

export function isRecent(atMs: number, nowMs: number): boolean {
  return nowMs - atMs < HISTORY_MS;
}

/** `samples` are of one room, oldest first. */
export function lineHistory(samples: readonly LineSample[]): LineMoment[] {
  return samples.map((sample, index) => {
    const before = samples[index - 1];
    const isSame = before?.front.epoch === sample.front.epoch;
    const perMinute = (total: "admittedTotal" | "missedTotal") =>
      isSame ? (sample[total] - before[total]) / minutesBetween(before, sample) : null;
    return {
      sample,
      admittedPerMinute: perMinute("admittedTotal"),
      missedPerMinute: perMinute("missedTotal"),
      estimatedWait: waitOfNext(sample),
      waited: waitCheck(calledSince(samples.slice(index))),
    };
  });
}

function minutesBetween(earlier: LineSample, later: LineSample): number {
  return Math.max(1, later.front.takenAtMs - earlier.front.takenAtMs) / 60_000;
}

/** The estimate for a fan who joins now; null while there is none. */
export function waitOfNext(
  { front, tickets }: Pick<LineSample, "front" | "tickets">,
): WaitEstimate | null {
  const ahead = Math.max(0, tickets - front.called) + front.rejoined;
  return estimateWait(ahead, front.speed, front.rules, front.seats);
}

/** Null while the line has called nobody of the first sample since. */
function calledSince([first, ...others]: readonly LineSample[]): CalledSince | null {
  if (!first) return null;
  const { front: { epoch, called } } = first;
  const reset = others.findIndex(({ front }) => front.epoch !== epoch);
  const later = reset < 0 ? others : others.slice(0, reset);
  const order = Math.min(first.tickets, later.at(-1)?.front.called ?? called);
  if (order <= called) return null;
  const index = later.findIndex(({ front }) => front.called >= order);
  const calledAt = ({ front: { takenAtMs, called } }: LineSample) => ({ takenAtMs, called });
  const before = later[index - 1] ?? first;
  return { sample: first, before: calledAt(before), after: calledAt(later[index]!) };
}

/** The oldest of the last `WAIT_CHECK_MS` in which the line moved; `samples` are as in `lineHistory`. */
export function recentlyCalled(samples: readonly LineSample[], nowMs: number): CalledSince | null {
  const recent = samples.filter(({ front }) => front.takenAtMs >= nowMs - WAIT_CHECK_MS);
  for (const [index, { front }] of recent.entries()) {
    const found = isMoving(front.rules, front.seats) ? calledSince(recent.slice(index)) : null;
    if (found) return found;
  }
  return null;
}

/**
 * The estimate for the furthest fan of the sample whom the line has called since, and how long it took.
 * Between two samples tickets count as called at an even pace.
 */
export function waitCheck(since: CalledSince | null): WaitCheck | null {
  if (!since) return null;
  const { sample, before, after } = since;
  const order = Math.min(sample.tickets, after.called);
  const share = (order - before.called) / (after.called - before.called);
  const atMs = before.takenAtMs + share * (after.takenAtMs - before.takenAtMs);
  const [shown] = shownInLine([sample], order);
  const seconds = Math.round((atMs - sample.front.takenAtMs) / 1000);
  return shown ? { ahead: shown.ahead, estimated: shown.wait, seconds } : null;
}

/** What an answer to a fan in line said about the time of a sample. */
export interface ShownPlace {
  readonly atMs: number;
  readonly ahead: number;
  readonly wait: WaitEstimate | null;
  readonly reason: WaitReason | null;
}

/**
 * What the answers to the fan whose ticket has this order said in line, oldest first. Nothing is known of a
 * fan who rejoined after a reset.
 */
export function shownInLine(samples: readonly LineSample[], order: number): ShownPlace[] {
  return samples
    .filter(({ front, tickets }) => order > Math.max(front.first, front.called) && order <= tickets)
    .map(({ front: { takenAtMs, called, rejoined, speed, rules, seats } }) => {
      const ahead = order - called - 1 + rejoined;
      return {
        atMs: takenAtMs,
        ahead,
        wait: estimateWait(ahead, speed, rules, seats),
        reason: waitReason(rules, seats),
      };
    });
}
