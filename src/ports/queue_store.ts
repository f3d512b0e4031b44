import type { FanId, RoomId } from "../domain/ids.ts";
import type { PlaceRef, Standing } from "../domain/line.ts";

/**
 * The waiting room. Every method is one atomic act and one round trip, may be sent twice without
 * harm, and does a bounded share of the upkeep on the way: it ends what has lapsed and promotes
 * the heads of the line into free slots, so that the line moves with whatever call comes next.
 *
 * `join` and `status` count as a call of the fan: they show up an admitted fan, bring a parked fan
 * back, and keep a waiting place alive.
 */
export interface QueueStore {
  /**
   * The fan's one place: the live one, or a new one at the end of the line (`created`).
   * `earlier` is a verified token of an epoch that is over: within the waiting time after the
   * reset it gives, once per fan, a place in old ticket order ahead of all fresh ones.
   */
  join(room: RoomId, fan: FanId, earlier: PlaceRef | null): Promise<Joined>;
  status(place: PlaceRef): Promise<Standing>;
  /** Ends exactly these places, wherever they stand; places that have ended already stay so. */
  end(places: readonly PlaceRef[]): Promise<void>;
  /** Ends exactly this place and tells what is left of it: always GONE. */
  leave(place: PlaceRef): Promise<Standing>;
  /** One bounded share of upkeep and nothing else; `more` when another call would find work. */
  promote(room: RoomId): Promise<Upkeep>;
  counts(room: RoomId): Promise<LineCounts>;
  /** Where a fan stands, for support: it is no call of the fan. Null when there is no live place. */
  look(room: RoomId, fan: FanId): Promise<Sighting | null>;
  /** Throws when the store does not answer. */
  ping(): Promise<void>;
}

export interface Joined {
  readonly created: boolean;
  readonly place: PlaceRef;
  readonly standing: Standing;
}

/** A place as support sees it. */
export interface Sighting {
  readonly state: "WAITING" | "ADMITTED" | "PARKED";
  readonly order: number;
  /** How many stand ahead of a waiting fan; null for the others. */
  readonly ahead: number | null;
  /** When the place, the admission or the parked place ends unless the fan calls. */
  readonly expiresAtMs: number;
}

export interface Upkeep {
  /** Places whose time ran out: admissions ended, turns missed, silent fans dropped. */
  readonly expired: number;
  readonly admitted: number;
  readonly more: boolean;
  /** When anybody last stood in the room, in epoch milliseconds; null if nobody ever did. */
  readonly lastActiveAtMs: number | null;
}

export interface LineCounts {
  readonly waiting: number;
  readonly admitted: number;
  readonly parked: number;
  readonly admittedLastMinute: number;
  /** When `promote` last ran, in epoch milliseconds. */
  readonly lastTickAtMs: number | null;
  /** Null before the room's first key. */
  readonly epoch: string | null;
}
