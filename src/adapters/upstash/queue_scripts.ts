import type { FanId, RoomId } from "../../domain/ids.ts";
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
import COUNTS from "./lua/counts.lua" with { type: "text" };
import DRAW from "./lua/draw.lua" with { type: "text" };
import DRAW_VALUE from "./lua/draw_value.lua" with { type: "text" };
import DRAWN from "./lua/drawn.lua" with { type: "text" };
import END from "./lua/end.lua" with { type: "text" };
import GATHERING from "./lua/gathering.lua" with { type: "text" };
import GOVERN from "./lua/govern.lua" with { type: "text" };
import JOIN from "./lua/join.lua" with { type: "text" };
import JOIN_SOON from "./lua/join_soon.lua" with { type: "text" };
import LOOK from "./lua/look.lua" with { type: "text" };
import PLACES from "./lua/places.lua" with { type: "text" };
import PROMOTE from "./lua/promote.lua" with { type: "text" };
import RECORDS from "./lua/records.lua" with { type: "text" };
import ROOM from "./lua/room.lua" with { type: "text" };
import RULES from "./lua/rules.lua" with { type: "text" };
import STANDING from "./lua/standing.lua" with { type: "text" };
import STATUS from "./lua/status.lua" with { type: "text" };
import STATUS_SOON from "./lua/status_soon.lua" with { type: "text" };
import TELL_STOCK from "./lua/tell_stock.lua" with { type: "text" };
import UPKEEP from "./lua/upkeep.lua" with { type: "text" };
import { type RedisTime, redisTime } from "./redis_time.ts";
import type { MakeScript, Script } from "./script.ts";

/** The layout of the keys. Workers of two layouts would keep two lines: never raise it in a sale. */
const LAYOUT = "v2";
/** What a room keeps beside its own record; see `room.lua`. */
const KEPT = [
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
  "told",
  "gathered",
  "quit",
  "draw",
  "drawn",
];
/** 84 bits of SHA-256: with a byte of header and one of end they fill an allocation of 16. */
const FAN_DIGEST_LENGTH = 14;
/** Where so many seats are left, or more, fans are admitted whatever their number. */
const STOCK_PLENTY = 1_000;

export interface QueueScriptsOptions {
  readonly settings: QueueSettings;
  readonly script: MakeScript;
  /** Whether scripts lock the keys that they are given, so that they are to be given all. */
  readonly keyLocking: boolean;
  /** What the keys of this line begin with. */
  readonly prefix: string;
  readonly time?: RedisTime;
}

/**
 * The acts of the line as calls of Lua scripts. Fans go as digests: 14 characters for any id, and
 * nobody's name in Redis.
 */
export function createQueueScripts(
  { settings, script, keyLocking, prefix, time = redisTime }: QueueScriptsOptions,
) {
  const { showUpMs, waitingTtlMs } = settings;
  const act = (text: string, ...soon: string[]) =>
    script(ROOM, ...soon, RECORDS, RULES, GATHERING, STANDING, PLACES, DRAW, UPKEEP, text);
  const scripts = {
    join: act(JOIN, DRAW_VALUE, JOIN_SOON),
    status: act(STATUS, STATUS_SOON),
    end: act(END),
    promote: act(PROMOTE),
    counts: act(COUNTS),
    look: act(LOOK),
    govern: act(GOVERN),
    tellStock: act(TELL_STOCK),
    drawn: act(DRAWN),
  };
  const keysOf = (room: RoomId) => {
    const own = `${prefix}:line:${LAYOUT}:{${room}}`;
    return keyLocking ? [own, ...KEPT.map((name) => `${own}:${name}`)] : [own];
  };
  const roomsKey = `${prefix}:line:${LAYOUT}:rooms`;
  const call = (of: Script, room: RoomId, ...args: (string | number)[]): ScriptCall => ({
    script: of,
    keys: keysOf(room),
    args: [time(), showUpMs, waitingTtlMs, ...args],
  });

  return {
    /** The set of all rooms that were governed. */
    roomsKey,
    async join(room: RoomId, fan: FanId, newEpoch: string, earlier: PlaceRef | null) {
      const orders = [EPOCH_STEP_MS, TICKET_SPAN, DRAW_PROBES];
      const token = [earlier?.epoch ?? "", earlier?.order ?? 0];
      return call(scripts.join, room, await digest(fan), newEpoch, ...orders, ...token);
    },
    status: async (place: PlaceRef) => call(scripts.status, place.room, ...await placeArgs(place)),
    async end(room: RoomId, places: readonly PlaceRef[]) {
      const args = await Promise.all(places.map(placeArgs));
      return call(scripts.end, room, ...args.flat());
    },
    promote: (room: RoomId, release: number) => call(scripts.promote, room, release),
    counts: (room: RoomId) => call(scripts.counts, room),
    look: async (room: RoomId, fan: FanId) => call(scripts.look, room, await digest(fan)),
    govern(room: RoomId, rules: Rules): ScriptCall {
      const { version, pollMaxSeconds, draw } = rules;
      const args = [room, rulesText(rules), version, pollMaxSeconds * 1000, ...drawArgs(draw)];
      const { keys, ...governs } = call(scripts.govern, room, ...args);
      return { ...governs, keys: [...keys, roomsKey] };
    },
    tellStock: (room: RoomId, { available, returnsAtMs, asOfMs }: Stock) =>
      call(scripts.tellStock, room, available, returnsAtMs ?? "", asOfMs, STOCK_PLENTY),
    drawn: (room: RoomId, aboveTicket: number, limit: number) =>
      call(scripts.drawn, room, aboveTicket, limit),
  };
}

export type QueueScripts = ReturnType<typeof createQueueScripts>;

async function placeArgs({ fan, order, epoch }: PlaceRef): Promise<(string | number)[]> {
  return [await digest(fan), order, epoch];
}

async function digest(fan: FanId): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(fan));
  return new Uint8Array(hash).toBase64({ alphabet: "base64url" }).slice(0, FAN_DIGEST_LENGTH);
}
