import assert from "node:assert/strict";
import { type ApiBox, newFan, type Received } from "../support/api_box.ts";
import { joinRoom, makeRoom } from "../support/room.ts";
import { trips } from "./round_trips.ts";
import type { Scenario } from "./scenario.ts";

/** At least so many behind the last admitted fan are near. */
const LEAST_NEAR = 200;
const FAR_FANS = 3;

function poll(box: ApiBox, place: string): Promise<Received> {
  return box.call("GET", "/v1/queue/tokens/me", { place });
}

/** A room for one, in which the last fans are far: the tokens, in the order of the line. */
async function longLine(box: ApiBox): Promise<string[]> {
  const room = await makeRoom(box, { capacity: 1 });
  const tokens: string[] = [];
  for (let fan = 0; fan < 1 + LEAST_NEAR + FAR_FANS; fan++) {
    tokens.push((await joinRoom(box, room, newFan("f"))).body.token);
  }
  return tokens;
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(atob(token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/")));
}

export function farPollScenarios(test: Scenario): void {
  test("far fans are answered without Redis, near ones by it", async (open) => {
    const box = await open();
    const tokens = await longLine(box);
    const far = await poll(box, tokens.at(-1)!);
    assert.deepEqual([far.body.state, far.body.position, far.body.positionIs], [
      "WAITING",
      LEAST_NEAR + FAR_FANS,
      "AT_MOST",
    ]);
    assert.equal(far.body.positionIsExact, false);
    assert.equal("token" in far.body, false);
    assert.deepEqual(trips(await poll(box, tokens.at(-2)!)), { redis: 0, postgres: 0 });
    const near = await poll(box, tokens[1]!);
    assert.deepEqual([near.body.position, near.body.positionIs], [1, "EXACT"]);
    assert.deepEqual(trips(near), { redis: 1, postgres: 0 });
    assert.deepEqual([claimsOf(tokens.at(-1)!)["near"], claimsOf(tokens[1]!)["near"]], [
      undefined,
      1,
    ]);
  });

  test("a far fan who becomes near gets a token that says so, and no position rises", async (open) => {
    const box = await open();
    const tokens = await longLine(box);
    const before = (await poll(box, tokens.at(-1)!)).body;
    for (const place of tokens.slice(0, FAR_FANS)) {
      await box.call("DELETE", "/v1/queue/tokens/me", { place });
    }
    // The document and the near limit are at most a second old.
    box.clock.advance(1_000);
    await box.tick();
    const answer = (await poll(box, tokens.at(-1)!)).body;
    assert.ok(answer.position < before.position, `${answer.position} after ${before.position}`);
    assert.equal(claimsOf(answer.token)["near"], 1);
    const again = await poll(box, answer.token);
    assert.deepEqual([again.body.position, trips(again).redis], [answer.position, 1]);
    assert.equal("token" in again.body, false);
  });

  test("a far fan whose place was reset learns it within a second", async (open) => {
    const box = await open();
    const tokens = await longLine(box);
    assert.equal((await poll(box, tokens.at(-1)!)).body.state, "WAITING");
    await box.wipeLine();
    box.clock.advance(1_000);
    const { state, reason } = (await poll(box, tokens.at(-1)!)).body;
    assert.deepEqual([state, reason], ["GONE", "LINE_RESET"]);
  });

  test("NOT_ADMITTED of a far fan has a token with the proof that the call was", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 1 });
    const fans = Array.from({ length: 2 + LEAST_NEAR }, () => newFan("f"));
    let place = "";
    for (const fan of fans) place = (await joinRoom(box, room, fan)).body.token;
    box.clock.advance(5_000);
    const { status, body } = await box.call("GET", "/v1/concerts", { fan: fans.at(-1)!, place });
    assert.deepEqual([status, body.code, body.line.state], [403, "NOT_ADMITTED", "WAITING"]);
    assert.ok(Number(claimsOf(body.line.token)["at"]) > Number(claimsOf(place)["at"]));
  });
}
