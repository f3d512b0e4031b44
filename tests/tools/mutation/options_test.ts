import { deepEqual, equal, throws } from "node:assert/strict";
import { OptionError, parseOptions } from "../../../src/tools/mutation/options.ts";
import { sampleOf } from "../../../src/tools/mutation/sample.ts";

const parsed = (...args: string[]) => parseOptions(args, ["domain", "memory"]);

Deno.test("a mutation run takes files, a limit, a seed and suites", () => {
  const defaults = { limit: null, seed: 1, onlyRules: false, suites: null };
  deepEqual(parsed(), { paths: ["src/domain", "src/application"], ...defaults });
  deepEqual(parsed("a.ts", "--limit", "7", "b.ts", "--seed=3", "--only-rules"), {
    paths: ["a.ts", "b.ts"],
    ...{ limit: 7, seed: 3, onlyRules: true, suites: null },
  });
  deepEqual(parsed("--suites", "memory,domain")?.suites, ["memory", "domain"]);
  equal(parsed("--help"), null);
});

Deno.test("a mutation run refuses what it does not know, all faults at once", () => {
  const faultsOf = (...args: string[]) => {
    try {
      return parsed(...args);
    } catch (error) {
      return (error as OptionError).faults;
    }
  };
  deepEqual(faultsOf("--limit", "0", "--seed", "one", "--suites", "domain,other"), [
    "--limit must be a whole number from 1, not 0",
    "--seed must be a whole number from 1, not one",
    "there is no suite other",
  ]);
  throws(() => parsed("--fast"), OptionError);
});

Deno.test("a sample is drawn by its seed, without repetition and in order", () => {
  const all = Array.from({ length: 100 }, (_, i) => i);
  const sample = sampleOf(all, 20, 1);
  equal(sample.length, 20);
  deepEqual(sample, [...new Set(sample)].toSorted((a, b) => a - b));
  deepEqual(sampleOf(all, 20, 1), sample);
  equal(sampleOf(all, 20, 2).join() === sample.join(), false);
  deepEqual(sampleOf(all, 500, 1), all);
});
