import { ASSUMED_TURNOVER_SECONDS } from "../../src/domain/line_speed.ts";
import type { LineStatus } from "../../src/domain/line_status.ts";
import { NothingMeasuredError } from "../bench/measure.ts";
import { openMemoryLine } from "./memory_line.ts";
import type { SalePlan } from "./plan.ts";
import { playSale } from "./sale.ts";
import type { WaitSale } from "./wait_sales.ts";

/** Of the answers to fans who were admitted later; each answer counts once, at any position. */
export interface WaitErrors {
  /** The median of |told − real| / real. */
  readonly median: number;
  /** The 90th percentile of |told − real|, in seconds. */
  readonly p90Seconds: number;
}

export interface WaitFigures {
  readonly name: string;
  readonly told: number;
  readonly ours: WaitErrors;
  /** `floor(ahead / capacity) × 300`: the formula of the earlier design, for a capacity of 1,000. */
  readonly turnovers: WaitErrors;
  /** `position × session ÷ capacity`; the mean session is known. */
  readonly sessions: WaitErrors;
  /** The share of the real waits within the told range. */
  readonly coverage: number;
}

interface Told {
  readonly atMs: number;
  readonly ahead: number;
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

type Waited = Told & { readonly real: number };

/** Plays the sale once for each seed, through the real application, and compares the waits. */
export async function playWaitSale(
  { name, plan, toldFromMs = 0 }: WaitSale,
  seeds: readonly number[],
): Promise<WaitFigures> {
  const waits = (await Array.fromAsync(seeds, (seed) => waitsOf({ ...plan, seed }))).flat();
  const counted = waits.filter(({ atMs }) => atMs >= toldFromMs);
  if (counted.length === 0) throw new NothingMeasuredError(`no wait was told: ${name}`);
  const { room: { capacity, admissionTtlMs }, lapsing, sessionMs } = plan;
  const sessionSeconds = ((1 - lapsing) * sessionMs + lapsing * admissionTtlMs) / 1000;
  const errors = (estimate: (told: Told) => number) => errorsOf(counted, estimate);
  return {
    name,
    told: counted.length,
    ours: errors(({ seconds }) => seconds),
    turnovers: errors(({ ahead }) => Math.floor(ahead / capacity) * ASSUMED_TURNOVER_SECONDS),
    sessions: errors(({ ahead }) => (ahead + 1) * sessionSeconds / capacity),
    coverage: share(counted, ({ low, high, real }) => low <= real && real <= high),
  };
}

async function waitsOf(plan: SalePlan): Promise<Waited[]> {
  const told = new Map<number, Told[]>();
  const waits: Waited[] = [];

  function onTold(fan: number, status: LineStatus, atMs: number): void {
    if (status.state === "ADMITTED") {
      const ofFan = told.get(fan) ?? [];
      waits.push(...ofFan.map((each) => ({ ...each, real: (atMs - each.atMs) / 1000 })));
      told.delete(fan);
    }
    if (status.state !== "WAITING" || status.wait === null || status.ahead === null) return;
    const entry = { atMs, ahead: status.ahead, ...status.wait };
    const earlier = told.get(fan);
    if (earlier) earlier.push(entry);
    else told.set(fan, [entry]);
  }
  await playSale(plan, openMemoryLine, { onTold });
  return waits;
}

function errorsOf(waits: readonly Waited[], estimate: (told: Told) => number): WaitErrors {
  const errors = waits.map((told) => Math.abs(estimate(told) - told.real));
  const relative = errors.map((error, i) => error / waits[i]!.real);
  return { median: percentile(relative, 0.5), p90Seconds: percentile(errors, 0.9) };
}

function percentile(values: readonly number[], part: number): number {
  return Float64Array.from(values).sort()[Math.floor(part * values.length)]!;
}

function share<Value>(values: readonly Value[], isIn: (value: Value) => boolean): number {
  return values.filter(isIn).length / values.length;
}

/** The range holds four fans of five within these bounds. */
const COVERAGE = { least: 0.75, most: 0.9 };

/** Why the figures miss the aims of the sale; empty when they meet them. */
export function missedAims(
  { highestError, isCovered }: WaitSale,
  { ours, coverage }: WaitFigures,
): readonly string[] {
  const missed = [];
  if (highestError !== null && ours.median > highestError) missed.push(`median ${ours.median}`);
  const isWithin = coverage >= COVERAGE.least && coverage <= COVERAGE.most;
  if (isCovered && !isWithin) missed.push(`coverage ${coverage}`);
  return missed;
}

/** The sale with a share of its fans, slots and seats. The rate is the same. */
export function scaledSale(sale: WaitSale, share: number): WaitSale {
  const { plan } = sale;
  const scaled = (count: number) => Math.max(1, Math.round(count * share));
  const scaledRoom = <Room extends { readonly capacity?: number }>(room: Room): Room =>
    room.capacity === undefined ? room : { ...room, capacity: scaled(room.capacity) };
  const { returns = [], changes = [] } = plan;
  return {
    ...sale,
    plan: {
      ...plan,
      fans: scaled(plan.fans),
      room: scaledRoom(plan.room),
      seats: plan.seats && scaled(plan.seats),
      returns: returns.map(({ atMs, seats }) => ({ atMs, seats: scaled(seats) })),
      changes: changes.map(({ atMs, room }) => ({ atMs, room: scaledRoom(room) })),
    },
  };
}
