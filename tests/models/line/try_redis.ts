import { lineHistories } from "./histories.ts";
import { redisModelLines } from "./redis_lines.ts";
import { PROGRAM } from "./program.ts";
import { Laws } from "./laws.ts";
import fc from "fast-check";
import { startTestRedis } from "../../support/redis.ts";
import { directRedis } from "../../support/direct_redis.ts";
const laws = new Laws();
const server = await startTestRedis();
const client = directRedis(server);
const { arbitrary, play } = lineHistories(redisModelLines(() => client), PROGRAM, laws);
const n = Number(Deno.args[0] ?? 100), seed = Number(Deno.args[1] ?? 1);
const t = performance.now();
const run = await fc.check(fc.asyncProperty(arbitrary, play), {
  numRuns: n,
  seed,
  ...(Deno.args[2] ? { path: Deno.args[2] } : {}),
  endOnFailure: true,
  interruptAfterTimeLimit: Number(Deno.env.get("LIMIT") ?? 100) * 1000,
});
console.log(
  run.failed ? "FAILED" : "ok",
  run.numRuns,
  "histories",
  ((performance.now() - t) / run.numRuns).toFixed(2),
  "ms each",
);
if (run.failed) {
  const e = run.errorInstance as Error;
  console.log(e?.message, "\n", e?.name === "AssertionError" ? "" : e?.stack);
  console.log(JSON.stringify(run.counterexample?.[0]));
  console.log("seed", run.seed, "path", run.counterexamplePath);
}
client.close();
await server.stop();
Deno.exit(0);
