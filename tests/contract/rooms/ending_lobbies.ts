import { deepEqual, equal } from "node:assert/strict";
import type { RoomId } from "../../../src/domain/ids.ts";
import {
  endsGathering,
  OPENING_MARGIN_MS,
  ROOM_STATE_POLICIES,
  ROOM_STATES,
  type RoomSettings,
} from "../../../src/domain/room.ts";
import { unchanged } from "../box_office/laws.ts";
import {
  type BoxOffice,
  type ContractTest,
  must,
  newDraw,
  newRoom,
  refusalOf,
  rfc3339,
} from "../box_office/office.ts";
import { changing } from "./operator.ts";

const MINUTE_MS = 60_000;
const END_LOBBY = { endLobby: true };
const DRAWS = `
  select draw_id as id, epoch_ms(opened_at)::text as held
    from draws where room_id = $1 order by sequence`;
const ENDING_STATES = ROOM_STATES.filter((state) => endsGathering(ROOM_STATE_POLICIES[state]));

/** The draws of a room with the times at which they were held, in the order of creation. */
async function drawsOf({ sql }: BoxOffice, room: RoomId): Promise<unknown[]> {
  const rows = await sql(DRAWS, [room]);
  return rows.map(({ id, held }) => [id, held === null ? null : Number(held)]);
}

