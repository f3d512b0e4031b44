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
  /** What a fan was told who joined at this time; null while nothing is told. */
  readonly toldWait: WaitEstimate | null;
  /** The time in which the line came to that fan; null while it has not. */
  readonly realWaitSeconds: number | null;
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
      toldWait: toldWait(sample),
      realWaitSeconds: realWaitSeconds(samples.slice(index)),
    };
  });
}

function minutesBetween(earlier: LineSample, later: LineSample): number {
  return Math.max(1, later.front.takenAtMs - earlier.front.takenAtMs) / 60_000;
}

function toldWait({ front, tickets }: LineSample): WaitEstimate | null {
  const ahead = Math.max(0, tickets - front.called) + front.rejoined;
  return estimateWait(ahead, front.speed, front.rules, front.seats);
}

/**
 * The wait of the last fan of the first sample, by the first sample that has called that fan's
 * ticket. Between two samples tickets count as called at an even pace.
 */
function realWaitSeconds([first, ...later]: readonly LineSample[]): number | null {
  if (!first) return null;
  const { tickets, front: { epoch, called, takenAtMs: sinceMs } } = first;
  if (called >= tickets) return 0;
  let before = first;
  for (const sample of later) {
    if (sample.front.epoch !== epoch) return null;
    if (sample.front.called >= tickets) {
      const fromMs = before.front.takenAtMs;
      const share = (tickets - before.front.called) / (sample.front.called - before.front.called);
      return Math.round((fromMs + share * (sample.front.takenAtMs - fromMs) - sinceMs) / 1000);
    }
    before = sample;
  }
  return null;
}

/** What a fan in line was told about the time of a sample. */
export interface ToldMoment {
  readonly atMs: number;
  readonly ahead: number;
  readonly wait: WaitEstimate | null;
  readonly reason: WaitReason | null;
}

/**
 * What the fan whose ticket has this order was told in line, oldest first. Nothing is known of a
 * fan who rejoined after a reset.
 */
export function toldInLine(samples: readonly LineSample[], order: number): ToldMoment[] {
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
