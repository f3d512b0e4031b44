import type { Front } from "./front.ts";
import { type WaitReason, waitReason } from "./line_status.ts";
import { HISTORY_MS } from "./queue_bounds.ts";
import { estimateWait, type WaitEstimate } from "./wait.ts";

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
      estimatedWait: estimatedWait(sample),
      waited: waitCheck(samples.slice(index)),
    };
  });
}

function minutesBetween(earlier: LineSample, later: LineSample): number {
  return Math.max(1, later.front.takenAtMs - earlier.front.takenAtMs) / 60_000;
}

function estimatedWait({ front, tickets }: LineSample): WaitEstimate | null {
  const ahead = Math.max(0, tickets - front.called) + front.rejoined;
  return estimateWait(ahead, front.speed, front.rules, front.seats);
}

/**
 * The furthest fan of the first sample whom the line has called since: the estimate for that fan then,
 * and how long it took. Between two samples tickets count as called at an even pace.
 */
function waitCheck([first, ...others]: readonly LineSample[]): WaitCheck | null {
  if (!first) return null;
  const { front: { epoch, called, takenAtMs: sinceMs } } = first;
  const reset = others.findIndex(({ front }) => front.epoch !== epoch);
  const later = reset < 0 ? others : others.slice(0, reset);
  const order = Math.min(first.tickets, later.at(-1)?.front.called ?? called);
  if (order <= called) return null;
  const index = later.findIndex(({ front }) => front.called >= order);
  const [before, { front: after }] = [(later[index - 1] ?? first).front, later[index]!];
  const share = (order - before.called) / (after.called - before.called);
  const atMs = before.takenAtMs + share * (after.takenAtMs - before.takenAtMs);
  const [shown] = shownInLine([first], order);
  const seconds = Math.round((atMs - sinceMs) / 1000);
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
