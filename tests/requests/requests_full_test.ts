import assert from "node:assert/strict";
import { testSeed } from "../support/random.ts";
import { type Mode, sendAll } from "./send_all.ts";

/** Requests of each operation and mode. */
const REQUESTS = Number(Deno.env.get("STANCHION_REQUESTS") ?? 25);
/** Other ones than those of the quick test. */
const SEED = testSeed() + 1_000_000;

for (const mode of ["valid", "nearly", "absurd"] satisfies Mode[]) {
  Deno.test(`${REQUESTS} ${mode} requests an operation get documented answers, and no 5xx`, async () => {
    const started = performance.now();
    const sent = await sendAll({ mode, seed: SEED, requests: REQUESTS });
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(
      `${mode}: ${sent.total} requests in ${seconds} s, ${JSON.stringify(sent.statuses)}`,
    );
    assert.deepEqual(sent.unexplained, []);
    if (mode === "valid") assert.deepEqual(sent.neverSucceeded, []);
  });
}
