/** So many of them, drawn by the seed, in their order. */
export function sampleOf<Item>(all: readonly Item[], count: number, seed: number): Item[] {
  const drawn = all.map((item, index) => ({ item, index, value: mixed(seed, index) }))
    .sort((a, b) => a.value - b.value || a.index - b.index)
    .slice(0, count);
  return drawn.sort((a, b) => a.index - b.index).map(({ item }) => item);
}

/** The finalizer of MurmurHash3: neighbouring numbers get values far from each other. */
function mixed(seed: number, index: number): number {
  let value = Math.imul(seed, 0x9e3779b1) ^ index;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
