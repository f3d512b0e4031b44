import { createHash } from "node:crypto";
import type { FanId, RoomId } from "../../domain/ids.ts";
import { PLENTIFUL_STOCK } from "../../domain/limits.ts";
import {
  type EndCause,
  orderForRejoin,
  type PlaceRef,
  type QueueSettings,
  type QueueToken,
} from "../../domain/queue.ts";
import { QUEUE_BOUNDS, type QueueBounds, RELEASE_KEPT_MS } from "../../domain/queue_bounds.ts";
import type { Rules, Stock } from "../../domain/room.ts";
import type { Random } from "../../ports/clock.ts";
import type { JoinOptions } from "../../ports/queue_store.ts";
import type { ScriptCall } from "./client.ts";
import { writeNumbers } from "./queue_numbers.ts";
import { drawArgs, ruleFields } from "./queue_rules.ts";
import AGEING from "./lua/shared/ageing.lua" with { type: "text" };
import ANSWER from "./lua/shared/answer.lua" with { type: "text" };
import APPLY_RULES from "./lua/queue/apply_rules.lua" with { type: "text" };
import COUNTS from "./lua/queue/counts.lua" with { type: "text" };
import DECISIONS from "./lua/shared/decisions.lua" with { type: "text" };
import DRAW from "./lua/shared/draw.lua" with { type: "text" };
import DRAW_VALUE from "./lua/shared/draw_value.lua" with { type: "text" };
import END_PLACES from "./lua/queue/end_places.lua" with { type: "text" };
import FIND_PLACE from "./lua/queue/find_place.lua" with { type: "text" };
import FORGET_FAN from "./lua/queue/forget_fan.lua" with { type: "text" };
import FRONT from "./lua/queue/front.lua" with { type: "text" };
import FRONT_FAST_PATH from "./lua/queue/front_fast_path.lua" with { type: "text" };
import FRONT_DOCUMENT from "./lua/shared/front_document.lua" with { type: "text" };
import HISTORY from "./lua/queue/history.lua" with { type: "text" };
import JOIN from "./lua/queue/join.lua" with { type: "text" };
import JOIN_FAST_PATH from "./lua/queue/join_fast_path.lua" with { type: "text" };
import LIST_DRAW from "./lua/queue/list_draw.lua" with { type: "text" };
import OVERVIEW from "./lua/queue/overview.lua" with { type: "text" };
import PROLOGUE from "./lua/shared/prologue.lua" with { type: "text" };
import PROMOTE from "./lua/queue/promote.lua" with { type: "text" };
import REMOVE_ROOM from "./lua/queue/remove_room.lua" with { type: "text" };
import PROMOTION from "./lua/shared/promotion.lua" with { type: "text" };
import RECORDS from "./lua/shared/records.lua" with { type: "text" };
import ROOM from "./lua/shared/room.lua" with { type: "text" };
import SPEED from "./lua/shared/speed.lua" with { type: "text" };
import STANDING from "./lua/shared/standing.lua" with { type: "text" };
import STATUS from "./lua/queue/status.lua" with { type: "text" };
import STATUS_FAST_PATH from "./lua/queue/status_fast_path.lua" with { type: "text" };
import STOCK from "./lua/shared/stock.lua" with { type: "text" };
import UPDATE_STOCK from "./lua/queue/update_stock.lua" with { type: "text" };
import UPKEEP from "./lua/shared/upkeep.lua" with { type: "text" };
import { type RedisTime, redisTime } from "./redis_time.ts";
import { createMakeScript, type MakeScript, type Script } from "./script.ts";

/** The names of the keys of a room besides its hash; see `room.lua`. */
const KEY_NAMES = [
  "waiting",
  "turns",
  "admitted",
  "called",
  "calls",
  "raises",
  "proofs",
  "issued",
  "gathered",
  "left",
  "again",
  "lots",
  "list",
  "rejoined",
  "history",
];
/** The member of the set of names that says that all rooms are in it. No room has this name. */
export const ALL_KNOWN = "*";
/** 84 bits of SHA-256. With two bytes of Redis they fill an allocation of 16 bytes. */
const FAN_DIGEST_LENGTH = 14;

