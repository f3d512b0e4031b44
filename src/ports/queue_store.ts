import type { FanId, RoomId } from "../domain/ids.ts";
import type { PlaceRef, RulesTold, Standing } from "../domain/queue.ts";
import type { RoomState, Rules, Stock } from "../domain/room.ts";

/**
 * The waiting room. Every method is one atomic act and one round trip, may be sent twice without
 * harm, and does a bounded share of the upkeep on the way: it ends what has lapsed and promotes
 * the heads of the line into free slots, so that the line moves with whatever call comes next.
 *
 * `join` and `status` count as a call of the fan: they show up an admitted fan, bring a parked fan
 * back, and keep a waiting place alive.
 *
 * A room follows the rules that `govern` gave it last. Without any, after the store was wiped,
 * nobody joins: a closed sale stays closed until the rules are known again.
 */
export interface QueueStore {
  /**
   * The fan's one place: the live one, or a new one at the end of the line (`created`).
   * `earlier` is a verified token of an epoch that is over: within the waiting time after the
   * reset it gives, once per fan, a place in old ticket order ahead of all fresh ones.
   */
  join(room: RoomId, fan: FanId, earlier: PlaceRef | null): Promise<Joined | NotJoined>;
  status(place: PlaceRef): Promise<Standing>;
  /** Ends exactly these places, wherever they stand; places that have ended already stay so. */
  end(places: readonly PlaceRef[]): Promise<void>;
  /** Ends exactly this place and tells what is left of it: always GONE. */
  leave(place: PlaceRef): Promise<Standing>;
  /**
   * One bounded share of upkeep and nothing else; `more` when another call would find work.
   * `release` heads, at the most, go in although the room is HELD, where capacity and rate allow.
   */
  promote(room: RoomId, release?: number): Promise<Upkeep>;
  /** Null when the room has no rules. */
  counts(room: RoomId): Promise<LineCounts | null>;
  /** Where a fan stands, for support: it is no call of the fan. Null when there is no live place. */
  look(room: RoomId, fan: FanId): Promise<Sighting | null>;
  /** Gives the room its rules, unless those that it follows are of a higher version. */
  govern(room: RoomId, rules: Rules): Promise<void>;
  /** The rooms that have rules. */
  rooms(): Promise<readonly RoomId[]>;
  /** Tells the line what seats are left, unless it knows something newer. */
  tellStock(room: RoomId, stock: Stock): Promise<void>;
  /** The list of the latest draw in ticket order, those above a ticket, as far as it is drawn. */
  drawn(room: RoomId, aboveTicket: number, limit: number): Promise<readonly DrawnTicket[]>;
  /** Throws when the store does not answer. */
  ping(): Promise<void>;
}

/** NO_RULES: the room is not known, or no longer. CLOSED: nobody may join now. */
export type NotJoined =
  | { readonly refused: "NO_RULES" }
  | { readonly refused: "CLOSED"; readonly state: RoomState; readonly opensAtMs: number | null };

export interface Joined {
  readonly refused?: never;
  readonly created: boolean;
  readonly place: PlaceRef;
  readonly standing: Standing;
}

/** A line of the published list: every fan knows their own pseudonym alone. */
export interface DrawnTicket {
  readonly pseudonym: string;
  readonly ticket: number;
}

/** A place as support sees it. */
export interface Sighting {
  readonly state: "GATHERED" | "WAITING" | "ADMITTED" | "PARKED";
  readonly epoch: string;
  /** As a queue token would carry it. */
  readonly order: number;
  /** Null until it is drawn. */
  readonly ticket: number | null;
  /** How many stand ahead of a waiting fan; null for the others. */
  readonly ahead: number | null;
  /** When the place, the admission or the parked place ends unless the fan calls; null: never. */
  readonly expiresAtMs: number | null;
}

export interface Upkeep {
  /** Places whose time ran out: admissions ended, turns missed, silent fans dropped. */
  readonly expired: number;
  readonly admitted: number;
  readonly more: boolean;
  /** When anybody last stood in the room, in epoch milliseconds; null if nobody ever did. */
  readonly lastActiveAtMs: number | null;
  /** Whether the opening time has passed, and the rules do not say so yet. */
  readonly hasOpened: boolean;
  /** Whether the stock is to be counted again. */
  readonly countStock: boolean;
}

export interface LineCounts {
  /** Who gathered and has not drawn yet. */
  readonly gathered: number;
  readonly waiting: number;
  readonly admitted: number;
  readonly parked: number;
  readonly admittedLastMinute: number;
  /** When `promote` last ran, in epoch milliseconds. */
  readonly lastTickAtMs: number | null;
  /** Null before the room's first place. */
  readonly epoch: string | null;
  readonly rules: RulesTold;
}
