import assert from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import type { Box } from "../support/box.ts";
import { changeRoom, joinRoom, makeRoom, standing } from "../support/room.ts";
import { assertRefused, elapse, openBoxes } from "./world.ts";

// How more than one's share of the line is sought; see docs/cheats.md.

const open = await openBoxes();
const MINUTE_MS = 60_000;

/** Fans join one after the other: their tokens. */
async function arrive(box: Box, room: string, ...fans: string[]): Promise<string[]> {
  const tokens: string[] = [];
  for (const fan of fans) tokens.push((await joinRoom(box, room, fan)).body.token);
  return tokens;
}

const counts = async (box: Box, room: string) => {
  const { body } = await box.call("GET", `/v1/admin/rooms/${room}`, { operator: true });
  return { waiting: body.waiting, admitted: body.admitted, parked: body.parked };
};
const leave = (box: Box, place: string) => box.call("DELETE", "/v1/queue/tokens/me", { place });

Deno.test("ten devices of one fan have one place, whichever of them asks", async () => {
  const box = open({ QUEUE_CAPACITY: "1" });
  const room = await makeRoom(box, { capacity: 1 });
  const scalper = newFan("scalper");
  await arrive(box, room, newFan("first"));
  const joins = await Promise.all(Array.from({ length: 10 }, () => joinRoom(box, room, scalper)));
  const behind = await joinRoom(box, room, newFan("behind"));
  assert.equal(joins.filter(({ status }) => status === 201).length, 1);
  assert.deepEqual([...new Set(joins.map(({ body }) => body.ticket))], [2]);
  assert.deepEqual([behind.body.ticket, behind.body.ahead], [3, 1]);
  for (const { body } of joins) assert.equal((await standing(box, body.token)).ahead, 0);
});

Deno.test("leaving and joining again leads to the end of the line, and the old token to nothing", async () => {
  const box = open();
  const room = await makeRoom(box, { capacity: 1 });
  const scalper = newFan("scalper");
  const [, old] = await arrive(box, room, newFan("in"), scalper, newFan("b"), newFan("c"));
  await leave(box, old!);
  const again = await joinRoom(box, room, scalper);
  assert.deepEqual([again.status, again.body.ahead], [201, 2]);
  assert.equal((await standing(box, old!)).state, "GONE");
  const withOld = await box.call("POST", "/v1/queue/tokens", {
    fan: scalper,
    place: old!,
    json: { room },
  });
  assert.deepEqual([withOld.status, withOld.body.ticket], [200, again.body.ticket]);
});

Deno.test("who joins early and sleeps has no slot meanwhile, and one turn later", async () => {
  const box = open({ POLL_MAX_SECONDS: "10", SHOW_UP_SECONDS: "20" });
  const room = await makeRoom(box, { capacity: 1, pollMaxSeconds: 10 });
  const sleeper = newFan("sleeper");
  const [first, asleep, b, c] = await arrive(
    box,
    room,
    ...[newFan("first"), sleeper, newFan("b"), newFan("c")],
  );
  await elapse(box, 2 * MINUTE_MS, first!, b!, c!);
  await leave(box, first!);
  assert.equal((await standing(box, b!)).state, "ADMITTED", "an overdue fan takes no slot");
  assert.deepEqual(await counts(box, room), { waiting: 1, admitted: 1, parked: 1 });
  assert.equal((await standing(box, c!)).ahead, 0, "and counts in nobody's position");

  await elapse(box, 5 * MINUTE_MS, b!, c!);
  assert.equal((await standing(box, asleep!)).ahead, 0);
  await leave(box, b!);
  await elapse(box, 2 * MINUTE_MS, c!);
  assert.equal((await standing(box, c!)).state, "ADMITTED");
  const { state, endedBecause } = await standing(box, asleep!);
  assert.deepEqual([state, endedBecause], ["GONE", "TURN_MISSED"]);
  const anew = await joinRoom(box, room, sleeper);
  assert.deepEqual([anew.status, anew.body.ticket], [201, 5]);
});

