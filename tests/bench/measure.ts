/** A benchmark that measured nothing: its figures would state what was not seen. */
export class NothingMeasuredError extends Error {
  override readonly name = "NothingMeasuredError";
}

/** Throws unless there are values and each is a finite number above 0. Returns them. */
export function requireMeasured(what: string, values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new NothingMeasuredError(`${what}: no values`);
  const wrong = values.find((value) => !(Number.isFinite(value) && value > 0));
  if (wrong !== undefined) throw new NothingMeasuredError(`${what}: ${wrong}`);
  return values;
}

/** The middle value; of an even number, the higher of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Median, least and most of repeated rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Throws `NothingMeasuredError` without rounds, and for a round that is not a finite number. */
export function spread(values: readonly number[]): Spread {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (values.length === 0 || wrong !== undefined) {
    throw new NothingMeasuredError(`the rounds are [${values}]`);
  }
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** The spread of each of these. */
export function spreads<Name extends string>(
  rounds: Readonly<Record<Name, readonly number[]>>,
): Record<Name, Spread> {
  const entries = Object.entries<readonly number[]>(rounds);
  return Object.fromEntries(entries.map(([name, values]) => [name, spread(values)])) as Record<
    Name,
    Spread
  >;
}

/** Of each round, one way's figure divided by the other's: both have the machine of that round. */
export function ratioSpread(ours: readonly number[], theirs: readonly number[]): Spread {
  return spread(ours.map((figure, round) => figure / theirs[round]!));
}

/** Spread evenly over `size` by the golden ratio, the same in every run. */
export function scattered(call: number, size: number): number {
  return Math.floor((call * 0.618_033_988_749_895) % 1 * size);
}
