/**
 * Every claim about speed and size, as ratios to named alternatives of the same run.
 *
 *     deno task bench [--only SECTION,…] [--json FILE] [--smoke] [--help]
 *
 * Figures are medians of repeated rounds, with the least and the most in brackets.
 */
import { readArguments } from "./arguments.ts";
import { describeMachine } from "./machine.ts";
import { SECTIONS } from "./sections.ts";

/** Returns the exit code. Throws `NothingMeasuredError` when a section measured nothing. */
export async function runBench(args: readonly string[]): Promise<number> {
  const asked = readArguments(args, SECTIONS);
  if (asked.kind === "STOP") {
    const print = asked.exitCode === 0 ? console.log : console.error;
    print(asked.message);
    return asked.exitCode;
  }
  const machine = await describeMachine();
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  console.log(`${machine.cores} cores, ${machine.memoryGiB} GiB, load ${machine.load.toFixed(1)}`);
  console.log(versions.join(", "));
  const results: Record<string, unknown> = { machine };
  const seconds: Record<string, number> = {};
  for (const name of asked.sections) {
    const startedMs = performance.now();
    results[name] = await SECTIONS[name].run(asked.scale, console.log);
    seconds[name] = Math.round((performance.now() - startedMs) / 1000);
    if (asked.jsonFile !== null) {
      // After each section, so that a run that fails later keeps its figures.
      await Deno.writeTextFile(asked.jsonFile, JSON.stringify({ ...results, seconds }, null, 2));
    }
  }
  const took = Object.entries(seconds).map(([name, each]) => `${name} ${each} s`);
  console.log(`\n${took.join(", ")}`);
  return 0;
}

if (import.meta.main) Deno.exit(await runBench(Deno.args));
