import { repeatCommand } from "./repeat.ts";

/** Mulberry32: uniform in [0, 1), the same numbers for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of random tests: `STANCHION_SEED`, else always the same. */
export function testSeed(): number {
  return Number(Deno.env.get("STANCHION_SEED") ?? 20_300_101);
}

/** Runs with the seed of random tests. A failure names it and the command that repeats it. */
export async function withSeed(
  file: string,
  run: (random: () => number) => Promise<void>,
): Promise<void> {
  const seed = testSeed();
  try {
    await run(seededRandom(seed));
  } catch (cause) {
    const command = repeatCommand(file, { STANCHION_SEED: seed });
    throw new Error(`seed ${seed}: ${cause}\nTo repeat it:\n  ${command}`, { cause });
  }
}
