import { NothingMeasuredError, requireMeasured, type Spread, spread } from "./measure.ts";
import type { Slice } from "./statements_load.ts";
import { count, ranged, ratio } from "./table.ts";

export const RAW_UPDATE = "raw UPDATE of as many rows";

/** What was done, on which seats, by how many at once. */
export interface Setting {
  readonly act: string;
  readonly place: string;
  readonly clients: number;
}

/** Of one contender, over the rounds; `toRaw` is of each round to the raw UPDATE's in that round. */
export interface Figures {
  readonly perSecond: Spread;
  readonly toRaw: Spread;
  /** Deadlocks, errors, partial orders and what else was counted, in all rounds together. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface Section extends Setting {
  readonly figures: Readonly<Record<string, Figures>>;
}

/**
 * Prints a line a contender, and returns the same. Throws `NothingMeasuredError` when a contender
 * got nothing in all its rounds, or was not answered in one of them.
 */
export function tell(
  setting: Setting,
  slices: ReadonlyMap<string, readonly Slice[]>,
  more: Record<string, (name: string) => number> = {},
): Section {
  const { act, place, clients } = setting;
  console.log(row([`\n${act}, ${place}, ${clients} clients`]));
  const names = ["deadlocks", "errors", "partial", ...Object.keys(more)];
  console.log(row(["", "calls/s", "× raw", ...names]));
  const floor = slices.get(RAW_UPDATE)!;
  const figures: Record<string, Figures> = {};
  for (const [name, rounds] of slices) {
    const errors = rounds.flatMap((slice) => slice.errors);
    const first = errors[0] ? `, first error: ${errors[0]}` : "";
    requireMeasured(`${name}${first}`, rounds.map((slice) => slice.perSecond));
    if (sum(rounds, "done") + sum(rounds, "partial") === 0) {
      throw new NothingMeasuredError(`${name}: every call was refused`);
    }
    const perSecond = spread(rounds.map((slice) => slice.perSecond));
    const toRaw = spread(rounds.map((slice, at) => slice.perSecond / floor[at]!.perSecond));
    const counts = {
      deadlocks: sum(rounds, "deadlocks"),
      errors: errors.length,
      partial: sum(rounds, "partial"),
      ...Object.fromEntries(Object.entries(more).map(([what, of]) => [what, of(name)])),
    };
    figures[name] = { perSecond, toRaw, counts };
    const counted = Object.values(counts).map(String);
    console.log(row([name, ranged(perSecond, count), ranged(toRaw, ratio), ...counted]));
    if (errors[0]) console.log(`    first error: ${errors[0]}`);
  }
  return { ...setting, figures };
}

export function sum(slices: readonly Slice[], what: "done" | "deadlocks" | "partial"): number {
  return slices.reduce((total, slice) => total + slice[what], 0);
}

/** A name, two spreads, and counts. */
export function row(cells: readonly string[]): string {
  const widths = [28, 21, 18];
  return cells.map((cell, at) => at === 0 ? cell.padEnd(28) : cell.padStart(widths[at] ?? 11)).join(
    "",
  );
}
