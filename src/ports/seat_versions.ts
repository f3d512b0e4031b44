import type { ConcertId, ScheduleId } from "../domain/ids.ts";
import type { PlaceRef, Standing } from "../domain/queue.ts";

/** So long after its look, at most, a version of a seat map is told to be the present one. */
export const SEATS_VERSION_MS = 1_000;

/** So long a look or a drop stands against all that began before it: longer than any version. */
export const SEATS_GUARD_MS = 3 * SEATS_VERSION_MS;

/** Which seats of which concert. */
export interface ScheduleRef {
  readonly concertId: ConcertId;
  readonly scheduleId: ScheduleId;
}

/**
 * Remembers for a moment which version of a seat map is the present one, so that those who have it
 * need not load it. Whoever looks asks for the version and for admission in one round trip.
 */
export interface SeatVersions {
  check(place: PlaceRef, seats: ScheduleRef): Promise<SeatVersionCheck>;
  /**
   * Remembers what was loaded after a check: not when the map was dropped at that time or since,
   * nor over a version that was checked later.
   */
  keep(seats: ScheduleRef, version: LoadedVersion): Promise<void>;
  /** Forgets the versions of these dates, after their change is committed. Again: the same. */
  drop(dates: readonly ScheduleId[]): Promise<void>;
}

export interface LoadedVersion {
  readonly version: string;
  /** The time of the check before the load. */
  readonly atMs: number;
  /** How long from then on it is the present one: at most `SEATS_VERSION_MS`. */
  readonly forMs: number;
}

export interface SeatVersionCheck {
  readonly standing: Standing;
  /** Null when none is remembered. */
  readonly version: string | null;
  /** The time of this look, in epoch milliseconds of the store's own clock. */
  readonly atMs: number;
}
