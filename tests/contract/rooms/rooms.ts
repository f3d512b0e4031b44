import { deepEqual, equal } from "node:assert/strict";
import { MAIN_ROOM, type RoomId } from "../../../src/domain/ids.ts";
import type { RoomSettings, RoomState } from "../../../src/domain/room.ts";
import type { RoomSettingsFault } from "../../../src/ports/rooms.ts";
import { deleteMainRoom } from "../../support/room.ts";
import { unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type ContractTest,
  FIRST,
  must,
  newDraw,
  newRoom,
  refusalOf,
  rfc3339,
} from "../box_office/office.ts";
import { ALL_ROOMS, changing, read } from "./operator.ts";

const MINUTE_MS = 60_000;
const NOWHERE = "nowhere" as RoomId;

/** Rooms as their operator makes and changes them. */
export function roomsContract(test: ContractTest): void {
  test("`main` comes into being with the first settings when it is first asked for", async (office) => {
    const { rooms, sql } = office;
    const asks: Record<string, () => Promise<unknown>> = {
      rules: () => rooms.rules(MAIN_ROOM),
      find: () => rooms.find(MAIN_ROOM),
      list: () => rooms.list(ALL_ROOMS),
      settle: () => rooms.recordOpening(MAIN_ROOM),
      change: () => changing(office, MAIN_ROOM)({}),
      create: () => rooms.create(MAIN_ROOM, { capacity: 7 }, newDraw(), ALEX),
    };
    for (const [name, ask] of Object.entries(asks)) {
      await deleteMainRoom(sql);
      const first = await ask();
      const stored = await sql(
        "select version::text, capacity::text from rooms r where room_id = 'main'",
        [],
      );
      deepEqual(stored, [{ version: "1", capacity: String(FIRST.capacity) }], name);
      deepEqual(await unchanged(sql, ask), first, name);
      const madeAtMs = office.clock.nowMs;
      const { rules } = await rooms.rules(MAIN_ROOM);
      deepEqual(rules, { ...FIRST, version: 1, madeAtMs, draw: null });
    }
  });

  test("no other room comes into being by asking", async (office) => {
    const { rooms, sql } = office;
    const { names, ...nothing } = await unchanged(sql, () => rooms.rules(NOWHERE));
    deepEqual(nothing, { rules: null, deletedVersion: null });
    equal(names.includes(NOWHERE), false);
    equal(await unchanged(sql, () => rooms.find(NOWHERE)), null);
    equal(await unchanged(sql, () => rooms.recordOpening(NOWHERE)), null);
    const outcome = await unchanged(sql, () => changing(office, NOWHERE)({ capacity: 7 }));
    deepEqual(refusalOf(outcome), { kind: "ROOM_NOT_FOUND" });
  });

  test("`create()` takes what is not named from the first settings", async (office) => {
    const { rooms, clock } = office;
    const room = `made-${crypto.randomUUID().slice(0, 8)}` as RoomId;
    const named = { capacity: 7, admissionsPerMinute: 30, pollMaxSeconds: 5 };
    const { line, replayed, ...created } = must(await rooms.create(room, named, newDraw(), ALEX));
    deepEqual([line, replayed], [null, false]);
    const settings = { ...FIRST, ...named };
    deepEqual(created, {
      room: { room, settings, version: 1, draw: null, changedAt: rfc3339(clock.nowMs) },
      rules: { ...settings, version: 1, madeAtMs: clock.nowMs, draw: null },
    });
    deepEqual(await read(office, room), created);
    const list = await rooms.list(ALL_ROOMS);
    deepEqual(list.filter((listed) => listed.room === room), [created.room]);
    const names = list.map((listed) => listed.room);
    deepEqual(names, names.toSorted());
    const page = await rooms.list({ after: names[0]!, limit: 1 });
    deepEqual(page.map((listed) => listed.room), [names[1]]);
    deepEqual(await rooms.list({ after: names.at(-1)!, limit: 1 }), []);
  });

  test("`create()` of a room that exists is refused", async ({ rooms, sql, ...office }) => {
    const room = await newRoom({ rooms, ...office });
    await rooms.rules(MAIN_ROOM);
    for (const taken of [room, MAIN_ROOM]) {
      const create = () => rooms.create(taken, { state: "LOBBY" }, newDraw(), ALEX);
      deepEqual(refusalOf(await unchanged(sql, create)), { kind: "ROOM_EXISTS" });
    }
  });

  test("`change()` changes what it names and nothing else", async (office) => {
    const room = await newRoom(office);
    const madeAtMs = office.clock.nowMs;
    const change = changing(office, room);
    let expected: RoomSettings = FIRST;
    const steps: Partial<RoomSettings>[] = [
      { capacity: 5 },
      { admissionsPerMinute: 600 },
      { admissionTtlMs: 1500, holdTtlMs: 2500 },
      { pollMinSeconds: 61, pollMaxSeconds: 61 },
      { state: "HELD" },
      { admissionsPerMinute: null, state: "DRAINING" },
      { state: "CLOSED", opensAtMs: office.clock.nowMs + 10 * MINUTE_MS },
      { opensAtMs: null },
    ];
    for (const [index, changes] of steps.entries()) {
      office.clock.nowMs += 1000;
      expected = { ...expected, ...changes };
      const changed = must(await change(changes));
      deepEqual(changed, {
        room: {
          room,
          settings: expected,
          version: index + 2,
          draw: null,
          changedAt: rfc3339(office.clock.nowMs),
        },
        rules: { ...expected, version: index + 2, madeAtMs, draw: null },
      });
      deepEqual(await read(office, room), changed);
    }
  });

  test("a change that changes nothing writes nothing, and tells the same", async (office) => {
    const opensAtMs = office.clock.nowMs + MINUTE_MS;
    const room = await newRoom(office, { state: "LOBBY", opensAtMs });
    const before = await read(office, room);
    office.clock.nowMs += 1;
    for (
      const changes of [{}, { state: "LOBBY" }, { ...FIRST, state: "LOBBY", opensAtMs }] as const
    ) {
      deepEqual(must(await unchanged(office.sql, () => changing(office, room)(changes))), before);
    }
  });

  test("`change()` passes the version that the queue follows, and then changes nothing more", async (office) => {
    const { auditLog, clock } = office;
    const room = await newRoom(office);
    const change = changing(office, room);
    const versionOf = async (changes: Partial<RoomSettings>, atLeast: number) =>
      must(await change(changes, newDraw(), { atLeast })).rules.version;
    equal(await versionOf({ capacity: 3 }, 1), 2);
    equal(await versionOf({ capacity: 4 }, 7), 8);
    clock.nowMs += 1;
    const same = must(await change({ capacity: 4 }, newDraw(), { atLeast: 20 }));
    deepEqual([same.rules.version, same.room.changedAt], [21, rfc3339(clock.nowMs)]);
    deepEqual(await read(office, room), same);
    const { items } = await auditLog.list(room, { limit: 1, after: null });
    deepEqual(items.map(({ action, old, new: next, operator }) => [action, old, next, operator]), [
      ["ROOM_CHANGED", {}, {}, ALEX.operator],
    ]);
    const again = () => change({ capacity: 4 }, newDraw(), { atLeast: 21 });
    deepEqual(must(await unchanged(office.sql, again)), same);
  });

  test("`change()` records an opening and passes the version that the queue follows", async (office) => {
    const { clock } = office;
    const opensAtMs = clock.nowMs + 1;
    const room = await newRoom(office, { state: "CLOSED", opensAtMs });
    clock.nowMs += 1;
    const { rules } = must(await changing(office, room)({}, newDraw(), { atLeast: 6 }));
    deepEqual([rules.state, rules.version], ["OPEN", 8]);
  });

  test("`create()` passes the version that the queue follows", async ({ rooms }) => {
    const room = `made-${crypto.randomUUID().slice(0, 8)}` as RoomId;
    const created = must(await rooms.create(room, {}, newDraw(), ALEX, { atLeast: 9 }));
    deepEqual([created.rules.version, created.room.version], [10, 10]);
  });

  test("what cannot be is refused, across what is stored and what is given", async (office) => {
    const { clock, rooms, sql } = office;
    const room = await newRoom(office, { pollMinSeconds: 10, pollMaxSeconds: 20 });
    const later = clock.nowMs + MINUTE_MS;
    const inPast: RoomSettingsFault = { code: "OPENS_AT_IN_PAST", now: rfc3339(clock.nowMs) };
    const inState = (state: RoomState): RoomSettingsFault => ({
      code: "OPENS_AT_NOT_ALLOWED",
      state,
    });
    const refused: [Partial<RoomSettings>, RoomSettingsFault[]][] = [
      [{ opensAtMs: later }, [inState("OPEN")]],
      [{ state: "HELD", opensAtMs: later }, [inState("HELD")]],
      [{ state: "HELD", opensAtMs: 0 }, [inState("HELD")]],
      [{ state: "LOBBY", opensAtMs: clock.nowMs }, [inPast]],
      [{ state: "CLOSED", opensAtMs: 0 }, [inPast]],
      [{ pollMaxSeconds: 9 }, [{ code: "POLL_MAX_BELOW_MIN", pollMinSeconds: 10 }]],
      [{ pollMinSeconds: 21 }, [{ code: "POLL_MIN_ABOVE_MAX", pollMaxSeconds: 20 }]],
      [{ pollMinSeconds: 8, pollMaxSeconds: 7, opensAtMs: later }, [
        inState("OPEN"),
        { code: "POLL_MAX_BELOW_MIN", pollMinSeconds: 8 },
      ]],
    ];
    for (const [changes, faults] of refused) {
      const change = () => changing(office, room)({ capacity: 1, ...changes });
      deepEqual(refusalOf(await unchanged(sql, change)), { kind: "ROOM_SETTINGS_INVALID", faults });
    }
    const create = () =>
      rooms.create(NOWHERE, { pollMinSeconds: 61, opensAtMs: later }, newDraw(), ALEX);
    deepEqual(refusalOf(await unchanged(sql, create)), {
      kind: "ROOM_SETTINGS_INVALID",
      faults: [inState("OPEN"), { code: "POLL_MIN_ABOVE_MAX", pollMaxSeconds: 60 }],
    });
  });
}