Deno.test("parking on purpose gives one later turn, and none after the waiting time", async () => {
  const box = open({ POLL_MAX_SECONDS: "10", SHOW_UP_SECONDS: "20", WAITING_TTL_SECONDS: "1200" });
  const room = await makeRoom(box, { capacity: 1, pollMaxSeconds: 10 });
  const [one, two] = [newFan("parks"), newFan("parks too")];
  const [first, parked, late, c] = await arrive(box, room, newFan("first"), one, two, newFan("c"));
  await elapse(box, 2 * MINUTE_MS, first!, c!);
  await leave(box, first!);
  assert.equal((await standing(box, c!)).state, "ADMITTED");
  assert.equal((await counts(box, room)).parked, 2);
  // The first one comes back, and is admitted next: that was the turn.
  assert.equal((await standing(box, parked!)).state, "WAITING");
  await leave(box, c!);
  assert.equal((await standing(box, parked!)).state, "ADMITTED");
  await leave(box, parked!);
  assert.equal((await joinRoom(box, room, one)).body.ticket, 5);
  // The second one waits for a better moment until the place is over.
  await elapse(box, 20 * MINUTE_MS);
  assert.equal((await standing(box, late!)).state, "GONE");
});

Deno.test("tokens kept over a wipe bring one place of their own fan, once", async () => {
  const box = open();
  const room = await makeRoom(box, { capacity: 1 });
  const [scalper, friend] = [newFan("scalper"), newFan("friend")];
  const rejoin = (fan: string, place: string) =>
    box.call("POST", "/v1/queue/tokens", { fan, place, json: { room } });
  const kept: string[] = [];
  const [inside] = await arrive(box, room, newFan("first"));
  for (let time = 0; time < 3; time++) {
    const [token] = await arrive(box, room, scalper);
    kept.push(token!);
    await leave(box, token!);
  }
  const [, waiting] = await arrive(box, room, newFan("b"), newFan("waits"));
  await box.wipeLine();
  await arrive(box, room, newFan("fresh"), newFan("fresh, too"));
  assertRefused(await rejoin(friend, kept[0]!), 403, "QUEUE_TOKEN_MISMATCH");
  const back = await rejoin(scalper, kept[0]!);
  assert.deepEqual([back.status, back.body.ahead], [201, 0]);
  for (const token of kept) {
    const again = await rejoin(scalper, token);
    assert.deepEqual([again.status, again.body.ticket], [200, back.body.ticket]);
  }
  await leave(box, back.body.token);
  for (const token of kept) {
    const anew = await rejoin(scalper, token);
    assert.equal(anew.body.ahead, 1, "an old order counts once for each fan");
    await leave(box, anew.body.token);
  }
  assert.equal((await standing(box, waiting!)).reason, "LINE_RESET");
  assert.equal((await standing(box, inside!)).reason, "LINE_RESET");
});

Deno.test("a token that slept through the waiting time brings nothing over a wipe", async () => {
  const box = open({ WAITING_TTL_SECONDS: "1200" });
  const room = await makeRoom(box, { capacity: 1 });
  const fan = newFan("hoards tokens");
  const [first, old] = await arrive(box, room, newFan("first"), fan);
  await elapse(box, 20 * MINUTE_MS, first!);
  await box.wipeLine();
  const [fresh] = await arrive(box, room, newFan("fresh"));
  const json = { room };
  const back = await box.call("POST", "/v1/queue/tokens", { fan, place: old!, json });
  const { ticket } = await standing(box, fresh!);
  assert.ok(back.body.ticket > ticket, "behind whoever joined fresh before");
});

