import { deepEqual, equal } from "node:assert/strict";
import { MAIN_ROOM, type RoomId } from "../../../src/domain/ids.ts";
import { unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type BoxOffice,
  type ContractTest,
  FIRST,
  must,
  newDraw,
  newRoom,
  putOnSale,
  refusalOf,
} from "../box_office/office.ts";
import { ALL_ROOMS, changing, read } from "./operator.ts";

const NO_FLOOR = { atLeast: 0 };
const DAY_MS = 86_400_000;
const gone = { kind: "ROOM_NOT_FOUND" };
const inUse = { kind: "ROOM_IN_USE" };

async function actionsOf({ auditLog }: BoxOffice, room: RoomId): Promise<unknown[]> {
  const { items } = await auditLog.list(room, { limit: 9, after: null });
  return items.map(({ action, operator, reason, new: next }) => [action, operator, reason, next]);
}

export function removingRoomsContract(test: ContractTest): void {
  test("`remove()` deletes a room and keeps its version and its entries", async (office) => {
    const { rooms } = office;
    const room = await newRoom(office);
    must(await changing(office, room)({ capacity: 3 }));
    deepEqual(must(await unchanged(office.sql, () => rooms.checkRemoval(room))), { version: 2 });
    deepEqual(must(await rooms.remove(room, ALEX, { atLeast: 5 })), { version: 5 });
    equal(await rooms.find(room), null);
    equal(await rooms.recordOpening(room), null);
    const { names, ...known } = await rooms.rules(room);
    deepEqual(known, { rules: null, deletedVersion: 5 });
    deepEqual([names.includes(room), names], [false, await rooms.names()]);
    equal((await rooms.list(ALL_ROOMS)).some((listed) => listed.room === room), false);
    for (const act of [() => rooms.remove(room, ALEX, NO_FLOOR), () => rooms.checkRemoval(room)]) {
      deepEqual(refusalOf(await unchanged(office.sql, act)), gone);
    }
    deepEqual(refusalOf(await changing(office, room)({ capacity: 4 })), gone);
    const [last] = await actionsOf(office, room);
    deepEqual(last, ["ROOM_DELETED", ALEX.operator, ALEX.reason, null]);
  });

  test("a room that is made again goes on from the last version, with nothing else", async (office) => {
    const { rooms, clock } = office;
    const room = await newRoom(office);
    must(await changing(office, room)({ state: "LOBBY", capacity: 3 }));
    const { draw: before } = (await read(office, room)).room;
    must(await rooms.remove(room, ALEX, NO_FLOOR));
    clock.nowMs += 1_000;
    const made = must(await rooms.create(room, { state: "LOBBY" }, newDraw(), ALEX));
    deepEqual([made.rules.version, made.rules.madeAtMs], [4, clock.nowMs]);
    const { line: _, replayed: __, ...asMade } = made;
    deepEqual(asMade, await read(office, room));
    equal(made.room.settings.capacity, FIRST.capacity);
    equal(made.room.draw!.drawId === before!.drawId, false);
    deepEqual(made.room.draw!.seed, null);
    equal(must(await rooms.remove(room, ALEX, NO_FLOOR)).version, 5);
    clock.nowMs += 1_000;
    // Also when a line that was restored follows a higher one.
    const again = await rooms.create(room, {}, newDraw(), ALEX, { atLeast: 20 });
    equal(must(again).rules.version, 21);
    equal(must(again).room.draw, null);
    deepEqual(
      refusalOf(await rooms.create(room, {}, newDraw(), ALEX)),
      { kind: "ROOM_EXISTS" },
    );
  });

  test("a room is in use until its concerts have left, ended or were withdrawn", async (office) => {
    const { rooms, catalogue, clock } = office;
    const check = async (room: RoomId) => (await rooms.checkRemoval(room)).ok;
    const [left, ended, withdrawn] = [
      await newRoom(office),
      await newRoom(office),
      await newRoom(office),
    ];
    for (const room of [left, ended, withdrawn]) {
      const [date] = await putOnSale(office, [{ seats: 1, opensInMs: 60_000 }], room);
      const remove = () => rooms.remove(room, ALEX, NO_FLOOR);
      deepEqual(refusalOf(await unchanged(office.sql, remove)), inUse);
      equal(await check(room), false);
      if (room === left) must(await catalogue.update(date.concertId, { room: MAIN_ROOM }, null));
      if (room === withdrawn) {
        must(await catalogue.update(date.concertId, { status: "WITHDRAWN" }, null));
      }
      equal(await check(room), room !== ended);
    }
    clock.nowMs += DAY_MS;
    for (const room of [left, ended, withdrawn]) {
      must(await rooms.remove(room, ALEX, NO_FLOOR));
      const moved = await catalogue.create({
        title: "Ode",
        description: "",
        venue: null,
        timeZone: "Asia/Seoul",
        room,
        schedules: [],
      }, null);
      deepEqual(refusalOf(moved), gone);
    }
  });

  test("`main` cannot be deleted", async ({ rooms, sql }) => {
    await rooms.rules(MAIN_ROOM);
    const remove = () => rooms.remove(MAIN_ROOM, ALEX, NO_FLOOR);
    deepEqual(refusalOf(await unchanged(sql, remove)), inUse);
  });

  test("a concert that is to move into a deleted room stays where it is", async (office) => {
    const room = await newRoom(office);
    must(await office.rooms.remove(room, ALEX, NO_FLOOR));
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const move = () => office.catalogue.update(date.concertId, { room }, null);
    deepEqual(refusalOf(await unchanged(office.sql, move)), gone);
  });
}