export interface QueueScriptsOptions {
  readonly settings: QueueSettings;
  readonly script: MakeScript;
  /** Whether Redis locks only the keys of a script, so that a call must name all of them. */
  readonly keyLocking: boolean;
  /** The prefix of the keys of this queue. */
  readonly prefix: string;
  readonly random: Random;
  readonly time?: RedisTime;
  readonly bounds?: QueueBounds;
}

/**
 * Makes the script calls of the queue: one call is one act of `QueueStore`. Redis has a digest of 14
 * characters for each fan id, and no fan id.
 */
export interface QueueScripts {
  /** The key of the set of the active rooms. */
  readonly roomsKey: string;
  /** The key of the set of the names of all rooms, with `ALL_KNOWN` while it has all of them. */
  readonly namesKey: string;
  /** The key of the hash of a room. */
  roomKey(room: RoomId): string;
  join(
    room: RoomId,
    fan: FanId,
    earlier: QueueToken | null,
    options?: JoinOptions,
  ): ScriptCall;
  status(place: PlaceRef): ScriptCall;
  /** All places must be of this room. */
  endPlaces(room: RoomId, places: readonly PlaceRef[], because: EndCause): ScriptCall;
  front(room: RoomId): ScriptCall;
  promote(
    room: RoomId,
    release: number,
    idleAfterMs: number,
    releaseId?: string | null,
  ): ScriptCall;
  counts(room: RoomId): ScriptCall;
  history(room: RoomId): ScriptCall;
  overview(limit: number): ScriptCall;
  findPlace(room: RoomId, fan: FanId): ScriptCall;
  forgetFan(room: RoomId, fan: FanId): ScriptCall;
  applyRules(
    room: RoomId,
    newEpoch: string,
    rules: Rules,
    stock: Stock | null,
    names?: readonly RoomId[],
  ): ScriptCall;
  /** `isFinal`: also with fans in it, and with its name. */
  removeRoom(room: RoomId, version: number, isFinal: boolean): ScriptCall;
  updateStock(room: RoomId, stock: Stock): ScriptCall;
  listDraw(room: RoomId, aboveTicket: number, limit: number): ScriptCall;
}

