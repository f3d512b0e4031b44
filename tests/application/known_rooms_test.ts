import assert from "node:assert/strict";
import { createKnownRooms } from "../../src/application/known_rooms.ts";
import { MAIN_ROOM, type RoomId } from "../../src/domain/ids.ts";
import { testClock } from "../support/test_clock.ts";

const [SIDE, NOWHERE] = ["side-door" as RoomId, "nowhere" as RoomId];
const CONTEXT = { afterAnswer: () => {}, keepAlive: () => {} };

/** Known rooms over stores that a test can fail, and the calls to them. */
function knownRoomsOver(names: readonly RoomId[], areAll = true) {
  const clock = testClock();
  const calls: string[] = [];
  const line = { names, areAll, fails: false };
  async function called<Answer>(call: string, answer: Answer): Promise<Answer> {
    calls.push(call);
    await Promise.resolve();
    if (line.fails) throw new Error("no answer");
    return answer;
  }
  const rooms = createKnownRooms({
    clock,
    queue: {
      knownRooms: () => called("known", { names: line.names, areAll: line.areAll }),
      learnRooms: (learned) => called(`learn ${[...learned].sort().join(" ")}`, undefined),
    },
    rooms: { names: () => called("names", [MAIN_ROOM, SIDE]) },
  });
  const has = (room: RoomId) => rooms.has(CONTEXT, room);
  return { rooms, has, line, clock, taken: () => calls.splice(0) };
}

Deno.test("`has()` asks once a second for any number of names, one after the other or at once", async () => {
  const { has, clock, taken } = knownRoomsOver([MAIN_ROOM, SIDE]);
  for (const second of [0, 1]) {
    const names = Array.from({ length: 500 }, (_, n) => `nowhere-${second}-${n}` as RoomId);
    const found = await Promise.all(names.map(has));
    for (const name of names) found.push(await has(name));
    assert.equal(found.includes(true), false);
    assert.equal(await has(SIDE), true);
    assert.deepEqual(taken(), ["known"]);
    clock.advance(999);
    assert.equal(await has(NOWHERE), false);
    assert.deepEqual(taken(), []);
    clock.advance(1);
  }
});

Deno.test("`main` exists without a call", async () => {
  const { has, taken } = knownRoomsOver([]);
  assert.equal(await has(MAIN_ROOM), true);
  assert.deepEqual(taken(), []);
});

Deno.test("after a wipe one call a second brings the names back from PostgreSQL", async () => {
  const { has, line, clock, taken } = knownRoomsOver([SIDE], false);
  const seconds = [];
  for (let second = 0; second < 5; second++) {
    assert.deepEqual([await has(SIDE), await has(NOWHERE)], [true, false]);
    seconds.push(taken());
    if (second === 2) line.areAll = true;
    clock.advance(1_000);
  }
  const learned = `learn ${MAIN_ROOM} ${SIDE}`;
  assert.deepEqual(seconds, [["known"], ["names"], [learned], ["known"], ["known"]]);
});

Deno.test("a store that was wiped while this isolate runs loses no room", async () => {
  const { has, line, clock } = knownRoomsOver([MAIN_ROOM, SIDE]);
  assert.equal(await has(SIDE), true);
  Object.assign(line, { names: [], areAll: false });
  for (let second = 0; second < 3; second++) {
    clock.advance(1_000);
    assert.equal(await has(SIDE), true);
  }
});

Deno.test("a store that does not answer is asked once a second, and known rooms stay known", async () => {
  const { has, line, clock, taken } = knownRoomsOver([MAIN_ROOM, SIDE]);
  assert.equal(await has(SIDE), true);
  line.fails = true;
  clock.advance(1_000);
  taken();
  for (let call = 0; call < 3; call++) await assert.rejects(has(NOWHERE), /no answer/);
  assert.equal(await has(SIDE), true);
  assert.deepEqual(taken(), ["known"]);
  line.fails = false;
  clock.advance(1_000);
  assert.equal(await has(NOWHERE), false);
});

Deno.test("after `forget()` a room that this isolate has made or deleted is right at once", async () => {
  const { rooms, has, line } = knownRoomsOver([MAIN_ROOM]);
  assert.equal(await has(SIDE), false);
  line.names = [MAIN_ROOM, SIDE];
  rooms.forget();
  assert.equal(await has(SIDE), true);
  line.names = [MAIN_ROOM];
  rooms.forget();
  assert.equal(await has(SIDE), false);
});
