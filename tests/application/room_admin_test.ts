import assert from "node:assert/strict";
import type { Maintenance } from "../../src/application/maintenance.ts";
import { roomKey } from "../../src/application/cache_keys.ts";
import { createRoomAdmin } from "../../src/application/room_admin.ts";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import { ok, refused } from "../../src/domain/result.ts";
import type { Rules } from "../../src/domain/room.ts";
import type { Cache } from "../../src/ports/cache.ts";
import type { PlaceView, QueueCounts, QueueStore } from "../../src/ports/queue_store.ts";
import type { ChangedRoom, ChangeOptions, Room, Rooms } from "../../src/ports/rooms.ts";

const ACT = { operator: "alex", reason: null };
const ROOM = { room: MAIN_ROOM, version: 4 } as Room;
const CHANGED: ChangedRoom = { room: ROOM, rules: { version: 4 } as Rules };
const EVICTED = ["evicted", roomKey(MAIN_ROOM)];
const PLACE: PlaceView = {
  state: "WAITING",
  epoch: "epoch",
  order: 9,
  ticket: 9,
  ahead: 3,
  expiresAtMs: null,
};

/** A line that follows rules of this version; null without rules. */
function adminOver(followed: number | null, rooms: Partial<Rooms> = {}) {
  const calls: unknown[] = [];
  const line = { followed, isAway: false };
  const queue: Pick<QueueStore, "counts" | "applyRules" | "findPlace" | "endPlaces"> = {
    counts: async () =>
      line.followed === null ? null : { rulesVersion: line.followed } as QueueCounts,
    async applyRules(_room, { version }) {
      if (line.isAway) throw new Error("away");
      line.followed = version;
    },
    findPlace: async () => PLACE,
    endPlaces: async (...ended) => void calls.push(["ended", ...ended]),
  };
  const options = (given?: ChangeOptions) => void calls.push(given);
  const roomAdmin = createRoomAdmin({
    rooms: {
      find: async () => ROOM,
      async create(_room, _settings, _draw, _act, given) {
        options(given);
        return ok({ ...CHANGED, line: null, replayed: false });
      },
      async change(_room, _changes, _draw, _act, given) {
        options(given);
        return ok(CHANGED);
      },
      ...rooms,
    } as Rooms,
    queue: queue as QueueStore,
    auditLog: { list: async () => ({ items: [], next: null }) },
    recordedAnswers: {
      find: async () => ok(null),
      async record({ answer, effects, entry }) {
        calls.push(entry?.action);
        return ok({ json: JSON.stringify(answer), effects, replayed: false });
      },
    },
    publicRooms: { forget: () => {} },
    cache: { evict: async (keys) => void calls.push(["evicted", ...keys]) } as Cache,
    maintenance: {} as Maintenance,
    hasChallenge: false,
    newId: () => "id",
  });
  return { roomAdmin, calls, line };
}

Deno.test("`change()` passes the version that the line follows, and the line follows the change", async () => {
  const { roomAdmin, calls } = adminOver(3);
  const changed = await roomAdmin.change(MAIN_ROOM, {}, ACT, { endLobby: true });
  assert.deepEqual(calls, [{ endLobby: true, atLeast: 3 }, EVICTED]);
  assert.equal(changed.ok && changed.value.counts?.rulesVersion, 4);
  await roomAdmin.change(MAIN_ROOM, {}, ACT);
  assert.deepEqual(calls[2], { endLobby: false, atLeast: 4 });
});

Deno.test("a change whose rules do not reach the line evicts the public answer all the same", async () => {
  const { roomAdmin, calls, line } = adminOver(3);
  line.isAway = true;
  await assert.rejects(roomAdmin.change(MAIN_ROOM, {}, ACT), /away/);
  assert.deepEqual(calls.at(-1), EVICTED);
});

Deno.test("`change()` of a room that the line does not know is refused", async () => {
  const { roomAdmin, calls } = adminOver(null);
  assert.deepEqual(await roomAdmin.change(MAIN_ROOM, {}, ACT), refused({ kind: "ROOM_NOT_FOUND" }));
  assert.deepEqual(calls, []);
});

Deno.test("a refused change does not reach the line", async () => {
  const refusal = refused({ kind: "LOBBY_WOULD_END", state: "HELD", opensAt: null } as const);
  const { roomAdmin } = adminOver(3, { change: async () => refusal });
  assert.deepEqual(await roomAdmin.change(MAIN_ROOM, { state: "HELD" }, ACT), refusal);
  assert.equal((await roomAdmin.get(MAIN_ROOM))?.counts?.rulesVersion, 3);
});

Deno.test("`create()` passes the version of a line that outlived its room", async () => {
  for (const [followed, atLeast] of [[7, 7], [null, 0]] as const) {
    const { roomAdmin, calls } = adminOver(followed);
    await roomAdmin.create(MAIN_ROOM, {}, ACT, null);
    assert.equal((calls[0] as ChangeOptions).atLeast, atLeast);
  }
});

Deno.test("`endPlace()` is recorded, and then ends the place as REMOVED", async () => {
  const { roomAdmin, calls } = adminOver(3);
  const fan = "ann" as FanId;
  assert.deepEqual(
    await roomAdmin.endPlace(MAIN_ROOM, fan, ACT, null),
    ok({ place: PLACE, replayed: false }),
  );
  const place = { room: MAIN_ROOM, fan, order: 9, epoch: "epoch" };
  assert.deepEqual(calls, ["PLACE_ENDED", ["ended", [place], "REMOVED"]]);
});
