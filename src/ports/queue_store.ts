import type { FanId, RoomId } from "../domain/ids.ts";
import type { Front } from "../domain/front.ts";
import type { CalledSince, LineSample } from "../domain/line_history.ts";
import type { EndCause, PlaceRef, QueueToken, RulesSnapshot, Standing } from "../domain/queue.ts";
import type { RoomState, Rules, Stock } from "../domain/room.ts";

/**
 * The waiting room. Every method is one atomic act and one round trip, and may be repeated without
 * harm. Every call does a bounded part of the upkeep: it ends what has lapsed and promotes the
 * heads of the line into free slots.
 *
 * `join` and `status` count as a call of the fan: an admitted fan shows up, a parked fan returns,
 * and a waiting place stays alive.
 *
 * A room follows the rules of the last `applyRules`. A room without rules, as after a wipe, refuses
 * joins, so a closed sale stays closed until its rules are loaded again.
 */
export interface QueueStore {
  /**
   * The live place of the fan, or a new one at the end of the line (`created`). `earlier` is a
   * verified token of an earlier epoch: within the waiting TTL after the reset it gives, once for
   * each fan, a place in the old order ahead of all new ones.
   */
  join(
    room: RoomId,
    fan: FanId,
    earlier: QueueToken | null,
    options?: JoinOptions,
  ): Promise<Joined | JoinRefusal>;
  status(place: PlaceRef): Promise<Standing>;
  /** Ends exactly these places; a place that has ended does not change. */
  endPlaces(places: readonly PlaceRef[], because: EndCause): Promise<void>;
  /** Ends exactly this place as LEFT; the standing is always GONE. */
  leave(place: PlaceRef): Promise<Standing>;
  /** The document about the front of the line; null when the room has no rules. */
  front(room: RoomId): Promise<FrontReading | null>;
  /**
   * One bounded part of the upkeep; `more` if another call would find work. At most `release`
   * heads are promoted although the state promotes nobody, within capacity and rate. A room in
   * which nobody has been for `idleAfterMs` becomes idle: `activeRooms` does not name it.
   */
  promote(room: RoomId, options?: PromoteOptions): Promise<Upkeep>;
  /** Null when the room has no rules. */
  counts(room: RoomId): Promise<QueueCounts | null>;
  /**
   * Samples of the last hour, oldest first, which `promote` takes, on average at
   * most one in `HISTORY_STEP_MS`. Null when the room has no rules.
   */
  history(room: RoomId): Promise<readonly LineSample[] | null>;
  /**
   * The rooms of `activeRooms` as they are, at most `limit`, those with the longest lines first. It
   * does no part of the upkeep: a line that nobody moves is seen to stand still.
   */
  overview(limit: number): Promise<Overview>;
  /** The place of a fan, without counting as a call of the fan. Null without a live place. */
  findPlace(room: RoomId, fan: FanId): Promise<PlaceView | null>;
  /** How the fan's last place ended; null when that is not known, or the fan has a live place. */
  findLastPlace(room: RoomId, fan: FanId): Promise<LastPlace | null>;
  /**
   * Ends the place of an erased fan, and removes all that the room has of the fan, also how the last
   * place ended. The tokens of the fan read GONE, also when the fan joins again. While tokens of
   * earlier epochs count, and in a lobby until its draw, a pseudonym stays, so that those of the fan
   * bring nothing.
   */
  forgetFan(room: RoomId, fan: FanId): Promise<void>;
  /**
   * Replaces the rules of the room, unless its present rules have a higher version. `stock` comes
   * with the rules of a room that the store does not know: rules without it admit for nothing. So do
   * `names`, those of all rooms: see `knownRooms`.
   */
  applyRules(
    room: RoomId,
    rules: Rules,
    stock?: Stock | null,
    names?: readonly RoomId[],
  ): Promise<void>;
  /**
   * Removes everything of a room in which nobody has a place, and keeps rules up to this version
   * out for `SEAL_MS`. Returns false, and does nothing, when somebody has a place in it or it
   * follows rules of a higher version.
   */
  sealRoom(room: RoomId, version: number): Promise<boolean>;
  /** As `sealRoom`, with the name of the room, and also when somebody has a place in it. */
  removeRoom(room: RoomId, version: number): Promise<void>;
  /** The names of the rooms that the store has heard of. */
  knownRooms(): Promise<KnownNames>;
  /** Adds the names of all rooms, which are known from now on. */
  learnRooms(names: readonly RoomId[]): Promise<void>;
  /** The rooms that need upkeep: those with fans, and those with fans a short time ago. */
  activeRooms(): Promise<readonly RoomId[]>;
  /**
   * Stores the number of seats left, unless a newer count was stored within `COUNT_ORDER_MS`. After
   * that the time of the stored count says nothing: the clock of the box office may have been ahead.
   */
  updateStock(room: RoomId, stock: Stock): Promise<void>;
  /** The latest draw in ticket order, above a ticket, as far as it is drawn. */
  listDraw(room: RoomId, aboveTicket: number, limit: number): Promise<readonly DrawnTicket[]>;
  /** Throws if the store does not answer. */
  ping(): Promise<void>;
}

