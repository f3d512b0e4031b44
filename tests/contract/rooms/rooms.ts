import { deepEqual, equal, ok } from "node:assert/strict";
import { MAIN_ROOM, type RoomId } from "../../../src/domain/ids.ts";
import type { RoomSettings, RoomState } from "../../../src/domain/room.ts";
import type { ChangedRoom, RoomSettingsFault } from "../../../src/ports/rooms.ts";
import { deleteMainRoom } from "../../support/room.ts";
import { unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type BoxOffice,
  type ContractTest,
  FIRST,
  must,
  newDraw,
  newRoom,
  refusalOf,
  rfc3339,
} from "../box_office/office.ts";

const MINUTE_MS = 60_000;
const NOWHERE = "nowhere" as RoomId;

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

/** Changes a room as `ALEX` does, with a draw that nobody knows. */
function changing({ rooms }: Pick<BoxOffice, "rooms">, room: RoomId) {
  return (changes: Partial<RoomSettings>, draw = newDraw()) =>
    rooms.change(room, changes, draw, ALEX);
}

async function read({ rooms }: BoxOffice, room: RoomId): Promise<ChangedRoom> {
  const [found, rules] = [await rooms.find(room), await rooms.rules(room)];
  if (!found || !rules) throw new Error(`there is no room ${room}`);
  return { room: found, rules };
}

