import type { AuditEntry, OperatorAct } from "../domain/audit.ts";
import type { Page, PageRequest } from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { FanId, RoomId } from "../domain/ids.ts";
import type { PlaceRef } from "../domain/queue.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { Draw, RoomSettings } from "../domain/room.ts";
import type { AuditLog } from "../ports/audit_log.ts";
import type { Cache } from "../ports/cache.ts";
import type { NewId } from "../ports/clock.ts";
import type {
  IdempotencyFailure,
  IdempotentRequest,
  RecordedAnswer,
  RecordedAnswers,
} from "../ports/idempotency.ts";
import type { PlaceView, QueueCounts, QueueStore } from "../ports/queue_store.ts";
import type {
  ChangedRoom,
  ChangeOptions,
  CreateRoomFailure,
  Room,
  RoomLine,
  Rooms,
  RoomSettingsFault,
  RoomSettingsRefusal,
} from "../ports/rooms.ts";
import { actOnce, nameOfRequest, sha256Hex } from "./act_once.ts";
import { roomKey } from "./cache_keys.ts";
import type { Maintenance } from "./maintenance.ts";
import type { PublicRooms } from "./public_rooms.ts";

export interface RoomAdminDependencies {
  readonly rooms: Rooms;
  readonly auditLog: Pick<AuditLog, "list">;
  readonly recordedAnswers: RecordedAnswers;
  readonly queue: QueueStore;
  readonly publicRooms: Pick<PublicRooms, "forget">;
  readonly cache: Cache;
  readonly maintenance: Maintenance;
  /** Whether a challenge is set up, so that rooms may ask for it. */
  readonly hasChallenge: boolean;
  readonly newId: NewId;
}

export interface RoomWithCounts extends Room {
  /** Null if the queue does not know the room. */
  readonly counts: (RoomLine & Pick<QueueCounts, "rulesVersion">) | null;
}

export interface RecordedRoom {
  readonly room: RoomWithCounts;
  /** Whether an earlier request with the same key created it. */
  readonly replayed: boolean;
}

export interface EndedPlace {
  /** The place before its end. */
  readonly place: PlaceView;
  readonly replayed: boolean;
}

const EMPTY_LINE: RoomLine = {
  gathered: 0,
  waiting: 0,
  admitted: 0,
  parked: 0,
  admittedLastMinute: 0,
};

/** The operator's acts on rooms. */
export interface RoomAdmin {
  /** By name; `next` is null on the last page. */
  list(page: Parameters<Rooms["list"]>[0]): Promise<
    { readonly rooms: readonly RoomWithCounts[]; readonly next: RoomId | null }
  >;
  get(room: RoomId): Promise<RoomWithCounts | null>;
  create(
    room: RoomId,
    settings: Partial<RoomSettings>,
    act: OperatorAct,
    once: IdempotentRequest | null,
  ): Promise<Result<RecordedRoom, CreateRoomFailure>>;
  change(
    room: RoomId,
    changes: Partial<RoomSettings>,
    act: OperatorAct,
    options?: Pick<ChangeOptions, "endLobby">,
  ): Promise<
    Result<RoomWithCounts, FailureOf<"ROOM_NOT_FOUND" | "LOBBY_WOULD_END"> | RoomSettingsRefusal>
  >;
  /**
   * Deletes a room with nothing on sale, now or later, and no fan in its line; gives it as it was.
   * Tokens of its places bring nothing into a later room of the same name.
   */
  remove(
    room: RoomId,
    act: OperatorAct,
  ): Promise<Result<RoomWithCounts, FailureOf<"ROOM_NOT_FOUND" | "ROOM_IN_USE">>>;
  /**
   * Promotes at most `count` fans now, also where the state promotes nobody by itself. The answer is
   * a `MaintenanceOutcome`.
   */
  promote(
    room: RoomId,
    count: number,
    act: OperatorAct,
    once: IdempotentRequest | null,
  ): Promise<Result<RecordedAnswer<null>, IdempotencyFailure | FailureOf<"ROOM_NOT_FOUND">>>;
  /** Does in every room what the cron does. The answer is a `MaintenanceOutcome`. */
  runMaintenance(
    once: IdempotentRequest | null,
  ): Promise<Result<RecordedAnswer<null>, IdempotencyFailure>>;
  /** Ends the place of a fan in a room. */
  endPlace(
    room: RoomId,
    fan: FanId,
    act: OperatorAct,
    once: IdempotentRequest | null,
  ): Promise<
    Result<EndedPlace, IdempotencyFailure | FailureOf<"ROOM_NOT_FOUND" | "PLACE_NOT_FOUND">>
  >;
  listAudit(room: RoomId | null, page: PageRequest): Promise<Page<AuditEntry>>;
}

