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

/** Runs with the seed of `STANCHION_SEED`, else with a new one. A failure names seed and command. */
export async function withSeed(
  file: string,
  run: (random: () => number) => Promise<void>,
): Promise<void> {
  const seed = Number(Deno.env.get("STANCHION_SEED") ?? crypto.getRandomValues(new Uint32Array(1)));
  try {
    await run(seededRandom(seed));
  } catch (cause) {
    const command = repeatCommand(file, { STANCHION_SEED: seed });
    throw new Error(`seed ${seed}: ${cause}\nTo repeat it:\n  ${command}`, { cause });
  }
}