/** Rooms as their operator makes and changes them. */
export function roomsContract(test: ContractTest): void {
  test("`main` comes into being with the first settings when it is first asked for", async (office) => {
    const { rooms, sql } = office;
    const asks: Record<string, () => Promise<unknown>> = {
      rules: () => rooms.rules(MAIN_ROOM),
      find: () => rooms.find(MAIN_ROOM),
      list: () => rooms.list(),
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
      deepEqual(await rooms.rules(MAIN_ROOM), { ...FIRST, version: 1, draw: null });
    }
  });

  test("no other room comes into being by asking", async (office) => {
    const { rooms, sql } = office;
    equal(await unchanged(sql, () => rooms.rules(NOWHERE)), null);
    equal(await unchanged(sql, () => rooms.find(NOWHERE)), null);
    equal(await unchanged(sql, () => rooms.recordOpening(NOWHERE)), null);
    const outcome = await unchanged(sql, () => changing(office, NOWHERE)({ capacity: 7 }));
    deepEqual(refusalOf(outcome), { kind: "ROOM_NOT_FOUND" });
  });

  test("`create()` takes what is not named from the first settings", async (office) => {
    const { rooms, clock } = office;
    const room = `made-${crypto.randomUUID().slice(0, 8)}` as RoomId;
    const named = { capacity: 7, admissionsPerMinute: 30, pollMaxSeconds: 5 };
    const created = must(await rooms.create(room, named, newDraw(), ALEX));
    const settings = { ...FIRST, ...named };
    deepEqual(created, {
      room: { room, settings, version: 1, draw: null, changedAt: rfc3339(clock.nowMs) },
      rules: { ...settings, version: 1, draw: null },
    });
    deepEqual(await read(office, room), created);
    const list = await rooms.list();
    deepEqual(list.filter((listed) => listed.room === room), [created.room]);
    deepEqual(list.map((listed) => listed.room), list.map((listed) => listed.room).toSorted());
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
        rules: { ...expected, version: index + 2, draw: null },
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

  test("an opening by the clock is for a CLOSED room or a LOBBY, and stays while it may", async (office) => {
    const opensAtMs = office.clock.nowMs + MINUTE_MS;
    const room = await newRoom(office, { state: "CLOSED", opensAtMs });
    const change = changing(office, room);
    const opening = async (changes: Partial<RoomSettings>) =>
      must(await change(changes)).rules.opensAtMs;
    equal(await opening({ state: "LOBBY" }), opensAtMs);
    equal(await opening({ capacity: 3 }), opensAtMs);
    equal(await opening({ state: "CLOSED" }), opensAtMs);
    for (const state of ["OPEN", "HELD", "DRAINING"] as const) {
      equal(await opening({ state }), null);
      equal(await opening({ state: "LOBBY" }), null);
      equal(await opening({ opensAtMs }), opensAtMs);
    }
    equal(await opening({ state: "OPEN", opensAtMs: null }), null);
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

  test("a room is OPEN from its time on, to the millisecond, written down or not", async (office) => {
    const { clock, rooms, sql } = office;
    const opensAtMs = clock.nowMs + 1000;
    const room = await newRoom(office, { state: "CLOSED", opensAtMs });
    const closed = await read(office, room);
    clock.nowMs += 999;
    deepEqual(await unchanged(sql, () => rooms.recordOpening(room)), closed);
    clock.nowMs += 1;
    const due = await unchanged(sql, () => read(office, room));
    // The line decides by its own clock, so that its rules are as they were.
    deepEqual(due.rules, closed.rules);
    deepEqual(due.room, {
      ...closed.room,
      settings: { ...FIRST, opensAtMs: null },
      changedAt: rfc3339(opensAtMs),
    });
    deepEqual((await rooms.list()).find((listed) => listed.room === room), due.room);
    clock.nowMs += 5000;
    const settled = await rooms.recordOpening(room);
    deepEqual(settled, {
      room: { ...due.room, version: 2 },
      rules: { ...FIRST, version: 2, draw: null },
    });
    deepEqual(await unchanged(sql, () => rooms.recordOpening(room)), settled);
    deepEqual(await read(office, room), settled);
  });

  test("what time has done is written down before a change, and not by a refused one", async (office) => {
    const { clock, sql } = office;
    const change = changing(
      office,
      await newRoom(office, { state: "LOBBY", opensAtMs: clock.nowMs + 1 }),
    );
    clock.nowMs += 1;
    const late = () => change({ opensAtMs: clock.nowMs + MINUTE_MS });
    equal(refusalOf(await unchanged(sql, late)).kind, "ROOM_SETTINGS_INVALID");
    const opened = must(await change({ capacity: 3 }));
    deepEqual(opened.rules, {
      ...FIRST,
      capacity: 3,
      version: 3,
      draw: opened.rules.draw,
    });
    equal(opened.room.draw?.openedAt, rfc3339(clock.nowMs));
  });

  test("a lobby has one draw until it was held; its seed is published only then", async (office) => {
    const { clock } = office;
    const [first, second, third] = [newDraw(), newDraw(), newDraw()];
    const room = await newRoom(office, { state: "LOBBY" }, first);
    const change = changing(office, room);
    const drawn = async (draw: typeof first, openedAtMs: number | null) => {
      const { room: { draw: shown }, rules } = await read(office, room);
      deepEqual(rules.draw, draw);
      deepEqual(shown, {
        drawId: draw.id,
        commitment: await sha256(draw.seed),
        seed: openedAtMs === null ? null : draw.seed,
        openedAt: openedAtMs === null ? null : rfc3339(openedAtMs),
      });
    };
    await drawn(first, null);
    must(await change({ state: "CLOSED" }, second));
    await drawn(first, null);
    must(await change({ state: "LOBBY" }, second));
    await drawn(first, null);
    let openedAtMs = ++clock.nowMs;
    must(await change({ state: "HELD" }, second));
    await drawn(first, openedAtMs);
    clock.nowMs += 1;
    must(await change({ state: "OPEN" }, second));
    must(await change({ state: "CLOSED" }, second));
    await drawn(first, openedAtMs);
    must(await change({ state: "LOBBY", opensAtMs: clock.nowMs + 10 }, second));
    await drawn(second, null);
    // By the clock, also for a room that was closed in between.
    must(await change({ state: "CLOSED" }, third));
    clock.nowMs += 10;
    openedAtMs = clock.nowMs;
    await drawn(second, openedAtMs);
    clock.nowMs += 1;
    await office.rooms.recordOpening(room);
    await drawn(second, openedAtMs);
    must(await change({ state: "LOBBY" }, third));
    await drawn(third, null);
    openedAtMs = ++clock.nowMs;
    must(await change({ state: "DRAINING" }));
    await drawn(third, openedAtMs);
    ok(new Set([first, second, third].map(({ seed }) => seed)).size === 3);
  });

  test("one act may write down that a lobby has opened, and make the next", async (office) => {
    const { auditLog, clock } = office;
    const opensAtMs = clock.nowMs + 1;
    const room = await newRoom(office, { state: "LOBBY", opensAtMs });
    clock.nowMs += 5;
    const next = newDraw();
    const { rules } = must(await changing(office, room)({ state: "LOBBY" }, next));
    deepEqual(rules, { ...FIRST, state: "LOBBY", version: 3, draw: next });
    const { items } = await auditLog.list(room, { limit: 3, after: null });
    deepEqual(items.map(({ action }) => action), ["ROOM_CHANGED", "ROOM_OPENED", "ROOM_CREATED"]);
  });
}
