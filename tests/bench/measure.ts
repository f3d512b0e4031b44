/** The middle value; of an even number, the higher of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** What repeated rounds came to. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
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

/** Spread evenly over `size` by the golden ratio, the same in every run. */
export function scattered(call: number, size: number): number {
  return Math.floor((call * 0.618_033_988_749_895) % 1 * size);
}
