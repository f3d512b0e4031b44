import { deepEqual, equal, ok } from "node:assert/strict";
import type { PageRequest } from "../../../src/domain/booking.ts";
import { MAIN_ROOM, type RoomId } from "../../../src/domain/ids.ts";
import { type AuditEntry, CLOCK_OPERATOR, type NewAuditEntry } from "../../../src/domain/audit.ts";
import { readAll } from "../bookings/lists.ts";
import {
  ALEX,
  type BoxOffice,
  type ContractTest,
  must,
  newDraw,
  newRoom,
  nth,
  putOnSale,
  rfc3339,
} from "../box_office/office.ts";

const ALL = 10_000;

async function logOf({ auditLog }: Pick<BoxOffice, "auditLog">, room: RoomId | null) {
  return (await auditLog.list(room, { limit: ALL, after: null })).items;
}

/** What was done in a room, without the numbers of the entries. */
async function storyOf(office: BoxOffice, room: RoomId) {
  return (await logOf(office, room)).map(({ entryId: _, ...entry }) => entry);
}

function entryOf(room: RoomId | null, subject: string): NewAuditEntry {
  return { ...ALEX, action: "PLACE_ENDED", room, subject, old: { state: "ADMITTED" }, new: null };
}

/** Who did what: in the same act as what they did. */
export function auditLogContract(test: ContractTest): void {
  test("each change of a room is one line, with what was changed and nothing else", async (office) => {
    const { clock, rooms } = office;
    const opensAtMs = clock.nowMs + 5000;
    const room = await newRoom(office, { state: "LOBBY", opensAtMs, admissionTtlMs: 1500 });
    const line = { ...ALEX, room, subject: null };
    const created = {
      ...line,
      at: rfc3339(clock.nowMs),
      action: "ROOM_CREATED",
      old: null,
      new: {
        state: "LOBBY",
        opensAt: rfc3339(opensAtMs),
        capacity: 1000,
        admissionsPerMinute: null,
        admissionTtlSeconds: 1.5,
        holdTtlSeconds: 300,
        pollMinSeconds: 2,
        pollMaxSeconds: 60,
        challengeAtJoin: false,
      },
    };
    deepEqual(await storyOf(office, room), [created]);
    clock.nowMs += 1000;
    const act = { operator: "kim", reason: null };
    const changes = { capacity: 5, admissionsPerMinute: 60, holdTtlMs: 60_000, pollMinSeconds: 2 };
    must(await rooms.change(room, changes, newDraw(), act));
    must(await rooms.change(room, changes, newDraw(), act));
    const slowed = {
      ...line,
      ...act,
      at: rfc3339(clock.nowMs),
      action: "ROOM_CHANGED",
      old: { capacity: 1000, admissionsPerMinute: null, holdTtlSeconds: 300 },
      new: { capacity: 5, admissionsPerMinute: 60, holdTtlSeconds: 60 },
    };
    deepEqual(await storyOf(office, room), [slowed, created]);
    clock.nowMs = opensAtMs + 7;
    await rooms.recordOpening(room);
    await rooms.recordOpening(room);
    must(await rooms.change(room, { state: "HELD" }, newDraw(), ALEX));
    deepEqual(await storyOf(office, room), [
      {
        ...line,
        at: rfc3339(opensAtMs + 7),
        action: "ROOM_CHANGED",
        old: { state: "OPEN" },
        new: { state: "HELD" },
      },
      {
        ...line,
        at: rfc3339(opensAtMs),
        operator: CLOCK_OPERATOR,
        reason: null,
        action: "ROOM_OPENED",
        old: { state: "LOBBY", opensAt: rfc3339(opensAtMs) },
        new: { state: "OPEN", opensAt: null },
      },
      slowed,
      created,
    ]);
  });

  test("each change of a concert is one line, where an operator made it", async (office) => {
    const { catalogue, clock } = office;
    const [room, there] = [await newRoom(office), await newRoom(office)];
    const story = async (of: RoomId) =>
      (await storyOf(office, of)).filter(({ action }) => action !== "ROOM_CREATED");
    const [silent] = await putOnSale(office, [{ seats: 1 }], room);
    must(await catalogue.update(silent.concertId, { title: "No" }, null));
    deepEqual(await story(room), []);

    const opening = rfc3339(clock.nowMs);
    const seat = { price: 1, section: null, row: null, x: null, y: null };
    const date = { concertAt: rfc3339(clock.nowMs + 86_400_000), reservationAvailableAt: opening };
    const concert = must(
      await catalogue.create({
        title: "Ode",
        description: "",
        venue: "Hall",
        timeZone: "UTC",
        room,
        schedules: [
          { ...date, seats: [{ seatNumber: 1, ...seat }, { seatNumber: 2, ...seat }] },
          { ...date, seats: [{ seatNumber: 1, ...seat }] },
        ],
      }, ALEX),
    );
    const { concertId } = concert;
    const line = { ...ALEX, room, subject: String(concertId) };
    const created = {
      ...line,
      at: rfc3339(clock.nowMs),
      action: "CONCERT_CREATED",
      old: null,
      new: { title: "Ode", room, schedules: 2, seats: 3 },
    };
    deepEqual(await story(room), [created]);

    clock.nowMs += 1;
    const [first, second] = concert.schedules;
    const later = rfc3339(clock.nowMs + 3_600_000);
    const schedules = [
      { scheduleId: second!.scheduleId, reservationAvailableAt: later },
      { scheduleId: first!.scheduleId, reservationAvailableAt: opening },
    ];
    const changes = { title: "Ode", venue: null, schedules };
    must(await catalogue.update(concertId, changes, ALEX));
    must(await catalogue.update(concertId, changes, ALEX));
    const { scheduleId } = second!;
    const moved = {
      ...line,
      at: rfc3339(clock.nowMs),
      action: "CONCERT_CHANGED",
      old: {
        venue: "Hall",
        schedules: [{ scheduleId, reservationAvailableAt: opening }],
      },
      new: {
        venue: null,
        schedules: [{ scheduleId, reservationAvailableAt: later }],
      },
    };
    deepEqual(await story(room), [moved, created]);

    clock.nowMs += 1;
    must(await catalogue.update(concertId, { status: "WITHDRAWN", room: there }, ALEX));
    deepEqual(await story(room), [moved, created]);
    deepEqual(await story(there), [{
      ...line,
      room: there,
      at: rfc3339(clock.nowMs),
      action: "CONCERT_CHANGED",
      old: { room, status: "ON_SALE" },
      new: { room: there, status: "WITHDRAWN" },
    }]);
  });

  test("`record()` writes down what was done elsewhere", async (office) => {
    const { clock, auditLog } = office;
    const entry = entryOf(MAIN_ROOM, "fan-1");
    await auditLog.record(entry);
    const { entryId, ...recorded } = nth(await logOf(office, MAIN_ROOM), 0);
    ok(Number.isInteger(entryId));
    deepEqual(recorded, { ...entry, at: rfc3339(clock.nowMs) });
  });

  test("the audit log pages newest first, each entry once, ties and all", async (office) => {
    const { clock, auditLog } = office;
    const [room, other] = [await newRoom(office), await newRoom(office)];
    const subjects = ["a", "b", "c", "d", "e", "f"];
    for (const [index, subject] of subjects.entries()) {
      await auditLog.record(entryOf(room, subject));
      await auditLog.record(entryOf(index % 2 ? null : other, subject));
      clock.nowMs += index % 2; // In pairs they tie to the millisecond.
    }
    const entries = await logOf(office, room);
    deepEqual(entries.map(({ subject }) => subject), [...subjects.toReversed(), null]);
    const list = (page: PageRequest) => auditLog.list(room, page);
    for (const [limit, sizes] of [[1, [1, 1, 1, 1, 1, 1, 1]], [4, [4, 3]], [7, [7]], [9, [7]]]) {
      deepEqual(await readAll(limit as number, list), { sizes, items: entries });
    }

    const all = await logOf(office, null);
    const { items } = await readAll(
      Math.ceil(all.length / 20),
      (page) => auditLog.list(null, page),
    );
    deepEqual(items, all);
    deepEqual(all.filter((entry) => entry.room === room), entries);
    deepEqual(
      all.filter((entry) => entry.room === null).slice(0, 3).map(({ subject }) => subject),
      [
        "f",
        "d",
        "b",
      ],
    );
    const newestFirst = (one: AuditEntry, two: AuditEntry) =>
      two.at.localeCompare(one.at) || two.entryId - one.entryId;
    deepEqual(all.toSorted(newestFirst), all);
    equal(new Set(all.map(({ entryId }) => entryId)).size, all.length);
  });
}
