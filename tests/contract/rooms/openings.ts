import { deepEqual, equal, ok } from "node:assert/strict";
import type { RoomSettings } from "../../../src/domain/room.ts";
import { unchanged } from "../box_office/laws.ts";
import {
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

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

/** Openings by the clock, and the draws of those who gathered before. */
export function openingsContract(test: ContractTest): void {
  test("an opening by the clock is for a CLOSED room or a LOBBY, and a LOBBY alone keeps it", async (office) => {
    const opensAtMs = office.clock.nowMs + MINUTE_MS;
    const room = await newRoom(office, { state: "CLOSED", opensAtMs });
    const change = changing(office, room);
    const opening = async (changes: Partial<RoomSettings>) =>
      must(await change(changes, newDraw(), { endLobby: true })).rules.opensAtMs;
    equal(await opening({ state: "LOBBY" }), opensAtMs);
    equal(await opening({ capacity: 3 }), opensAtMs);
    for (const state of ["CLOSED", "OPEN", "HELD", "DRAINING"] as const) {
      equal(await opening({ state }), null);
      equal(await opening({ state: "LOBBY" }), null);
      equal(await opening({ opensAtMs }), opensAtMs);
    }
    equal(await opening({ state: "CLOSED", opensAtMs }), opensAtMs);
    equal(await opening({ capacity: 4 }), opensAtMs);
    equal(await opening({ state: "OPEN", opensAtMs: null }), null);
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
    deepEqual((await rooms.list(ALL_ROOMS)).find((listed) => listed.room === room), due.room);
    clock.nowMs += 5000;
    const settled = await rooms.recordOpening(room);
    deepEqual(settled, {
      room: { ...due.room, version: 2 },
      rules: { ...closed.rules, ...FIRST, version: 2 },
    });
    deepEqual(await unchanged(sql, () => rooms.recordOpening(room)), settled);
    deepEqual(await read(office, room), settled);
  });

  test("what time has done is written down before a change, and not by a refused one", async (office) => {
    const { clock, sql } = office;
    const opensAtMs = clock.nowMs + 1;
    const change = changing(office, await newRoom(office, { state: "LOBBY", opensAtMs }));
    clock.nowMs += 1;
    const late = () => change({ opensAtMs: clock.nowMs + MINUTE_MS });
    equal(refusalOf(await unchanged(sql, late)).kind, "ROOM_SETTINGS_INVALID");
    const opened = must(await change({ capacity: 3 }));
    deepEqual(opened.rules, {
      ...FIRST,
      capacity: 3,
      version: 3,
      madeAtMs: opensAtMs - 1,
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
    must(await change({ state: "HELD" }, second, { endLobby: true }));
    await drawn(first, openedAtMs);
    clock.nowMs += 1;
    must(await change({ state: "OPEN" }, second));
    must(await change({ state: "CLOSED" }, second));
    await drawn(first, openedAtMs);
    openedAtMs = clock.nowMs + MINUTE_MS;
    must(await change({ state: "LOBBY", opensAtMs: openedAtMs }, second));
    await drawn(second, null);
    // By the clock, also for a room that was closed in between.
    must(await change({ state: "CLOSED", opensAtMs: openedAtMs }, third));
    clock.nowMs = openedAtMs;
    await drawn(second, openedAtMs);
    clock.nowMs += 1;
    await office.rooms.recordOpening(room);
    await drawn(second, openedAtMs);
    must(await change({ state: "LOBBY" }, third));
    await drawn(third, null);
    openedAtMs = ++clock.nowMs;
    must(await change({ state: "DRAINING" }, newDraw(), { endLobby: true }));
    await drawn(third, openedAtMs);
    ok(new Set([first, second, third].map(({ seed }) => seed)).size === 3);
  });

  test("one act may write down that a lobby has opened, and make the next", async (office) => {
    const { auditLog, clock } = office;
    const opensAtMs = clock.nowMs + 1;
    const room = await newRoom(office, { state: "LOBBY", opensAtMs });
    const madeAtMs = clock.nowMs;
    clock.nowMs += 5;
    const next = newDraw();
    const { rules } = must(await changing(office, room)({ state: "LOBBY" }, next));
    deepEqual(rules, { ...FIRST, state: "LOBBY", version: 3, madeAtMs, draw: next });
    const { items } = await auditLog.list(room, { limit: 3, after: null });
    deepEqual(items.map(({ action }) => action), ["ROOM_CHANGED", "ROOM_OPENED", "ROOM_CREATED"]);
  });
}
