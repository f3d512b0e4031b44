import type { ConcertId, ScheduleId } from "../domain/ids.ts";
import type { PlaceRef, Standing } from "../domain/queue.ts";

/** The maximum time after its check for which a version of a seat map is the present one. */
export const SEATS_VERSION_MS = 1_000;

/**
 * The time for which a check or a drop prevents older versions from being stored. It is longer than
 * the time of any version.
 */
export const SEATS_GUARD_MS = 3 * SEATS_VERSION_MS;

/** A schedule of a concert. */
export interface ScheduleRef {
  readonly concertId: ConcertId;
  readonly scheduleId: ScheduleId;
}

/**
 * Stores the present version of each seat map for a short time, so that a client that has it need
 * not load the map. One round trip reads the version and checks the admission.
 */
export interface SeatVersions {
  check(place: PlaceRef, seats: ScheduleRef): Promise<SeatVersionCheck>;
  /**
   * Stores the version that was loaded after a check. It stores nothing if the map was dropped at
   * or after the time of the check, or if a version with a later check is stored.
   */
  keep(seats: ScheduleRef, version: LoadedVersion): Promise<void>;
  /** Removes the versions of these schedules, after their change is committed. Idempotent. */
  drop(schedules: readonly ScheduleId[]): Promise<void>;
}

export interface LoadedVersion {
  readonly version: string;
  /** The time of the check before the load, in epoch milliseconds of the store's clock. */
  readonly atMs: number;
  /** The time from `atMs` for which it is the present version: at most `SEATS_VERSION_MS`. */
  readonly forMs: number;
}

export interface SeatVersionCheck {
  readonly standing: Standing;
  /** Null when no version is stored. */
  readonly version: string | null;
  /** The time of this check, in epoch milliseconds of the store's clock. */
  readonly atMs: number;
}
