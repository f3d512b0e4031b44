import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { newFan } from "../support/api_box.ts";
import type { Box } from "../support/box.ts";
import { changeRoom, joinRoom, makeRoom, newRoomName, standing } from "../support/room.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";
import {
  codeOrStatus,
  evictCaches,
  followTheSteps,
  operator,
  type RestoreTest,
} from "./restoring.ts";

async function roomOf(box: Box, room: string) {
  return (await box.call("GET", `/v1/admin/rooms/${room}`, { operator })).body;
}

function leave(box: Box, place: string) {
  return box.call("DELETE", "/v1/queue/tokens/me", { place });
}

/** Fans who join the room one after the other; their tokens. */
async function joinAll(box: Box, room: string, ...names: string[]): Promise<string[]> {
  const places = [];
  for (const name of names) places.push((await joinRoom(box, room, newFan(name))).body.token);
  return places;
}

/** The line and its rooms after the database went back. */
export function lineRestored(test: RestoreTest): void {
  test("the line goes on: admissions, places and their order", async (restoring) => {
    const { box, database } = restoring;
    const room = await makeRoom(box, { capacity: 1 });
    const restore = await database.backUp();
    const [ann, bob, carl] = await joinAll(box, room, "ann", "bob", "carl");
    await restore();
    await followTheSteps(restoring);
    assert.equal((await standing(box, ann!)).state, "ADMITTED");
    assert.deepEqual(
      [(await standing(box, bob!)).position, (await standing(box, carl!)).position],
      [
        1,
        2,
      ],
    );
    await leave(box, ann!);
    assert.equal((await standing(box, bob!)).state, "ADMITTED");
    assert.equal((await standing(box, carl!)).position, 1);
  });

  test("a room that was HELD since the backup stays HELD until the operator opens it (L7, L8)", async (restoring) => {
    const { box, database } = restoring;
    const room = await makeRoom(box, { capacity: 1 });
    const [ann, bob] = await joinAll(box, room, "ann", "bob");
    const restore = await database.backUp();
    await changeRoom(box, room, { state: "HELD" });
    await changeRoom(box, room, { admissionsPerMinute: 600 });
    await restore();
    await followTheSteps(restoring);
    await leave(box, ann!);
    for (let minute = 0; minute < 3; minute++) {
      box.clock.advance(60_000);
      await box.tick();
      const { state, reason } = await standing(box, bob!);
      assert.deepEqual([state, reason], ["WAITING", "HELD"]);
    }
    const shown = await roomOf(box, room);
    assert.equal(shown.state, "OPEN", "this is what the backup says");
    assert.ok(shown.followedVersion > shown.version);
    const opened = (await changeRoom(box, room, { state: "OPEN" })).body;
    assert.equal(opened.version, opened.followedVersion);
    assert.equal((await standing(box, bob!)).state, "ADMITTED");
  });

  test("a room that was made since the backup goes on, and is made again by its name", async (restoring) => {
    const { box, database } = restoring;
    const room = newRoomName();
    const restore = await database.backUp();
    const make = (settings: object) =>
      box.call("POST", "/v1/admin/rooms", { operator, json: { room, ...settings } });
    assert.equal((await make({ capacity: 1 })).status, 201);
    await changeRoom(box, room, { state: "HELD" });
    const [ann] = await joinAll(box, room, "ann");
    assert.equal((await box.call("GET", `/v1/rooms/${room}`)).status, 200);
    await restore();
    await followTheSteps(restoring);
    box.clock.advance(2_000);
    assert.equal(codeOrStatus(await box.call("GET", `/v1/rooms/${room}`)), "ROOM_NOT_FOUND");
    assert.equal((await roomOf(box, room)).code, "ROOM_NOT_FOUND");
    await box.tick();
    assert.equal((await standing(box, ann!)).reason, "HELD", "the line keeps the rules it had");
    const again = await make({ capacity: 1 });
    assert.equal(again.status, 201);
    assert.equal((await roomOf(box, room)).followedVersion, again.body.version);
    assert.equal((await standing(box, ann!)).state, "ADMITTED");
  });

  test("a room that was deleted since the backup is there again after a PATCH", async (restoring) => {
    const { box, database } = restoring;
    const room = await makeRoom(box);
    const restore = await database.backUp();
    const deleted = await box.call("DELETE", `/v1/admin/rooms/${room}`, { operator });
    assert.equal(deleted.status, 200);
    await restore();
    await evictCaches(box);
    box.clock.advance(120_000);
    await changeRoom(box, room, { state: "OPEN" });
    box.clock.advance(2_000);
    assert.equal((await joinRoom(box, room, newFan("ann"))).status, 201);
    const seen = await roomOf(box, room);
    assert.equal(seen.version, seen.followedVersion);
  });

  test("fans who gathered since the backup are drawn by the seed that they were promised", async (restoring) => {
    const { box, database } = restoring;
    const room = await makeRoom(box, { state: "CLOSED", capacity: 1 });
    const restore = await database.backUp();
    await changeRoom(box, room, { state: "LOBBY" });
    const promised = (await box.call("GET", `/v1/rooms/${room}`)).body.draw.commitment;
    assert.equal(typeof promised, "string");
    const places = await joinAll(box, room, "ann", "bob", "carl");
    const names = [];
    for (const place of places) names.push((await standing(box, place)).pseudonym);
    const [{ seed }] = await database.sql("select seed from draws where commitment = $1", [
      promised,
    ]) as [{ seed: string }];
    await restore();
    await followTheSteps(restoring);
    await changeRoom(box, room, { state: "CLOSED" });
    for (const place of places) assert.equal((await standing(box, place)).reason, "CLOSED");
    await changeRoom(box, room, { state: "OPEN" });
    await box.tick();
    const drawn = (await box.call("GET", `/v1/rooms/${room}/draw`)).body.items;
    const valueOf = (name: string) =>
      createHmac("sha1", seed).update(name).digest("hex").slice(0, 13);
    const expected = names.toSorted((a, b) => valueOf(a) < valueOf(b) ? -1 : 1);
    assert.deepEqual(drawn.map(({ pseudonym }: { pseudonym: string }) => pseudonym), expected);
    assert.equal((await box.call("GET", `/v1/rooms/${room}`)).body.draw, null);
  });

  test("fans who were told SOLD_OUT get the seats that the backup has unsold, in order", async (restoring) => {
    const { box, database } = restoring;
    const room = await makeRoom(box, { capacity: 1 });
    const sale = await putOnSale(box, { room, dates: [1], price: 0 });
    const restore = await database.backUp();
    const buyer = newFan("buyer");
    const place = (await joinRoom(box, room, buyer)).body.token;
    // Of two counts of the seats at one moment the first one is kept.
    box.clock.advance(1);
    const held = await holdSeats(box, buyer, place, sale, sale.schedules[0]!.seatIds);
    assert.equal((await pay(box, buyer, held)).status, 201);
    await box.settle();
    const [house, ann, bob] = await joinAll(box, room, "house", "ann", "bob");
    await leave(box, house!);
    box.clock.advance(6_000);
    for (const token of [ann!, bob!]) {
      const { state, reason } = await standing(box, token);
      assert.deepEqual([state, reason], ["WAITING", "SOLD_OUT"]);
    }
    await restore();
    await followTheSteps(restoring);
    box.clock.advance(6_000);
    await box.tick();
    assert.equal((await standing(box, ann!)).state, "ADMITTED");
    assert.equal((await standing(box, bob!)).state, "WAITING", "there is one seat");
  });
}
