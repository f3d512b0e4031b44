import { deepEqual, equal } from "node:assert/strict";
import { MAIN_ROOM, type RoomId } from "../../../src/domain/ids.ts";
import { type AuditEntry, CLOCK_OPERATOR } from "../../../src/domain/audit.ts";
import {
  ALEX,
  FIRST,
  must,
  newDraw,
  newRoom,
  putOnSale,
  refusalOf,
  rfc3339,
} from "../../contract/box_office/office.ts";
import { deleteMainRoom } from "../../support/room.ts";
import {
  behindLock,
  CONTENDERS,
  inTransaction,
  officeAt,
  type RaceTest,
  type RaceTrack,
  rounds,
  untilWaiting,
} from "./race.ts";

const LOCK_ROOM = "select 1 from rooms where room_id = $1::text for no key update";
const INSERT_MAIN = `
  insert into rooms (room_id, state, opens_by_itself, gathers, ends_gathering, capacity,
      admission_ttl_ms, hold_ttl_ms, poll_min_seconds, poll_max_seconds, version, made_at,
      changed_at)
    values ('main', 'OPEN', false, false, true, 7, 1, 1, 1, 1, 1, now(), now())`;

const ALL = { limit: 100, after: null };

/** Oldest first. */
async function storyOf({ office }: RaceTrack, room: RoomId): Promise<readonly AuditEntry[]> {
  return (await office.auditLog.list(room, ALL)).items.toReversed();
}

/** Runs these side by side, all of them waiting for the room before the first goes on. */
async function sideBySide<Outcome>(
  track: RaceTrack,
  room: RoomId,
  acts: readonly (() => Promise<Outcome>)[],
): Promise<Outcome[]> {
  return await behindLock(track, { text: LOCK_ROOM, params: [room] }, async (release) => {
    const outcomes = acts.map((act) => act());
    // The one connection that is left asks how many wait.
    await untilWaiting(track, acts.length);
    await release();
    return await Promise.all(outcomes);
  });
}

