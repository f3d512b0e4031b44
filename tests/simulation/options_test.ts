import { deepEqual, equal, match, throws } from "node:assert/strict";
import { OptionError, parseOptions, SALES, usage } from "./options.ts";

Deno.test("without options a million fans want 50,000 seats", () => {
  deepEqual(parseOptions([]), {
    sale: "seats",
    line: "memory",
    fans: 1_000_000,
    seed: 1,
    fronts: "location",
    json: null,
  });
});

Deno.test("every option is read", () => {
  const words = "--sale ghosts --line redis --seed 7 --fronts isolate --json figures.json".split(
    " ",
  );
  deepEqual(parseOptions(words), {
    sale: "ghosts",
    line: "redis",
    fans: 20_000,
    seed: 7,
    fronts: "isolate",
    json: "figures.json",
  });
});

Deno.test("all faults are named at once", () => {
  const words = "--sale auction --line paper --fans 10 --seed x --fronts moon --json=".split(" ");
  throws(() => parseOptions(words), ({ faults }: OptionError) => {
    deepEqual(faults, [
      "--sale must be seats or everybody or ghosts",
      "--line must be memory or redis",
      "--fans must be a whole number from 1000 to 2000000",
      "--seed must be a whole number from 0 to 2147483647",
      "--fronts must be location or isolate",
      "--json must name a file",
    ]);
    return true;
  });
});

Deno.test("an unknown option is a fault", () => {
  throws(() => parseOptions(["--fan", "9"]), OptionError);
});

Deno.test("the help names every option and sale", () => {
  equal(parseOptions(["--help"]), null);
  for (const name of ["sale", "line", "fans", "seed", "fronts", "json", "help"]) {
    match(usage(), new RegExp(`--${name}`));
  }
  for (const sale of Object.keys(SALES)) match(usage(), new RegExp(sale));
});
