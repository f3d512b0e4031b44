import { seededRandom } from "../../src/local/crowd/seeded_random.ts";
import { repeatCommand } from "./repeat.ts";

export { seededRandom };

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