export function roomRaces(test: RaceTest): void {
  test("of changes at once each is a version and a line, and each goes on from the last", async (track) => {
    const { rooms } = track.office;
    const room = await newRoom(track.office);
    const changes = Array.from({ length: CONTENDERS - 1 }, (_, index) => ({ capacity: index + 1 }));
    const outcomes = await sideBySide(
      track,
      room,
      changes.map((change) => () => rooms.change(room, change, newDraw(), ALEX)),
    );
    const changed = outcomes.map(must).toSorted((one, two) =>
      one.rules.version - two.rules.version
    );
    deepEqual(changed.map(({ rules }) => rules.version), changes.map((_, index) => index + 2));
    deepEqual((await rooms.rules(room)).rules, changed.at(-1)?.rules);

    const [_created, ...lines] = await storyOf(track, room);
    const capacities = [FIRST.capacity, ...changed.map(({ rules }) => rules.capacity)];
    deepEqual(
      lines.map((line) => [line.old, line.new]),
      changes.map((_, index) => [
        { capacity: capacities[index] },
        { capacity: capacities[index + 1] },
      ]),
    );
  });

  test("a room opens by the clock once, under concurrent settling and changes", async (track) => {
    for (let round = 0; round < rounds(3); round++) {
      const { clock } = track.office;
      const opensAtMs = clock.nowMs + 1000;
      const draw = newDraw();
      const room = await newRoom(track.office, { state: "LOBBY", opensAtMs }, draw);
      const { rooms } = officeAt(track.office, opensAtMs + 5);
      const acts = Array.from(
        { length: CONTENDERS - 1 },
        (_, index) => async () =>
          index % 3 === 0
            ? must(await rooms.change(room, { capacity: index + 1 }, newDraw(), ALEX))
            : await rooms.recordOpening(room),
      );
      const outcomes = await sideBySide(track, room, acts);
      for (const found of outcomes) {
        equal(found?.rules.state, "OPEN");
        equal(found?.room.draw?.openedAt, rfc3339(opensAtMs));
        deepEqual(found?.rules.draw, draw);
      }
      const lines = await storyOf(track, room);
      const changes = acts.length / 3;
      deepEqual(lines.map(({ action }) => action), [
        "ROOM_CREATED",
        "ROOM_OPENED",
        ...Array.from({ length: changes }, () => "ROOM_CHANGED"),
      ]);
      equal(lines[1]?.operator, CLOCK_OPERATOR);
      equal((await rooms.rules(room)).rules?.version, 2 + changes);
    }
  });

  test("no change that waited for another ends the lobby that the other began", async (track) => {
    const { rooms } = track.office;
    const room = await newRoom(track.office);
    const changes = Array.from(
      { length: CONTENDERS - 1 },
      (_, index) =>
        index % 2 ? { state: "OPEN", capacity: index } as const : { state: "LOBBY" } as const,
    );
    const outcomes = await sideBySide(
      track,
      room,
      changes.map((change) => () => rooms.change(room, change, newDraw(), ALEX)),
    );
    for (const outcome of outcomes) if (!outcome.ok) equal(outcome.failure.kind, "LOBBY_WOULD_END");
    const found = await rooms.find(room);
    deepEqual([found?.settings.state, found?.draw?.openedAt], ["LOBBY", null]);
  });

  test("of the first callers for `main` one creates it, and all get the same", async (track) => {
    const { rooms } = track.office;
    await deleteMainRoom(track.office.sql);
    const found = await Promise.all(
      Array.from({ length: CONTENDERS }, () => rooms.rules(MAIN_ROOM)),
    );
    const main = { ...FIRST, version: 1, madeAtMs: track.office.clock.nowMs, draw: null };
    deepEqual(found.map(({ rules }) => rules), found.map(() => main));

    // Also those who found none, while another had made it and not committed yet.
    await deleteMainRoom(track.office.sql);
    await inTransaction(track.database, async (session, commit) => {
      await session.sql(INSERT_MAIN, []);
      const asked = [
        rooms.rules(MAIN_ROOM).then(({ rules }) => rules),
        rooms.recordOpening(MAIN_ROOM).then((settled) => settled?.rules),
        rooms.change(MAIN_ROOM, {}, newDraw(), ALEX).then((same) => must(same).rules),
      ];
      await untilWaiting(track, asked.length);
      await commit();
      deepEqual((await Promise.all(asked)).map((rules) => rules?.capacity), [7, 7, 7]);
    });
    await deleteMainRoom(track.office.sql);
  });

  test("of those who make one room at once one does, and the others are refused", async (track) => {
    const { rooms } = track.office;
    const room = `made-${crypto.randomUUID().slice(0, 8)}` as RoomId;
    const outcomes = await Promise.all(
      Array.from(
        { length: CONTENDERS },
        (_, index) => rooms.create(room, { state: "LOBBY", capacity: index + 1 }, newDraw(), ALEX),
      ),
    );
    const made = outcomes.flatMap((outcome) => outcome.ok ? [outcome.value] : []);
    equal(made.length, 1);
    deepEqual(await rooms.find(room), made[0]?.room);
    equal((await storyOf(track, room)).length, 1);
  });

  test("of a room's end and a concert that comes into it, the first one counts", async (track) => {
    const { rooms, catalogue } = track.office;
    const end = (room: RoomId) => rooms.remove(room, ALEX, { atLeast: 0 });
    const refusal = { kind: "ROOM_IN_USE" };
    for (const arrival of ["created", "moved"] as const) {
      const [room, elsewhere] = [await newRoom(track.office), await newRoom(track.office)];
      const [{ concertId }] = await putOnSale(track.office, [{ seats: 1 }], elsewhere);
      const come = (into: RoomId) =>
        arrival === "moved"
          ? catalogue.update(concertId, { room: into }, ALEX)
          : putOnSale(track.office, [{ seats: 1 }], into).then(() => null);
      // The concert has come, and its transaction has not ended yet.
      await inTransaction(track.database, async (session, commit) => {
        await session.sql("select claim_room(json_build_object('room', $1::text)::jsonb)", [room]);
        await session.sql(
          `insert into concerts (room_id, title, description, time_zone, created_at)
            values ($1::text, 'Ode', '', 'Asia/Seoul', now())`,
          [room],
        );
        await session.sql(
          `with date as (
            insert into schedules (concert_id, concert_at, reservation_available_at, seat_count,
                seats_left)
              select max(concert_id), timestamptz '2999-01-01', now(), 1, 1 from concerts
                where room_id = $1::text
              returning schedule_id)
          insert into seats (schedule_id, seat_number, label, price)
            select schedule_id, 1, '1', 0 from date`,
          [room],
        );
        const ending = end(room);
        await untilWaiting(track, 1);
        await commit();
        deepEqual(refusalOf(await ending), refusal);
      });
      // The room has ended, and that transaction has not ended yet.
      await inTransaction(track.database, async (session, commit) => {
        const gone = await newRoom(track.office);
        const { removed } = (await session.sql(
          `select remove_room(json_build_object('room', $1::text, 'check', false, 'atLeast', 0,
            'act', json_build_object('operator', 'alex'))::jsonb)::text as removed`,
          [gone],
        ))[0] as { removed: string };
        equal(JSON.parse(removed).version, 2);
        const coming = come(gone).then(() => "CAME", () => "REFUSED");
        await untilWaiting(track, 1);
        await commit();
        await coming;
        const stays = "select count(*)::text as n from concerts where room_id = $1::text";
        deepEqual(await track.office.sql(stays, [gone]), [{ n: "0" }]);
      });
    }
  });

  test("of changes of a concert at once each tells the log what the last one left", async (track) => {
    const { catalogue } = track.office;
    const room = await newRoom(track.office);
    const [{ concertId }] = await putOnSale(track.office, [{ seats: 1 }], room);
    const lock = {
      text: "select 1 from concerts where concert_id = $1::text::bigint for no key update",
      params: [String(concertId)],
    };
    const titles = Array.from({ length: CONTENDERS - 1 }, (_, index) => `Ode ${index}`);
    await behindLock(track, lock, async (release) => {
      const updates = titles.map((title) => catalogue.update(concertId, { title }, ALEX));
      await untilWaiting(track, titles.length);
      await release();
      (await Promise.all(updates)).forEach(must);
    });
    const [_created, ...lines] = await storyOf(track, room);
    const newTitles = lines.map((line) => (line.new as { title: string }).title);
    deepEqual(newTitles.toSorted(), titles.toSorted());
    deepEqual(
      lines.map((line) => (line.old as { title: string }).title),
      ["Ode", ...newTitles.slice(0, -1)],
    );
    equal((await catalogue.get(concertId))?.title, newTitles.at(-1));
  });
}
