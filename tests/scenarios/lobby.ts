import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { newFan } from "../support/api_box.ts";
import {
  changeRoom,
  joinRoom,
  makeRoom,
  passFront,
  passReset,
  standing,
  states,
} from "../support/room.ts";
import type { Scenario } from "./scenario.ts";

const MINUTE_MS = 60_000;

export function lobbyScenarios(test: Scenario): void {
  test("fans who gather before the opening are shuffled by a seed that was committed to", async (open) => {
    const box = await open();
    const opensAt = new Date(box.clock() + MINUTE_MS).toISOString();
    const room = await makeRoom(box, { state: "LOBBY", opensAt, capacity: 2 });
    const before = (await box.call("GET", `/v1/rooms/${room}`)).body;
    assert.deepEqual([before.state, before.opensAt, before.draw.seed], ["LOBBY", opensAt, null]);

    const gathered = new Map<string, { token: string; pseudonym: string }>();
    for (let number = 0; number < 12; number++) {
      const fan = newFan("f");
      const { status, body } = await joinRoom(box, room, fan);
      assert.equal(status, 201);
      assert.deepEqual({ ...body, token: null, pseudonym: null, pollAfterSeconds: null }, {
        token: null,
        state: "WAITING",
        ticket: null,
        position: null,
        ahead: null,
        positionIsExact: null,
        positionIs: null,
        estimatedWaitSeconds: null,
        estimatedWaitRange: null,
        pollAfterSeconds: null,
        expiresAt: null,
        reason: "LOBBY",
        opensAt,
        pseudonym: null,
      });
      const again = await joinRoom(box, room, fan);
      assert.deepEqual([again.status, again.body.pseudonym], [200, body.pseudonym]);
      gathered.set(fan, body);
    }
    assert.deepEqual((await box.call("GET", `/v1/rooms/${room}/draw`)).body.items, []);

    box.clock.advance(MINUTE_MS);
    await box.tick();
    const { body: { state, draw } } = await box.call("GET", `/v1/rooms/${room}`);
    assert.equal(state, "OPEN");
    assert.equal(draw.drawId, before.draw.drawId);
    const commitment = createHash("sha256").update(draw.seed).digest("hex");
    assert.deepEqual([draw.commitment, before.draw.commitment], [commitment, commitment]);
    assert.equal(draw.openedAt, opensAt);

    const value = (pseudonym: string) =>
      createHmac("sha1", draw.seed).update(pseudonym).digest("hex").slice(0, 13);
    const order = [...gathered.values()].map(({ pseudonym }) => pseudonym)
      .sort((a, b) => value(a) < value(b) ? -1 : 1);
    const page = async (query: string) =>
      (await box.call("GET", `/v1/rooms/${room}/draw?${query}`)).body;
    const first = await page("limit=5");
    const rest = await page(`limit=7&cursor=${first.nextCursor}`);
    const list: { pseudonym: string; ticket: number }[] = [...first.items, ...rest.items];
    const lowest = list[0]!.ticket;
    assert.deepEqual(
      list,
      order.map((pseudonym, index) => ({ pseudonym, ticket: lowest + index })),
    );
    for (const { token, pseudonym } of gathered.values()) {
      const found = await standing(box, token);
      const at = order.indexOf(pseudonym);
      assert.equal(found.ticket, lowest + at);
      assert.equal(found.state, at < 2 ? "ADMITTED" : "WAITING");
      if (at >= 2) assert.equal(found.position, at - 1);
    }
    const late = await joinRoom(box, room, newFan("late"));
    assert.deepEqual([late.body.position, late.body.ticket], [11, lowest + 12]);
  });

  test("a gathered fan goes through the sale with the same token", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { state: "LOBBY", capacity: 1 });
    const fan = newFan("a");
    const { token } = (await joinRoom(box, room, fan)).body;
    await changeRoom(box, room, { state: "OPEN", endLobby: true });
    passFront(box);
    assert.equal((await standing(box, token)).state, "ADMITTED");
    const list = await box.call("GET", "/v1/concerts", { fan, place: token });
    assert.equal(list.status, 200);
    const left = await box.call("DELETE", "/v1/queue/tokens/me", { place: token });
    assert.equal(left.body.reason, "ENDED");
    const anew = (await joinRoom(box, room, fan)).body;
    assert.equal(anew.state, "ADMITTED");
    assert.equal((await standing(box, token)).state, "GONE");
  });

  test("leaving the lobby and gathering again makes the earlier token void", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { state: "LOBBY" });
    const fan = newFan("a");
    const old = (await joinRoom(box, room, fan)).body.token;
    await box.call("DELETE", "/v1/queue/tokens/me", { place: old });
    const anew = (await joinRoom(box, room, fan)).body.token;
    assert.equal((await standing(box, anew)).state, "WAITING");
    await changeRoom(box, room, { state: "OPEN", endLobby: true });
    passFront(box);
    assert.equal(await states(box, [old, anew]), "GONE ADMITTED");
  });

  test("after a reset drawn fans rejoin in the order of the draw, ahead of fresh fans", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { state: "LOBBY", capacity: 1 });
    const tokens = new Map<string, string>();
    for (let number = 0; number < 6; number++) {
      const fan = newFan("f");
      tokens.set(fan, (await joinRoom(box, room, fan)).body.token);
    }
    await changeRoom(box, room, { state: "OPEN", endLobby: true });
    passFront(box);
    const tickets = new Map<string, number>();
    for (const [fan, token] of tokens) tickets.set(fan, (await standing(box, token)).ticket);
    await box.wipeLine();
    const x = (await joinRoom(box, room, newFan("x"))).body.token;
    const y = (await joinRoom(box, room, newFan("y"))).body.token;
    const anew = new Map<string, string>();
    for (const [fan, place] of tokens) {
      const { body } = await box.call("POST", "/v1/queue/tokens", { fan, place, json: { room } });
      anew.set(fan, body.token);
    }
    const inOrder = [...tokens.keys()].sort((a, b) => tickets.get(a)! - tickets.get(b)!);
    const places = [x, ...inOrder.map((fan) => anew.get(fan)!), y];
    await passReset(box, places);
    for (const place of places) {
      assert.equal((await standing(box, place)).state, "ADMITTED");
      await box.call("DELETE", "/v1/queue/tokens/me", { place });
    }
  });
}
