/**
 * Serves on `edge` the most that this machine can, then three times as many calls, for
 * STANCHION_SECONDS each (600), and looks at answers, memory, connections, money and recovery.
 *
 *     npx -y deno@2.9.6 run -A --config src/tools/deno.json tests/overload/main.ts
 */
import { testSeed } from "../support/random.ts";
import { overload } from "./overload.ts";
import { median } from "./resources.ts";

const seconds = Number(Deno.env.get("STANCHION_SECONDS") ?? 600);
const figures = await overload({
  seconds,
  fans: 2_000,
  seats: 20_000,
  recoveryMs: 10_000,
  soonMs: 1_000,
}, testSeed());
for (const { resources, name, ...phase } of figures.phases) {
  console.log(name, phase);
  for (const engine of ["workerd", "redis", "connections"] as const) {
    const values = resources.map((each) => each[engine]);
    console.log(
      `  ${engine}: ${values[0]} at first, median ${median(values)}, most ${Math.max(...values)}`,
    );
  }
}
console.log(`not sent: ${figures.notSent}, recovered after ${figures.recoveredAfterMs} ms`);
for (const fault of figures.faults) console.error(fault);
Deno.exit(figures.faults.length === 0 ? 0 : 1);
