import assert from "node:assert/strict";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { changeRoom, joinRoom, makeRoom, standing, states } from "../support/room.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

function remove(box: ApiBox, room: string, query = "") {
  return box.call("DELETE", `/v1/admin/rooms/${room}${query}`, { operator: true });
}

const leave = (box: ApiBox, place: string) => box.call("DELETE", "/v1/queue/tokens/me", { place });

export function roomRemovalScenarios(test: Scenario): void {
  test("a deleted room is gone on every route, and its audit entries stay", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 3 });
    const before = (await box.call("GET", `/v1/admin/rooms/${room}`, { operator: true })).body;
    const removed = await remove(box, room, "?reason=the+tour+is+over");
    assert.deepEqual([removed.status, removed.body], [200, before]);
    const answers = [
      await box.call("GET", `/v1/rooms/${room}`),
      await box.call("GET", `/v1/rooms/${room}/draw`),
      await box.call("GET", `/v1/queue?room=${room}`),
      await box.call("GET", `/v1/admin/queue?room=${room}`, { operator: true }),
      await box.call("GET", `/v1/admin/rooms/${room}`, { operator: true }),
      await box.call("PATCH", `/v1/admin/rooms/${room}`, { operator: true, json: { capacity: 1 } }),
      await joinRoom(box, room, newFan("a")),
      await remove(box, room),
    ];
    for (const { status, body } of answers) {
      assert.deepEqual([status, body.code], [404, "ROOM_NOT_FOUND"]);
    }
    const { body: list } = await box.call("GET", "/v1/admin/rooms", { operator: true });
    assert.equal(list.rooms.some((listed: { room: string }) => listed.room === room), false);
    const { body: audit } = await box.call("GET", `/v1/admin/audit?room=${room}`, {
      operator: true,
    });
    const [entry] = audit.items;
    assert.deepEqual([entry.action, entry.reason, entry.before.capacity, entry.after], [
      "ROOM_DELETED",
      "the tour is over",
      3,
      null,
    ]);
  });

  test("a room with concerts on sale, now or later, or fans is ROOM_IN_USE", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 1 });
    const refusal = async () => {
      const { status, body } = await remove(box, room);
      return `${status} ${body.code}`;
    };
    const { concertId } = await putOnSale(box, { room, opensInMs: 60_000 });
    assert.equal(await refusal(), "409 ROOM_IN_USE");
    box.clock.advance(1);
    await box.call("PATCH", `/v1/admin/concerts/${concertId}`, {
      operator: true,
      json: { status: "WITHDRAWN" },
    });
    await changeRoom(box, room, { state: "HELD" });
    const waiting = (await joinRoom(box, room, newFan("a"))).body.token;
    assert.equal(await refusal(), "409 ROOM_IN_USE");
    await changeRoom(box, room, { state: "OPEN" });
    assert.equal(await states(box, [waiting]), "WAITING", "no seat is left");
    await leave(box, waiting);
    const inside = (await joinRoom(box, room, newFan("b"))).body.token;
    assert.equal(await states(box, [inside]), "ADMITTED");
    assert.equal(await refusal(), "409 ROOM_IN_USE");
    await leave(box, inside);
    assert.equal((await remove(box, room)).status, 200);
    assert.equal((await remove(box, "main")).body.code, "ROOM_IN_USE");
  });

  test("a room that is made again goes on from the last version, and old tokens bring nothing", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 1 });
    await changeRoom(box, room, { capacity: 2 });
    const fan = newFan("a");
    const old = (await joinRoom(box, room, fan)).body.token;
    await leave(box, old);
    await remove(box, room);
    assert.deepEqual([(await standing(box, old)).state, (await standing(box, old)).reason], [
      "GONE",
      "LINE_RESET",
    ]);
    box.clock.advance(1);
    const json = { room, capacity: 1 };
    const made = await box.call("POST", "/v1/admin/rooms", { operator: true, json });
    assert.deepEqual([made.status, made.body.version, made.body.followedVersion], [201, 4, 4]);
    assert.equal((await box.call("GET", `/v1/rooms/${room}`)).status, 200);
    const first = (await joinRoom(box, room, newFan("b"))).body;
    const second = (await joinRoom(box, room, newFan("c"))).body;
    const again = await box.call("POST", "/v1/queue/tokens", {
      fan,
      place: old,
      json: { room },
    });
    assert.equal(again.status, 201);
    assert.deepEqual([first.state, second.position, again.body.position], ["ADMITTED", 1, 2]);
    assert.equal((await standing(box, old)).reason, "LINE_RESET");
  });

  test("a room whose only concert moved away admits nobody for nothing", async (open) => {
    const box = await open();
    const [from, to] = [
      await makeRoom(box, { capacity: 1 }),
      await makeRoom(box, { capacity: 1 }),
    ];
    const { concertId } = await putOnSale(box, { room: from });
    const house = (await joinRoom(box, from, newFan("a"))).body.token;
    const ann = (await joinRoom(box, from, newFan("b"))).body.token;
    box.clock.advance(1);
    await box.call("PATCH", `/v1/admin/concerts/${concertId}`, {
      operator: true,
      json: { room: to },
    });
    await leave(box, house);
    const told = await standing(box, ann);
    assert.deepEqual([told.state, told.reason, told.seatsMayReturn], [
      "WAITING",
      "SOLD_OUT",
      false,
    ]);
    // A room that never had a concert admits.
    const never = await makeRoom(box, { capacity: 1 });
    const last = (await joinRoom(box, never, newFan("c"))).body.token;
    const next = (await joinRoom(box, never, newFan("d"))).body.token;
    await leave(box, last);
    assert.equal(await states(box, [next]), "ADMITTED");
  });

  test("after a sell-out the line of the room in which the concert is now knows it", async (open) => {
    const box = await open();
    const [from, to] = [
      await makeRoom(box, { capacity: 2 }),
      await makeRoom(box, { capacity: 1 }),
    ];
    const sale = await putOnSale(box, { room: from, dates: [1], price: 0 });
    const buyer = newFan("a");
    const place = (await joinRoom(box, from, buyer)).body.token;
    const held = await holdSeats(box, buyer, place, sale, sale.schedules[0]!.seatIds);
    await box.call("PATCH", `/v1/admin/concerts/${sale.concertId}`, {
      operator: true,
      json: { room: to },
    });
    const house = (await joinRoom(box, to, newFan("b"))).body.token;
    const ann = (await joinRoom(box, to, newFan("c"))).body.token;
    box.clock.advance(1_000);
    assert.equal((await pay(box, buyer, held)).status, 201);
    await box.settle();
    await leave(box, house);
    const { reason, seatsMayReturn } = await standing(box, ann);
    assert.deepEqual([reason, seatsMayReturn], ["SOLD_OUT", false]);
  });
}