export function createRoomAdmin(dependencies: RoomAdminDependencies): RoomAdmin {
  const { rooms, auditLog, recordedAnswers, queue, publicRooms, cache } = dependencies;
  const { maintenance, hasChallenge, newId } = dependencies;

  /** A draw whose seed nobody can choose: 256 bits of two random ids. */
  async function newDraw(): Promise<Draw> {
    return {
      id: newId(),
      seed: await sha256Hex(newId() + newId()),
      salt: await sha256Hex(newId()),
    };
  }

  /** A room must not ask for a challenge that nobody can pass. */
  function challengeFault({ challengeAtJoin }: Partial<RoomSettings>) {
    if (!challengeAtJoin || hasChallenge) return null;
    const faults: readonly RoomSettingsFault[] = [{ code: "NO_CHALLENGE" }];
    return refused({ kind: "ROOM_SETTINGS_INVALID" as const, faults });
  }

  /**
   * Copies the rules to the queue before the answer. If the store does not answer, the change
   * remains and the operator gets a failure. The same request again copies the rules, and so does
   * the cron while the room has fans.
   */
  async function applyChange({ room, rules }: ChangedRoom): Promise<Room> {
    try {
      await queue.applyRules(room.room, rules);
    } finally {
      await evict(room.room);
    }
    return room;
  }

  /** The public answer has a long TTL, so a failure of the cache is one of the request. */
  async function evict(room: RoomId): Promise<void> {
    await cache.evict([roomKey(room)]);
    publicRooms.forget(room);
  }

  /** The deletion of the room may have ended before its removal from the queue. */
  async function finishRemoval(room: RoomId): Promise<void> {
    const { deletedVersion } = await rooms.rules(room);
    if (deletedVersion === null) return;
    await queue.removeRoom(room, deletedVersion);
    await evict(room);
  }

  async function withCounts(room: Room): Promise<RoomWithCounts> {
    return { ...room, counts: await queue.counts(room.room) };
  }

  return {
    async list(page) {
      const found = await rooms.list(page);
      const next = found.length === page.limit ? found.at(-1)?.room ?? null : null;
      return { rooms: await Promise.all(found.map(withCounts)), next };
    },
    async get(room) {
      const found = await rooms.find(room);
      return found && await withCounts(found);
    },
    async create(room, settings, act, once) {
      const fault = challengeFault(settings);
      if (fault) return fault;
      const counts = await queue.counts(room);
      const options = { atLeast: counts?.rulesVersion ?? 0, line: counts && lineOf(counts), once };
      const created = await rooms.create(room, settings, await newDraw(), act, options);
      if (!created.ok) return created;
      const { room: made, line, replayed } = created.value;
      // Since the first request with the key the room may have other rules, or be gone.
      const present = replayed ? await rooms.recordOpening(room) : created.value;
      if (present) await applyChange(present);
      return ok({
        room: { ...made, counts: { ...(line ?? EMPTY_LINE), rulesVersion: made.version } },
        replayed,
      });
    },
    async change(room, changes, act, { endLobby = false } = {}) {
      const fault = challengeFault(changes);
      if (fault) return fault;
      // A queue that does not answer fails the request before anything is changed.
      const counts = await queue.counts(room);
      if (!counts) return refused({ kind: "ROOM_NOT_FOUND" });
      const options = { endLobby, atLeast: counts.rulesVersion };
      const changed = await rooms.change(room, changes, await newDraw(), act, options);
      return changed.ok ? ok(await withCounts(await applyChange(changed.value))) : changed;
    },
    async remove(room, act) {
      const found = await rooms.find(room);
      if (!found) await finishRemoval(room);
      const counts = await queue.counts(room);
      if (!found || !counts) return refused({ kind: "ROOM_NOT_FOUND" });
      const checked = await rooms.checkRemoval(room);
      if (!checked.ok) return checked;
      const atLeast = Math.max(checked.value.version, counts.rulesVersion) + 1;
      // From here on nobody can join. If this ends before the deletion, the room goes on in a minute.
      if (!await queue.sealRoom(room, atLeast)) return refused({ kind: "ROOM_IN_USE" });
      const removed = await rooms.remove(room, act, { atLeast });
      if (!removed.ok) return removed;
      await queue.removeRoom(room, removed.value.version);
      await evict(room);
      return ok({ ...found, counts });
    },
    promote: (room, count, act, once) =>
      actOnce<null, FailureOf<"ROOM_NOT_FOUND">>(recordedAnswers, once, async () => {
        if (!await queue.counts(room)) return refused({ kind: "ROOM_NOT_FOUND" });
        const id = once === null ? null : await nameOfRequest(once);
        const outcome = await maintenance.runRoom(room, { count, id });
        const added = { count, ...outcome };
        const what = { action: "PROMOTED", room, subject: null, old: null, new: added } as const;
        return ok({ answer: outcome, effects: null, entry: { ...act, ...what } });
      }),
    runMaintenance: (once) =>
      actOnce<null, never>(
        recordedAnswers,
        once,
        async () => ok({ answer: await maintenance.run(), effects: null, entry: null }),
      ),
    async endPlace(room, fan, act, once) {
      type Failure = FailureOf<"ROOM_NOT_FOUND" | "PLACE_NOT_FOUND">;
      // The entry is written first: an act without an entry would be worse than the reverse.
      const ended = await actOnce<PlaceRef, Failure>(recordedAnswers, once, async () => {
        if (!await queue.counts(room)) return refused({ kind: "ROOM_NOT_FOUND" });
        const place = await queue.findPlace(room, fan);
        if (!place) return refused({ kind: "PLACE_NOT_FOUND" });
        const { order, epoch, state, ticket } = place;
        const old = { state, ticket };
        const what = { action: "PLACE_ENDED", room, subject: fan, old, new: null } as const;
        const effects = { room, fan, order, epoch };
        return ok({ answer: place, effects, entry: { ...act, ...what } });
      });
      if (!ended.ok) return ended;
      const { json, effects, replayed } = ended.value;
      await queue.endPlaces([effects], "REMOVED");
      return ok({ place: JSON.parse(json) as PlaceView, replayed });
    },
    listAudit: (room, page) => auditLog.list(room, page),
  };
}

function lineOf(
  { gathered, waiting, admitted, parked, admittedLastMinute }: QueueCounts,
): RoomLine {
  return { gathered, waiting, admitted, parked, admittedLastMinute };
}
