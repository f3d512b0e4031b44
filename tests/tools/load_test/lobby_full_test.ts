import assert from "node:assert/strict";
import { runFalsified } from "./falsified.ts";
import { awaitRush, spawnRush } from "./run_rush.ts";

/** Long enough for a crowd to gather on a busy machine. */
const LOBBY_SECONDS = "15";

Deno.test("a crowd gathers and is drawn in the order of the published seed", async () => {
  const { code, text } = await awaitRush(spawnRush([
    ...["--fans", "40", "--seats", "16", "--capacity", "10", "--lobby", LOBBY_SECONDS],
    ...["--think-seconds", "0.1", "--seed", "3"],
  ]));
  assert.equal(code, 0, text);
  assert.match(text, /left and gathered anew/);
  assert.match(text, /│ draw +│ [^│]+│ [1-9]\d* fans in the published list +│ kept/);
});

Deno.test("a rush names a false draw and a SOLD_OUT that came too early", async () => {
  let isFalsified = false;
  const { code, text } = await runFalsified((path, body) => {
    if (path.endsWith("/draw") && body.items.length > 1) {
      const [first, second] = body.items;
      [first.pseudonym, second.pseudonym] = [second.pseudonym, first.pseudonym];
    } else if (path.startsWith("/v1/rooms/") && body.draw.seed !== null) body.draw.seed += "0";
    if (path === "/v1/queue/tokens/me" && body.state === "ADMITTED" && !isFalsified) {
      isFalsified = true;
      const soldOut = { state: "WAITING", reason: "SOLD_OUT", seatsMayReturn: false };
      const wait = { position: 1, ahead: 0, positionIsExact: true, estimatedWaitSeconds: 0 };
      Object.assign(body, soldOut, wait, { pollAfterSeconds: 1 });
    }
  }, ["--seats", "30", "--lobby", LOBBY_SECONDS]);
  assert.equal(code, 1, text);
  assert.match(text, /draw: the seed's SHA-256 is \w+, and the commitment is \w+/);
  assert.match(text, /draw: \w+ has ticket \d in the list, and \d in an answer/);
  assert.match(
    text,
    /sold out: .* SOLD_OUT without seatsMayReturn .* to pay the last seat.*: never/,
  );
});
