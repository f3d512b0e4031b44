import { equal, match } from "node:assert/strict";
import { firstBreach, type Histories, type Search } from "./histories.ts";
import type { Mutation } from "./mutations.ts";

const RUN = { seed: 20_300_101, count: 8_000 };
/** Tests of their own play more histories of the true source. */
const SOUND_HISTORIES = 100;
const SOUND_RUN = {
  ...RUN,
  count: Number(Deno.env.get("STANCHION_HISTORIES") ?? SOUND_HISTORIES),
};

/**
 * One test that nothing is noticed in a true copy, and one that each guard is missed. `histories`
 * gets a folder of its own for each copy of the source.
 */
export function controls<History>(
  name: string,
  mutations: readonly Mutation[],
  histories: (folder: string, mutation: Mutation | null) => Promise<Histories<History>>,
): void {
  async function breachOf(
    mutation: Mutation | null,
    laws: RegExp,
    run: Search,
  ): Promise<string | null> {
    const folder = await Deno.makeTempDir({ prefix: "stanchion-mutant-" });
    try {
      return await firstBreach(await histories(folder, mutation), laws, run);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }

  Deno.test(`${name}: an unmutated copy breaks none of the laws that the controls break`, async () => {
    const laws = new RegExp(mutations.map(({ law }) => law.source).join("|"));
    equal(await breachOf(null, laws, SOUND_RUN), null);
  });
  for (const mutation of mutations) {
    Deno.test(`${name} without "${mutation.guard}" fails`, async () => {
      const breach = await breachOf(mutation, mutation.law, { ...RUN, from: mutation.from });
      match(breach ?? "nothing was noticed", mutation.law);
    });
  }
}
