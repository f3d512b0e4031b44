import assert from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import {
  changeRoom,
  joinRoom,
  makeRoom,
  newRoomName,
  passReset,
  standing,
  states,
} from "../support/room.ts";
import type { Scenario } from "./scenario.ts";

const MINUTE_MS = 60_000;

export function roomAdminScenarios(test: Scenario): void {
  test("the room main exists, with the settings of the environment", async (open) => {
    const { call } = await open({ QUEUE_CAPACITY: "7", HOLD_TTL_SECONDS: "60" });
    const { status, body } = await call("GET", "/v1/admin/rooms/main", { operator: true });
    assert.equal(status, 200);
    const { changedAt: _, ...room } = body;
    assert.deepEqual(room, {
      room: "main",
      state: "OPEN",
      opensAt: null,
      draw: null,
      capacity: 7,
      admissionsPerMinute: null,
      admissionTtlSeconds: 900,
      holdTtlSeconds: 60,
      pollMinSeconds: 2,
      pollMaxSeconds: 60,
      challengeAtJoin: false,
      version: 1,
      followedVersion: 1,
      gathered: 0,
      waiting: 0,
      admitted: 0,
      parked: 0,
      admittedLastMinute: 0,
    });
    const notice = await call("GET", "/v1/rooms/main");
    assert.deepEqual(notice.body, { room: "main", state: "OPEN", opensAt: null, draw: null });
  });

  test("a room is created once, and is in the list", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 3 });
    const again = await box.call("POST", "/v1/admin/rooms", { operator: true, json: { room } });
    assert.deepEqual([again.status, again.body.code], [409, "ROOM_EXISTS"]);
    const { body } = await box.call("GET", "/v1/admin/rooms", { operator: true });
    const mine = body.rooms.filter((listed: { room: string }) => listed.room === room);
    assert.deepEqual(mine.map(({ capacity }: { capacity: number }) => capacity), [3]);
  });

  test("an unknown room is ROOM_NOT_FOUND on every route", async (open) => {
    const { call } = await open();
    const room = newRoomName();
    const answers = [
      await call("GET", `/v1/rooms/${room}`),
      await call("GET", `/v1/rooms/${room}/draw`),
      await call("GET", `/v1/queue?room=${room}`),
      await call("GET", `/v1/admin/queue?room=${room}`, { operator: true }),
      await call("GET", `/v1/admin/rooms/${room}`, { operator: true }),
      await call("PATCH", `/v1/admin/rooms/${room}`, { operator: true, json: { capacity: 1 } }),
      await call("POST", `/v1/admin/rooms/${room}/promotions`, {
        operator: true,
        json: { count: 1 },
      }),
      await call("DELETE", `/v1/admin/rooms/${room}/places/a`, { operator: true }),
      await call("POST", "/v1/queue/tokens", { fan: newFan("a"), json: { room } }),
    ];
    for (const { status, body } of answers) {
      assert.deepEqual([status, body.code], [404, "ROOM_NOT_FOUND"]);
    }
  });

  test("each room has its own queue, and the same fan has a place in each", async (open) => {
    const box = await open();
    const fan = newFan("a");
    const [one, two] = [
      await makeRoom(box, { capacity: 1 }),
      await makeRoom(box, { capacity: 1 }),
    ];
    await joinRoom(box, one, newFan("b"));
    const places = [(await joinRoom(box, one, fan)).body, (await joinRoom(box, two, fan)).body];
    assert.deepEqual(places.map(({ state }) => state), ["WAITING", "ADMITTED"]);
    const { body } = await box.call("GET", `/v1/queue?room=${one}`);
    assert.deepEqual(body, { waiting: 1, admitted: 1, capacity: 1 });
  });

  test("CLOSED and DRAINING let nobody join; fans with a place keep it", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 1 });
    const fan = newFan("b");
    const a = (await joinRoom(box, room, newFan("a"))).body.token;
    const b = (await joinRoom(box, room, fan)).body.token;
    await changeRoom(box, room, { state: "CLOSED" });
    const refused = await joinRoom(box, room, newFan("c"));
    assert.deepEqual([refused.status, refused.body.code, refused.body.state], [
      409,
      "LINE_CLOSED",
      "CLOSED",
    ]);
    const again = await joinRoom(box, room, fan);
    assert.deepEqual([again.status, again.body.state, again.body.reason], [
      200,
      "WAITING",
      "CLOSED",
    ]);
    await box.call("DELETE", "/v1/queue/tokens/me", { place: a });
    assert.equal(await states(box, [b]), "WAITING");
    await changeRoom(box, room, { state: "DRAINING" });
    assert.equal((await joinRoom(box, room, newFan("d"))).body.state, "DRAINING");
    assert.equal(await states(box, [b]), "ADMITTED");
  });

  test("a CLOSED room opens by itself at its time", async (open) => {
    const box = await open();
    const opensAt = new Date(box.clock() + MINUTE_MS).toISOString();
    const room = await makeRoom(box, { state: "CLOSED", opensAt });
    const early = await joinRoom(box, room, newFan("a"));
    assert.deepEqual([early.status, early.body.opensAt], [409, opensAt]);
    box.clock.advance(MINUTE_MS);
    assert.equal((await joinRoom(box, room, newFan("a"))).body.state, "ADMITTED");
    await box.tick();
    const { body } = await box.call("GET", `/v1/admin/rooms/${room}`, { operator: true });
    const { state, opensAt: opening, version, followedVersion } = body;
    assert.deepEqual([state, opening, version, followedVersion], ["OPEN", null, 2, 2]);
  });

  test("HELD admits only fans whom the operator releases, up to the capacity", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { state: "HELD", capacity: 3 });
    const places: string[] = [];
    for (let fan = 0; fan < 5; fan++) {
      const { body } = await joinRoom(box, room, newFan("f"));
      assert.deepEqual([body.state, body.reason, body.position], ["WAITING", "HELD", fan + 1]);
      places.push(body.token);
    }
    const release = async (count: number) =>
      (await box.call("POST", `/v1/admin/rooms/${room}/promotions`, {
        operator: true,
        json: { count },
      })).body.admitted;
    assert.equal(await release(2), 2);
    assert.equal(await states(box, places), "ADMITTED ADMITTED WAITING WAITING WAITING");
    assert.equal(await release(9), 1);
    await changeRoom(box, room, { state: "OPEN", capacity: 4 });
    assert.equal(await states(box, places), "ADMITTED ADMITTED ADMITTED ADMITTED WAITING");
  });

  test("a lower capacity evicts nobody, and a higher one admits at once", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 2 });
    const places: string[] = [];
    for (const name of ["a", "b", "c", "d"]) {
      places.push((await joinRoom(box, room, newFan(name))).body.token);
    }
    await changeRoom(box, room, { capacity: 1 });
    assert.equal(await states(box, places), "ADMITTED ADMITTED WAITING WAITING");
    await box.call("DELETE", "/v1/queue/tokens/me", { place: places[0]! });
    assert.equal(await states(box, places), "GONE ADMITTED WAITING WAITING");
    await changeRoom(box, room, { capacity: 3 });
    assert.equal(await states(box, places), "GONE ADMITTED ADMITTED ADMITTED");
  });

  test("admissionsPerMinute is kept within any minute", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { admissionsPerMinute: 10 });
    const places: string[] = [];
    for (let fan = 0; fan < 5; fan++) {
      places.push((await joinRoom(box, room, newFan("f"))).body.token);
    }
    assert.equal(await states(box, places), "ADMITTED WAITING WAITING WAITING WAITING");
    box.clock.advance(5_999);
    assert.equal(await states(box, places), "ADMITTED WAITING WAITING WAITING WAITING");
    box.clock.advance(1);
    assert.equal(await states(box, places), "ADMITTED ADMITTED WAITING WAITING WAITING");
  });

  test("a wiped queue gets its rules again: a closed room stays closed", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 5 });
    const { body: { token } } = await joinRoom(box, room, newFan("a"));
    await changeRoom(box, room, { state: "CLOSED", reason: "enough" });
    await box.wipeLine();
    assert.equal((await standing(box, token)).reason, "LINE_RESET");
    assert.equal((await joinRoom(box, room, newFan("b"))).body.code, "LINE_CLOSED");
  });

  test("the operator ends one fan's place, who may join again", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 1 });
    const [a, b] = [newFan("a"), newFan("b")];
    await joinRoom(box, room, a);
    const { body: { token } } = await joinRoom(box, room, b);
    const path = `/v1/admin/rooms/${room}/places/${encodeURIComponent(a)}`;
    const ended = await box.call("DELETE", `${path}?reason=resold`, { operator: true });
    assert.deepEqual([ended.status, ended.body.state, ended.body.ticket], [200, "ADMITTED", 1]);
    assert.equal(await states(box, [token]), "ADMITTED");
    const again = await box.call("DELETE", path, { operator: true });
    assert.deepEqual([again.status, again.body.code], [404, "PLACE_NOT_FOUND"]);
    assert.equal((await joinRoom(box, room, a)).body.position, 1);
  });

  test("a room that is closed by hand does not open by itself", async (open) => {
    const box = await open();
    const opensAt = new Date(box.clock() + MINUTE_MS).toISOString();
    const room = await makeRoom(box, { state: "LOBBY", opensAt });
    assert.equal((await changeRoom(box, room, { state: "CLOSED" })).body.opensAt, null);
    box.clock.advance(MINUTE_MS);
    assert.equal((await joinRoom(box, room, newFan("a"))).body.code, "LINE_CLOSED");
    const later = new Date(box.clock() + MINUTE_MS).toISOString();
    assert.equal(
      (await changeRoom(box, room, { state: "CLOSED", opensAt: later })).body.opensAt,
      later,
    );
  });

  test("a fan who was in the queue when it was wiped comes back, also while the room drains", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 1 });
    const [a, b] = [newFan("a"), newFan("b")];
    const tokens = [
      (await joinRoom(box, room, a)).body.token,
      (await joinRoom(box, room, b)).body.token,
    ];
    await changeRoom(box, room, { state: "DRAINING" });
    await box.wipeLine();
    const back = await box.call("POST", "/v1/queue/tokens", {
      fan: a,
      place: tokens[0],
      json: { room },
    });
    assert.deepEqual([back.status, back.body.ticket, back.body.positionIs], [201, 1, "AT_LEAST"]);
    const next = await box.call("POST", "/v1/queue/tokens", {
      fan: b,
      place: tokens[1],
      json: { room },
    });
    assert.deepEqual([next.status, next.body.ticket, next.body.positionIs], [201, 2, "AT_LEAST"]);
    const places = [back.body.token, next.body.token];
    await passReset(box, places);
    assert.equal(await states(box, places), "ADMITTED WAITING");
    assert.equal((await joinRoom(box, room, newFan("c"))).status, 409);
  });
}
