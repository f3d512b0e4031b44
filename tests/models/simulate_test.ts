import { deepEqual, equal, match, throws } from "node:assert/strict";
import project from "../../deno.json" with { type: "json" };
import { simulate } from "./simulate.ts";
import { OptionError, parseOptions, USAGE } from "./simulate_options.ts";

Deno.test("`deno task simulate` plays histories and counts the checks of each law", async () => {
  match(project.tasks.simulate.command, / tests\/models\/simulate\.ts$/);
  const lines: string[] = [];
  equal(await simulate({ histories: 20, seed: 7, of: "line" }, (line) => lines.push(line)), 0);
  match(lines[0]!, /^20 histories, \d+ checks, \d+(\.\d)? histories a second$/);
  match(lines.join("\n"), /^ +\d+ {2}L2: nobody who calls as told is parked$/m);
  equal(lines.at(-1), "No law was broken in 20 histories from seed 7.");
});

Deno.test("`deno task simulate` plays the whole application, and says what was disturbed", async () => {
  const lines: string[] = [];
  equal(await simulate({ histories: 8, seed: 7, of: "whole" }, (line) => lines.push(line)), 0);
  match(lines[0]!, /^8 histories, \d+ checks, \d+ steps, \d+\.\d % of them disturbed, /);
  match(lines.join("\n"), /^ +\d+ {2}B1 B3 B4 B5 B7: /m);
});

Deno.test("`deno task simulate` reads its options, and names all faults at once", () => {
  deepEqual(parseOptions([]), { histories: 1_000, seed: 1, of: "whole" });
  deepEqual(parseOptions(["--histories", "60000", "--seed", "3"]), {
    histories: 60_000,
    seed: 3,
    of: "whole",
  });
  equal(parseOptions(["--of", "line"])?.of, "line");
  equal(parseOptions(["--help"]), null);
  match(USAGE, /--histories N/);
  throws(
    () => parseOptions(["--histories", "0", "--seed", "x", "--of", "all"]),
    ({ faults }: OptionError) => {
      deepEqual(faults, [
        "--of must be whole or line",
        "--histories must be a whole number from 1 to 10000000",
        "--seed must be a whole number from 0 to 2147483647",
      ]);
      return true;
    },
  );
  throws(() => parseOptions(["--fast"]), OptionError);
});
