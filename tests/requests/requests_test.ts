import assert from "node:assert/strict";
import { testSeed } from "../support/random.ts";
import { unexplained } from "./reasons.ts";
import { type Mode, sendAll } from "./send_all.ts";
import { openWorld, type World } from "./world.ts";

/** Requests of each operation. The full test sends more. */
const REQUESTS: Readonly<Record<Mode, number>> = { valid: 20, nearly: 10, absurd: 10 };
const seed = testSeed();

for (const [mode, requests] of Object.entries(REQUESTS) as [Mode, number][]) {
  Deno.test(`${requests} ${mode} requests an operation get documented answers, and no 5xx`, async () => {
    const { total, operations, unexplained, neverSucceeded } = await sendAll({
      mode,
      seed,
      requests,
    });
    assert.equal(total, operations * requests);
    assert.deepEqual(unexplained, []);
    // Otherwise the requests would hardly reach the acts.
    if (mode === "valid") assert.ok(neverSucceeded.length <= 3, `${neverSucceeded}`);
  });
}

Deno.test("a schema that allows more than the server is found", async () => {
  const change = (document: string) => {
    const changed = document.replaceAll('"maximum":10000000,', '"maximum":2000000000,');
    assert.notEqual(changed, document);
    return changed;
  };
  const { unexplained } = await sendAll({ mode: "valid", seed, requests: 10, change });
  assert.ok(unexplained.some((reason) => reason.startsWith("chargeBalance: amount")));
});

Deno.test("a rule that stands in no words is found", () => {
  const errors = [{ path: "since", message: "must lie between the years 1970 and 9998" }];
  const answer = { status: 400, body: { code: "VALIDATION_FAILED", errors }, text: "" };
  const operation = { operationId: "replayEvents", method: "POST", path: "/" };
  const reasonsBy = (words: string) =>
    unexplained(operation, words, { ...answer, headers: new Headers() });
  assert.deepEqual(reasonsBy("Times lie between the years 1970 and 9998."), []);
  assert.deepEqual(reasonsBy("Times."), [
    "replayEvents: since: must lie between the years 1970 and 9998",
  ]);
});

Deno.test("a 5xx is found, with the seed of its world", async () => {
  const open = async (): Promise<World> => {
    const world = await openWorld();
    const box = {
      ...world.box,
      async call(...[method, path, sent]: Parameters<World["box"]["call"]>) {
        const answer = await world.box.call(method, path, sent);
        return path === "/v1/balance" ? { ...answer, status: 500 } : answer;
      },
    };
    return { ...world, box };
  };
  await assert.rejects(
    sendAll({ mode: "valid", seed, requests: 1, open }),
    new RegExp(`getBalance: answered 500[^]*STANCHION_SEED=${seed}`),
  );
});