Deno.test("a fan who leaves the lobby and gathers again has the same lot, and nobody knows the seed before", async () => {
  const box = open();
  const opensAt = new Date(box.clock() + MINUTE_MS).toISOString();
  const room = await makeRoom(box, { state: "LOBBY", opensAt, capacity: 1 });
  const grinder = newFan("grinder");
  await arrive(box, room, ...Array.from({ length: 9 }, (_, n) => newFan(`f${n}`)));
  const names = new Set<string>();
  let place = "";
  for (let time = 0; time < 6; time++) {
    const { body } = await joinRoom(box, room, grinder);
    names.add(body.pseudonym);
    place = body.token;
    if (time < 5) await leave(box, place);
  }
  assert.equal(names.size, 1);
  const { draw } = (await box.call("GET", `/v1/rooms/${room}`)).body;
  assert.deepEqual([draw.seed, draw.openedAt], [null, null]);
  // Nobody who gathers after the seed is known is drawn by it.
  box.clock.advance(MINUTE_MS);
  await box.tick();
  const latecomer = await joinRoom(box, room, newFan("late"));
  assert.equal(latecomer.body.ticket, 11);
  const { items } = (await box.call("GET", `/v1/rooms/${room}/draw`)).body;
  assert.equal(items.length, 10);
  assert.equal(
    items.filter(({ pseudonym }: { pseudonym: string }) => names.has(pseudonym)).length,
    1,
  );
});

Deno.test("many accounts have the share of their number in a draw, and gain nothing by coming first", async () => {
  const box = open();
  const opensAt = new Date(box.clock() + MINUTE_MS).toISOString();
  const room = await makeRoom(box, { state: "LOBBY", opensAt, capacity: 1 });
  const [FANS, BOTS] = [120, 40];
  const bots = new Set<string>();
  // The bots come first, which brings them nothing.
  for (let n = 0; n < BOTS; n++) {
    bots.add((await joinRoom(box, room, newFan("bot"))).body.pseudonym);
  }
  for (let n = 0; n < FANS; n++) await joinRoom(box, room, newFan("fan"));
  box.clock.advance(MINUTE_MS);
  await box.tick();
  const { items } = (await box.call("GET", `/v1/rooms/${room}/draw?limit=1000`)).body;
  assert.equal(items.length, FANS + BOTS);
  const front = items.slice(0, 80) as { pseudonym: string }[];
  const inFront = front.filter(({ pseudonym }) => bots.has(pseudonym)).length;
  // Hypergeometric: 20 are expected, and the standard deviation is 2.7. The bound is five of these.
  assert.ok(Math.abs(inFront - 20) <= 14, `${inFront} of 80 in front are bots`);
});

Deno.test("a queue token that is shared shows a position, and opens nothing", async () => {
  const box = open();
  const room = await makeRoom(box, { capacity: 1 });
  const [seller, buyer] = [newFan("sells"), newFan("buys")];
  const [place] = await arrive(box, room, seller);
  assert.equal((await standing(box, place!)).state, "ADMITTED");
  const mine = { fan: buyer, place: place! };
  for (const path of ["/v1/concerts", "/v1/concerts/1/schedules"]) {
    assertRefused(await box.call("GET", path, mine), 403, "QUEUE_TOKEN_MISMATCH");
  }
  const json = { concertId: 1, scheduleId: 1, seatIds: [1] };
  for (
    const refused of [
      await box.call("POST", "/v1/reservations", { ...mine, json }),
      await box.call("POST", "/v1/queue/admissions", mine),
      await box.call("POST", "/v1/queue/tokens", { ...mine, json: { room } }),
    ]
  ) assertRefused(refused, 403, "QUEUE_TOKEN_MISMATCH");
});

Deno.test("a room that closes and opens again keeps the order, and lets nobody jump it", async () => {
  const box = open();
  const room = await makeRoom(box, { capacity: 1 });
  const [, b] = await arrive(box, room, newFan("in"), newFan("b"));
  await changeRoom(box, room, { state: "CLOSED" });
  assertRefused(await joinRoom(box, room, newFan("jumps")), 409, "LINE_CLOSED");
  assert.equal((await standing(box, b!)).state, "WAITING");
  await changeRoom(box, room, { state: "OPEN" });
  const jumper = await joinRoom(box, room, newFan("jumps"));
  assert.equal(jumper.body.ahead, 1);
});
