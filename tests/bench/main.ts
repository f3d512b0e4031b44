/**
 * Every claim about speed and size, as ratios to named alternatives of the same run.
 *
 *     deno task bench [--only SECTION,…] [--json FILE] [--smoke] [--help]
 *
 * Figures are medians of repeated rounds, with the least and the most in brackets.
 */
import { readArguments } from "./arguments.ts";
import { machine } from "./machine.ts";
import { SECTIONS } from "./sections.ts";

/** Returns the exit code. Throws `NothingMeasuredError` when a section measured nothing. */
export async function runBench(args: readonly string[]): Promise<number> {
  const asked = readArguments(args, SECTIONS);
  if (asked.kind === "STOP") {
    const print = asked.exitCode === 0 ? console.log : console.error;
    print(asked.message);
    return asked.exitCode;
  }
  const about = await machine();
  const versions = Object.entries(about.versions).map(([name, version]) => `${name} ${version}`);
  console.log(`${about.cores} cores, ${about.memoryGiB} GiB, load ${about.load.toFixed(1)}`);
  console.log(versions.join(", "));
  const results: Record<string, unknown> = { machine: about };
  const seconds: Record<string, number> = {};
  for (const name of asked.sections) {
    const startedMs = performance.now();
    results[name] = await SECTIONS[name].run(asked.scale, console.log);
    seconds[name] = Math.round((performance.now() - startedMs) / 1000);
  }
  const took = Object.entries(seconds).map(([name, each]) => `${name} ${each} s`);
  console.log(`\n${took.join(", ")}`);
  if (asked.jsonFile !== null) {
    await Deno.writeTextFile(asked.jsonFile, JSON.stringify({ ...results, seconds }, null, 2));
  }
  return 0;
}

if (import.meta.main) Deno.exit(await runBench(Deno.args));
