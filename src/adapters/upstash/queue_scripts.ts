import type { FanId, RoomId } from "../../domain/ids.ts";
import { PLENTIFUL_STOCK } from "../../domain/limits.ts";
import {
  DRAW_PROBES,
  EPOCH_STEP_MS,
  type PlaceRef,
  type QueueSettings,
  TICKET_SPAN,
} from "../../domain/queue.ts";
import type { Rules, Stock } from "../../domain/room.ts";
import type { ScriptCall } from "./client.ts";
import { drawArgs, rulesText } from "./queue_rules.ts";
import APPLY_RULES from "./lua/queue/apply_rules.lua" with { type: "text" };
import COUNTS from "./lua/queue/counts.lua" with { type: "text" };
import DRAW from "./lua/shared/draw.lua" with { type: "text" };
import DRAW_VALUE from "./lua/shared/draw_value.lua" with { type: "text" };
import END_PLACES from "./lua/queue/end_places.lua" with { type: "text" };
import FIND_PLACE from "./lua/queue/find_place.lua" with { type: "text" };
import GATHERING from "./lua/shared/gathering.lua" with { type: "text" };
import JOIN from "./lua/queue/join.lua" with { type: "text" };
import JOIN_FAST_PATH from "./lua/queue/join_fast_path.lua" with { type: "text" };
import LIST_DRAW from "./lua/queue/list_draw.lua" with { type: "text" };
import PLACES from "./lua/shared/places.lua" with { type: "text" };
import PROMOTE from "./lua/queue/promote.lua" with { type: "text" };
import RECORDS from "./lua/shared/records.lua" with { type: "text" };
import ROOM from "./lua/shared/room.lua" with { type: "text" };
import RULES from "./lua/shared/rules.lua" with { type: "text" };
import STANDING from "./lua/shared/standing.lua" with { type: "text" };
import STATUS from "./lua/queue/status.lua" with { type: "text" };
import STATUS_FAST_PATH from "./lua/queue/status_fast_path.lua" with { type: "text" };
import UPDATE_STOCK from "./lua/queue/update_stock.lua" with { type: "text" };
import UPKEEP from "./lua/shared/upkeep.lua" with { type: "text" };
import { type RedisTime, redisTime } from "./redis_time.ts";
import type { MakeScript, Script } from "./script.ts";

/** The version of the key layout. Never change it in a sale: each layout has its own queue. */
const LAYOUT = "v2";
/** The names of the keys of a room besides its record; see `room.lua`. */
const KEY_NAMES = [
  "waiting",
  "calls",
  "blocks",
  "called",
  "admitted",
  "parked",
  "returned",
  "silent",
  "meter",
  "rejoined",
  "lowest_ahead",
  "gathered",
  "quit",
  "draw",
  "drawn",
];
/** 84 bits of SHA-256. With two bytes of Redis they fill an allocation of 16 bytes. */
const FAN_DIGEST_LENGTH = 14;

export interface QueueScriptsOptions {
  readonly settings: QueueSettings;
  readonly script: MakeScript;
  /** Whether Redis locks only the keys of a script, so that a call must name all of them. */
  readonly keyLocking: boolean;
  /** The prefix of the keys of this queue. */
  readonly prefix: string;
  readonly time?: RedisTime;
}

/**
 * Makes the script calls of the queue: one call is one act of `QueueStore`. Redis has a digest of 14
 * characters for each fan id, and no fan id.
 */
export interface QueueScripts {
  /** The key of the set of all rooms that have rules. */
  readonly roomsKey: string;
  join(room: RoomId, fan: FanId, newEpoch: string, earlier: PlaceRef | null): Promise<ScriptCall>;
  status(place: PlaceRef): Promise<ScriptCall>;
  /** All places must be of this room. */
  endPlaces(room: RoomId, places: readonly PlaceRef[]): Promise<ScriptCall>;
  promote(room: RoomId, release: number): ScriptCall;
  counts(room: RoomId): ScriptCall;
  findPlace(room: RoomId, fan: FanId): Promise<ScriptCall>;
  applyRules(room: RoomId, rules: Rules): ScriptCall;
  updateStock(room: RoomId, stock: Stock): ScriptCall;
  listDraw(room: RoomId, aboveTicket: number, limit: number): ScriptCall;
}

export function createQueueScripts(
  { settings, script, keyLocking, prefix, time = redisTime }: QueueScriptsOptions,
): QueueScripts {
  const { showUpMs, waitingTtlMs } = settings;
  const queueScript = (text: string, ...fastPath: string[]) =>
    script(ROOM, ...fastPath, RECORDS, RULES, GATHERING, STANDING, PLACES, DRAW, UPKEEP, text);
  const scripts = {
    join: queueScript(JOIN, DRAW_VALUE, JOIN_FAST_PATH),
    status: queueScript(STATUS, STATUS_FAST_PATH),
    endPlaces: queueScript(END_PLACES),
    promote: queueScript(PROMOTE),
    counts: queueScript(COUNTS),
    findPlace: queueScript(FIND_PLACE),
    applyRules: queueScript(APPLY_RULES),
    updateStock: queueScript(UPDATE_STOCK),
    listDraw: queueScript(LIST_DRAW),
  };
  const keysOf = (room: RoomId) => {
    const record = `${prefix}:line:${LAYOUT}:{${room}}`;
    return keyLocking ? [record, ...KEY_NAMES.map((name) => `${record}:${name}`)] : [record];
  };
  const roomsKey = `${prefix}:line:${LAYOUT}:rooms`;
  const call = (act: Script, room: RoomId, ...args: (string | number)[]): ScriptCall => ({
    script: act,
    keys: keysOf(room),
    args: [time(), showUpMs, waitingTtlMs, ...args],
  });

  return {
    roomsKey,
    async join(room, fan, newEpoch, earlier) {
      const orders = [EPOCH_STEP_MS, TICKET_SPAN, DRAW_PROBES];
      const token = [earlier?.epoch ?? "", earlier?.order ?? 0];
      return call(scripts.join, room, await digest(fan), newEpoch, ...orders, ...token);
    },
    status: async (place) => call(scripts.status, place.room, ...await placeArgs(place)),
    async endPlaces(room, places) {
      const args = await Promise.all(places.map(placeArgs));
      return call(scripts.endPlaces, room, ...args.flat());
    },
    promote: (room, release) => call(scripts.promote, room, release),
    counts: (room) => call(scripts.counts, room),
    findPlace: async (room, fan) => call(scripts.findPlace, room, await digest(fan)),
    applyRules(room, rules) {
      const { version, pollMaxSeconds, draw } = rules;
      const args = [room, rulesText(rules), version, pollMaxSeconds * 1000, ...drawArgs(draw)];
      const made = call(scripts.applyRules, room, ...args);
      return { ...made, keys: [...made.keys, roomsKey] };
    },
    updateStock: (room, { available, returnsAtMs, asOfMs }) =>
      call(scripts.updateStock, room, available, returnsAtMs ?? "", asOfMs, PLENTIFUL_STOCK),
    listDraw: (room, aboveTicket, limit) => call(scripts.listDraw, room, aboveTicket, limit),
  };
}

async function placeArgs({ fan, order, epoch }: PlaceRef): Promise<(string | number)[]> {
  return [await digest(fan), order, epoch];
}

async function digest(fan: FanId): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(fan));
  return new Uint8Array(hash).toBase64({ alphabet: "base64url" }).slice(0, FAN_DIGEST_LENGTH);
}