export interface KnownNames {
  readonly names: readonly RoomId[];
  /** Whether these are all rooms. After a wipe they may not be. */
  readonly areAll: boolean;
}

export interface JoinOptions {
  /** Join also when the rules of an empty room were not checked lately. */
  readonly acceptUncheckedRules?: boolean;
  /** Whether the fan passed a challenge, which some rooms ask of a fan without a place. */
  readonly hasPassedChallenge?: boolean;
}

export interface PromoteOptions {
  readonly release?: number;
  /**
   * With an id, `release` counts over all calls with it, and `expired` and `admitted` are the sums of
   * these calls. A call after the one that left no work does nothing and gives the sums again. An id
   * is forgotten `RELEASE_KEPT_MS` after the last call that did something.
   */
  readonly releaseId?: string | null;
  readonly idleAfterMs?: number;
}

/**
 * NO_RULES: the store has no rules of the room. UNCHECKED_RULES: the room is empty, and its rules
 * were not applied within the last minute. CHALLENGE: the room gives a new place only to fans who
 * passed a challenge. CLOSED: nobody may join now.
 */
export type JoinRefusal =
  | { readonly refused: "NO_RULES" | "UNCHECKED_RULES" | "CHALLENGE" }
  | { readonly refused: "CLOSED"; readonly state: RoomState; readonly opensAtMs: number | null };

export interface Joined {
  readonly refused?: never;
  readonly created: boolean;
  readonly place: PlaceRef;
  readonly standing: Standing;
}

export interface FrontReading {
  readonly front: Front;
  /** Whether the caller must have the stock counted again. */
  readonly countStock: boolean;
}

/** A place that has ended. */
export interface LastPlace {
  /** As in the queue token. */
  readonly order: number;
  /** Null of a place that ended before the draw. */
  readonly ticket: number | null;
  readonly endedBecause: EndCause;
  readonly endedAtMs: number;
}

/** An entry of the published list. A fan knows only their own pseudonym. */
export interface DrawnTicket {
  readonly pseudonym: string;
  readonly ticket: number;
}

/** The operator's view of a place. */
export interface PlaceView {
  readonly state: "GATHERED" | "WAITING" | "ADMITTED" | "PARKED";
  readonly epoch: string;
  /** As in the queue token. */
  readonly order: number;
  /** Null until the draw. */
  readonly ticket: number | null;
  /** Fans ahead of a waiting fan; null in other states. */
  readonly ahead: number | null;
  /** When the place ends without a call of the fan; null: never. */
  readonly expiresAtMs: number | null;
}

export interface Upkeep {
  /** Places whose time is over: lapsed admissions, missed turns, places that aged out. */
  readonly expired: number;
  readonly admitted: number;
  readonly more: boolean;
  /** When the room last had a fan, in epoch milliseconds; null if never. */
  readonly lastActiveAtMs: number | null;
  /** Whether the opening time has passed while the rules still name it. */
  readonly hasOpened: boolean;
  /** Whether the stock must be counted again. */
  readonly countStock: boolean;
}

export interface Overview {
  /** How many rooms need upkeep. */
  readonly activeRooms: number;
  readonly rooms: readonly RoomOverview[];
}

/** A room in numbers. The totals count since the beginning of its epoch. */
export interface RoomOverview {
  readonly room: RoomId;
  readonly gathered: number;
  readonly waiting: number;
  readonly admitted: number;
  readonly parked: number;
  /** Tickets that were issued. */
  readonly joinedTotal: number;
  /** Slots that were given. */
  readonly admittedTotal: number;
  /** Turns that were missed. */
  readonly missedTotal: number;
  /** Returns of parked fans. */
  readonly returnedTotal: number;
  /** Seats left at the last count; null if they were never counted. */
  readonly seatsAvailable: number | null;
  /** When `promote` last ran, in epoch milliseconds. */
  readonly lastTickAtMs: number | null;
  readonly front: Front;
  /** The last issued order. */
  readonly tickets: number;
  /** Of the samples of `history`; null while the line has called nobody of them. */
  readonly recentlyCalled: CalledSince | null;
}

export interface QueueCounts {
  /** Fans who gathered before the opening. From the opening on they wait. */
  readonly gathered: number;
  readonly waiting: number;
  readonly admitted: number;
  readonly parked: number;
  readonly admittedLastMinute: number;
  /** When `promote` last ran, in epoch milliseconds. */
  readonly lastTickAtMs: number | null;
  readonly epoch: string;
  readonly rules: RulesSnapshot;
  readonly rulesVersion: number;
}
