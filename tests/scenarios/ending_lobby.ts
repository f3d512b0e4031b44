import assert from "node:assert/strict";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { changeRoom, joinRoom, makeRoom, passFront, standing, states } from "../support/room.ts";
import type { Scenario } from "./scenario.ts";

const MINUTE_MS = 60_000;

async function refuseChange(box: ApiBox, room: string, json: object): Promise<string> {
  const path = `/v1/admin/rooms/${room}`;
  const { status, body } = await box.call("PATCH", path, { operator: true, json });
  assert.deepEqual([status, body.code], [409, "LOBBY_WOULD_END"], JSON.stringify(json));
  return body.detail;
}

async function drawOf(box: ApiBox, room: string) {
  return (await box.call("GET", `/v1/rooms/${room}`)).body.draw;
}

export function endingLobbyScenarios(test: Scenario): void {
  test("HELD, OPEN or DRAINING sent to a lobby by mistake ends no lobby", async (open) => {
    const box = await open();
    const opensAt = new Date(box.clock() + 30 * 24 * 60 * MINUTE_MS).toISOString();
    const room = await makeRoom(box, { state: "LOBBY", opensAt });
    const { body: { token } } = await joinRoom(box, room, newFan("a"));
    for (const state of ["HELD", "OPEN", "DRAINING"]) {
      const detail = await refuseChange(box, room, { state, capacity: 5 });
      assert.match(detail, new RegExp(`A change to ${state} ends the lobby.*endLobby: true`));
    }
    const { body } = await box.call("GET", `/v1/admin/rooms/${room}`, { operator: true });
    assert.deepEqual([body.state, body.opensAt, body.version, body.gathered], [
      "LOBBY",
      opensAt,
      1,
      1,
    ]);
    assert.equal((await standing(box, token)).reason, "LOBBY");
    await changeRoom(box, room, { state: "CLOSED" });
    passFront(box);
    assert.equal((await standing(box, token)).reason, "CLOSED");
    await refuseChange(box, room, { state: "OPEN" });
    await changeRoom(box, room, { state: "OPEN", endLobby: true });
    passFront(box);
    assert.equal(await states(box, [token]), "ADMITTED");
    await changeRoom(box, room, { state: "HELD" });
  });

  test("a lobby that is postponed in its last seconds draws once, and gathers for another draw", async (open) => {
    const box = await open();
    const opensAt = new Date(box.clock() + MINUTE_MS).toISOString();
    const room = await makeRoom(box, { state: "LOBBY", opensAt, capacity: 1 });
    const { drawId } = await drawOf(box, room);
    const early = (await joinRoom(box, room, newFan("early"))).body.token;
    box.clock.advance(MINUTE_MS - 5_000);
    const later = new Date(box.clock() + 10 * MINUTE_MS).toISOString();
    const detail = await refuseChange(box, room, { opensAt: later });
    assert.ok(detail.includes(opensAt), detail);
    const { body } = await changeRoom(box, room, { opensAt: later, endLobby: true });
    assert.deepEqual([body.state, body.opensAt], ["LOBBY", later]);
    const next = await drawOf(box, room);
    assert.notEqual(next.drawId, drawId);
    assert.equal(next.seed, null);

    const late = (await joinRoom(box, room, newFan("late"))).body;
    assert.equal(late.ticket, null);
    assert.equal((await standing(box, early)).ticket, 1, "drawn already");
    box.clock.advance(10 * MINUTE_MS);
    assert.equal(await states(box, [early, late.token]), "ADMITTED WAITING");
    assert.equal((await drawOf(box, room)).drawId, next.drawId);
  });

  test("a lobby that has opened is made a lobby again with another draw", async (open) => {
    const box = await open();
    const opensAt = new Date(box.clock() + MINUTE_MS).toISOString();
    const room = await makeRoom(box, { state: "LOBBY", opensAt, capacity: 1 });
    const { drawId } = await drawOf(box, room);
    const early = (await joinRoom(box, room, newFan("early"))).body.token;
    box.clock.advance(MINUTE_MS + 1_000);
    const later = new Date(box.clock() + 10 * MINUTE_MS).toISOString();
    await changeRoom(box, room, { state: "LOBBY", opensAt: later });
    assert.notEqual((await drawOf(box, room)).drawId, drawId);
    const late = (await joinRoom(box, room, newFan("late"))).body;
    assert.equal(late.ticket, null);
    assert.equal((await standing(box, early)).ticket, 1);
  });
}