/** A lobby does not end by mistake, and its draw is not held twice. */
export function endingLobbiesContract(test: ContractTest): void {
  test("only a change with `endLobby` draws the fans who gathered", async (office) => {
    for (const state of ENDING_STATES) {
      for (const before of ["LOBBY", "CLOSED"] as const) {
        const draw = newDraw();
        const room = await newRoom(office, { state: "LOBBY" }, draw);
        const change = changing(office, room);
        must(await change({ state: before }));
        const end = (options = {}) => change({ state, capacity: 9 }, newDraw(), options);
        for (const options of [{}, { endLobby: false }]) {
          const refusal = refusalOf(await unchanged(office.sql, () => end(options)));
          deepEqual(refusal, { kind: "LOBBY_WOULD_END", state, opensAt: null });
        }
        const ended = must(await end(END_LOBBY));
        deepEqual([ended.rules.state, ended.rules.draw], [state, draw]);
        equal(ended.room.draw?.openedAt, rfc3339(office.clock.nowMs));
        deepEqual(must(await unchanged(office.sql, () => end())), ended, "the same again");
      }
    }
  });

  test("a change that draws nobody needs no `endLobby`", async (office) => {
    const change = changing(office, await newRoom(office));
    const steps: Partial<RoomSettings>[] = [
      { state: "HELD" },
      { state: "CLOSED", opensAtMs: office.clock.nowMs + MINUTE_MS },
      { state: "OPEN" },
      { state: "LOBBY", opensAtMs: office.clock.nowMs + MINUTE_MS },
      { opensAtMs: office.clock.nowMs + 2 * MINUTE_MS },
      { capacity: 5 },
      { state: "CLOSED" },
      { state: "LOBBY" },
    ];
    for (const changes of steps) must(await change(changes));
  });

  test("a lobby whose opening is a margin or less away is not postponed without `endLobby`", async (office) => {
    const { clock, sql } = office;
    const later = clock.nowMs + 10 * MINUTE_MS;
    for (const changes of [{ opensAtMs: later }, { opensAtMs: null }]) {
      for (const aheadMs of [1, OPENING_MARGIN_MS]) {
        const [first, second] = [newDraw(), newDraw()];
        const opensAtMs = clock.nowMs + aheadMs;
        const room = await newRoom(office, { state: "LOBBY", opensAtMs }, first);
        const change = changing(office, room);
        const refusal = refusalOf(await unchanged(sql, () => change(changes, second)));
        const opensAt = rfc3339(opensAtMs);
        deepEqual(refusal, { kind: "LOBBY_WOULD_END", state: "LOBBY", opensAt });

        const { rules, room: shown } = must(await change(changes, second, END_LOBBY));
        deepEqual([rules.state, rules.opensAtMs], ["LOBBY", changes.opensAtMs]);
        deepEqual(rules.draw, second, "the next gathering has a draw of its own");
        equal(shown.draw?.seed, null);
        deepEqual(await drawsOf(office, room), [[first.id, clock.nowMs], [second.id, null]]);
      }
    }
  });

  test("a lobby that is closed so near to its opening has had its draw", async (office) => {
    const { clock } = office;
    const [first, second] = [newDraw(), newDraw()];
    const opensAtMs = clock.nowMs + OPENING_MARGIN_MS;
    const room = await newRoom(office, { state: "LOBBY", opensAtMs }, first);
    const change = changing(office, room);
    const opensAt = rfc3339(opensAtMs);
    deepEqual(refusalOf(await change({ state: "CLOSED" })), {
      kind: "LOBBY_WOULD_END",
      state: "CLOSED",
      opensAt,
    });
    const closed = must(await change({ state: "CLOSED" }, second, END_LOBBY));
    deepEqual([closed.rules.state, closed.rules.draw], ["CLOSED", first]);
    equal(closed.room.draw?.openedAt, rfc3339(clock.nowMs));
    deepEqual(must(await change({ state: "LOBBY" }, second)).rules.draw, second);
  });

  test("a lobby whose opening is farther away is postponed with its draw", async (office) => {
    const { clock } = office;
    const draw = newDraw();
    const opensAtMs = clock.nowMs + OPENING_MARGIN_MS + 1;
    const change = changing(office, await newRoom(office, { state: "LOBBY", opensAtMs }, draw));
    const { rules } = must(await change({ opensAtMs: opensAtMs + MINUTE_MS }));
    deepEqual([rules.opensAtMs, rules.draw], [opensAtMs + MINUTE_MS, draw]);
  });

  test("so near to its opening, other settings of a lobby change with its draw", async (office) => {
    const draw = newDraw();
    const opensAtMs = office.clock.nowMs + 1;
    const room = await newRoom(office, { state: "LOBBY", opensAtMs }, draw);
    const { rules } = must(await changing(office, room)({ capacity: 3, state: "LOBBY" }));
    deepEqual([rules.state, rules.opensAtMs, rules.draw], ["LOBBY", opensAtMs, draw]);
  });

  test("a lobby that has opened gathers again with another draw", async (office) => {
    const { clock, sql } = office;
    for (const pastMs of [0, 1, OPENING_MARGIN_MS, MINUTE_MS]) {
      const [first, second] = [newDraw(), newDraw()];
      const opensAtMs = clock.nowMs + MINUTE_MS;
      const room = await newRoom(office, { state: "LOBBY", opensAtMs }, first);
      const change = changing(office, room);
      clock.nowMs = opensAtMs + pastMs;
      const later = clock.nowMs + MINUTE_MS;
      // The room is open by now, so its opening cannot be moved.
      const refusal = refusalOf(await unchanged(sql, () => change({ opensAtMs: later })));
      equal(refusal.kind, "ROOM_SETTINGS_INVALID");
      const { rules } = must(await change({ state: "LOBBY", opensAtMs: later }, second));
      deepEqual([rules.state, rules.opensAtMs, rules.draw], ["LOBBY", later, second]);
      deepEqual(await drawsOf(office, room), [[first.id, opensAtMs], [second.id, null]]);
    }
  });

  test("a closed room in which nobody gathered is postponed until it opens", async (office) => {
    const { clock } = office;
    const room = await newRoom(office, { state: "CLOSED", opensAtMs: clock.nowMs + 1 });
    const later = clock.nowMs + MINUTE_MS;
    const { rules } = must(await changing(office, room)({ opensAtMs: later }));
    deepEqual([rules.state, rules.opensAtMs, rules.draw], ["CLOSED", later, null]);
  });
}
