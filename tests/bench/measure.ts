/** The middle value; of an even number, the higher of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Spread evenly over `size` by the golden ratio, the same in every run. */
export function scattered(call: number, size: number): number {
  return Math.floor((call * 0.618_033_988_749_895) % 1 * size);
}