export function createQueueScripts(options: QueueScriptsOptions): QueueScripts {
  const { settings, script, keyLocking, prefix, random, time = redisTime } = options;
  const { showUpMs, waitingTtlMs } = settings;
  const withNumbers = writeNumbers(options.bounds ?? QUEUE_BOUNDS);
  const prologue = [PROLOGUE, ANSWER];
  const rest = [
    ROOM,
    DECISIONS,
    SPEED,
    RECORDS,
    DRAW,
    AGEING,
    STOCK,
    PROMOTION,
    FRONT_DOCUMENT,
    UPKEEP,
  ];
  const act = (text: string, ...fastPath: string[]) =>
    script(...[...prologue, ...fastPath, ...rest, STANDING, text].map(withNumbers));
  const scripts = {
    join: act(JOIN, DRAW_VALUE, JOIN_FAST_PATH),
    status: act(STATUS, STATUS_FAST_PATH, DRAW_VALUE),
    endPlaces: act(END_PLACES, DRAW_VALUE),
    front: act(FRONT, FRONT_FAST_PATH, DRAW_VALUE),
    promote: act(PROMOTE, DRAW_VALUE),
    counts: act(COUNTS, DRAW_VALUE),
    history: act(HISTORY, DRAW_VALUE),
    findPlace: act(FIND_PLACE, DRAW_VALUE),
    forgetFan: act(FORGET_FAN, DRAW_VALUE),
    applyRules: act(APPLY_RULES, DRAW_VALUE),
    removeRoom: act(REMOVE_ROOM, DRAW_VALUE),
    updateStock: act(UPDATE_STOCK, DRAW_VALUE),
    listDraw: act(LIST_DRAW, DRAW_VALUE),
  };
  // It cannot name the keys of rooms that it has yet to find.
  const overview = createMakeScript({ keyLocking: false })(withNumbers(OVERVIEW));
  const lines = `${prefix}:line:`;
  const roomsKey = `${lines}rooms`;
  const namesKey = `${lines}names`;
  const roomKey = (room: RoomId) => `${lines}{${room}}`;
  const call = (name: Script, room: RoomId, ...args: (string | number)[]): ScriptCall => {
    const hash = roomKey(room);
    return {
      script: name,
      keys: keyLocking ? [hash, ...KEY_NAMES.map((key) => `${hash}:${key}`)] : [hash],
      args: [time(), showUpMs, waitingTtlMs, ...args],
    };
  };
  const withKeys = (added: readonly string[]) =>
  (
    { keys: [hash, ...others], ...made }: ScriptCall,
  ): ScriptCall => ({
    ...made,
    keys: [hash!, ...added, ...others],
  });
  const withRooms = withKeys([roomsKey]);
  const withNames = withKeys([roomsKey, namesKey]);

  return {
    roomsKey,
    namesKey,
    roomKey,
    join(room, fan, earlier, { acceptUncheckedRules = false, hasPassedChallenge = false } = {}) {
      const order = earlier ? orderForRejoin(earlier) : 0;
      const token = [earlier?.epoch ?? "", order, earlier?.madeAtMs ?? 0];
      const accept = Number(acceptUncheckedRules);
      const passed = Number(hasPassedChallenge);
      const args = [digest(fan), random(), ...token, accept, room, passed];
      return withRooms(call(scripts.join, room, ...args));
    },
    status: (place) => call(scripts.status, place.room, ...placeArgs(place), random()),
    endPlaces: (room, places, because) =>
      call(scripts.endPlaces, room, because, ...places.flatMap(placeArgs)),
    front: (room) => call(scripts.front, room),
    promote(room, release, idleAfterMs, releaseId = null) {
      const keptMs = releaseId === null ? "" : RELEASE_KEPT_MS;
      const promote = call(scripts.promote, room, release, idleAfterMs, room, keptMs);
      const [hash, ...others] = promote.keys;
      const sums = releaseId === null ? [] : [`${hash}:release:${releaseId}`];
      return withRooms({ ...promote, keys: [hash!, ...sums, ...others] });
    },
    counts: (room) => call(scripts.counts, room),
    history: (room) => call(scripts.history, room),
    overview: (limit) => ({ script: overview, keys: [roomsKey], args: [time(), lines, limit] }),
    findPlace: (room, fan) => call(scripts.findPlace, room, digest(fan)),
    forgetFan: (room, fan) => call(scripts.forgetFan, room, digest(fan)),
    applyRules(room, newEpoch, rules, stock, names) {
      const counted = stock ? stockArgs(stock) : ["", "", "", ""];
      const known = names ? [ALL_KNOWN, ...names] : [];
      const args = [room, newEpoch, rules.version, ...drawArgs(rules.draw), ...counted];
      const fields = ruleFields(rules);
      return withNames(
        call(scripts.applyRules, room, ...args, known.length, ...known, ...fields),
      );
    },
    removeRoom: (room, version, isFinal) =>
      withNames(call(scripts.removeRoom, room, room, version, Number(isFinal))),
    updateStock: (room, stock) => call(scripts.updateStock, room, ...stockArgs(stock)),
    listDraw: (room, aboveTicket, limit) => call(scripts.listDraw, room, aboveTicket, limit),
  };
}

function placeArgs({ fan, order, epoch }: PlaceRef): (string | number)[] {
  return [digest(fan), order, epoch];
}

function stockArgs({ available, returnsAtMs, asOfMs }: Stock): (string | number)[] {
  return [available, returnsAtMs ?? "", asOfMs, PLENTIFUL_STOCK];
}

/** Synchronous, because every poll needs it: WebCrypto would cross to a thread pool. */
function digest(fan: FanId): string {
  return createHash("sha256").update(fan).digest("base64url").slice(0, FAN_DIGEST_LENGTH);
}
