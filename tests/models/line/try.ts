import { lineHistories } from "./histories.ts";
import { memoryModelLines } from "./memory_lines.ts";
import { PROGRAM } from "./program.ts";
import { Laws } from "./laws.ts";
import fc from "fast-check";
const laws = new Laws();
const { arbitrary, play } = lineHistories(memoryModelLines(), PROGRAM, laws);
const n = Number(Deno.args[0] ?? 100), seed = Number(Deno.args[1] ?? 1);
const t = performance.now();
const run = await fc.check(
  fc.asyncProperty(arbitrary, async (h) => {
    const t = performance.now();
    try {
      await play(h);
    } finally {
      const ms = performance.now() - t;
      if (ms > 400) console.log("slow", ms | 0, JSON.stringify(h).length);
    }
  }),
  {
    numRuns: n,
    seed,
    ...(Deno.args[2] ? { path: Deno.args[2], endOnFailure: true } : {}),
    interruptAfterTimeLimit: Number(Deno.env.get("LIMIT") ?? 100) * 1000,
    endOnFailure: !Deno.env.get("SHRINK"),
  },
);
console.log(
  run.failed ? "FAILED" : "ok",
  run.numRuns,
  "histories",
  ((performance.now() - t) / run.numRuns).toFixed(2),
  "ms each, shrinks",
  run.numShrinks,
);
if (run.failed) {
  const e = run.errorInstance as Error;
  console.log(e?.message, "\n", e?.name === "AssertionError" ? "" : e?.stack);
  console.log(JSON.stringify(run.counterexample?.[0]));
  console.log("seed", run.seed, "path", run.counterexamplePath);
  if (Deno.args[3]) console.log(e.stack);
} else for (const [l, c] of laws.byName) console.log(String(c).padStart(9), l);
