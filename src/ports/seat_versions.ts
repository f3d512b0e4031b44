import type { ConcertId, ScheduleId } from "../domain/ids.ts";
import type { PlaceRef, Standing } from "../domain/line.ts";

/** Which seats of which concert. */
export interface SeatsOf {
  readonly concertId: ConcertId;
  readonly scheduleId: ScheduleId;
}

/**
 * Remembers for a moment which version of a seat map is the present one, so that those who have it
 * need not load it. Whoever looks asks for the version and for admission in one round trip.
 */
export interface SeatVersions {
  check(place: PlaceRef, seats: SeatsOf): Promise<SeatsChecked>;
  /** Remembers a version until then, by the clock of `atMs`; one that is remembered longer stays. */
  keep(seats: SeatsOf, version: string, untilMs: number): Promise<void>;
}

export interface SeatsChecked {
  readonly standing: Standing;
  /** Null when none is remembered. */
  readonly version: string | null;
  /** The time of this look, in epoch milliseconds of the store's own clock. */
  readonly atMs: number;
}
