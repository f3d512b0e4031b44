import type { OperatorAct } from "../domain/audit.ts";
import type { Seat } from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { ConcertId, RoomId, SeatId } from "../domain/ids.ts";
import type { SeatRow, SeatSnapshot } from "../domain/seat_map.ts";
import type { Result } from "../domain/result.ts";
import type {
  CreatedSchedule,
  CreatedSeat,
  NewSchedule,
  NewSeat,
  ScheduleRef,
} from "./catalogue.ts";
import type { IdempotencyFailure, IdempotentRequest } from "./idempotency.ts";

import type { EventEffects } from "./outbox.ts";

/**
 * What operators add to a concert, and change of its seats. Each method is one statement. A change
 * and its entry in the audit log are one act; with `act` null there is no entry.
 */
export interface Seating {
  addSchedule(
    concertId: ConcertId,
    schedule: NewSchedule,
    act: OperatorAct | null,
    once?: IdempotentRequest | null,
  ): Promise<Result<AddedSchedule & Replay, AddScheduleFailure>>;
  /**
   * The faults of all seats have the paths `seats[0].price` and so on. A dry run changes nothing and
   * leaves the key free.
   */
  addSeats(
    schedule: ScheduleRef,
    seats: readonly NewSeat[],
    options: { readonly dryRun: boolean },
    act: OperatorAct | null,
    once?: IdempotentRequest | null,
  ): Promise<Result<AddedSeats & Replay, AddSeatsFailure>>;
  /** All seats with their statuses, of a withdrawn schedule too. One statement. */
  seats(
    schedule: ScheduleRef,
  ): Promise<Result<OperatorSeats, FailureOf<"CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND">>>;
  changeSeat(
    schedule: ScheduleRef,
    seatId: SeatId,
    changes: SeatChanges,
    act: OperatorAct | null,
  ): Promise<Result<ChangedSeat, ChangeSeatFailure>>;
}

interface Replay {
  /** Whether an earlier request with the same key did it. */
  readonly replayed: boolean;
}

export type AddScheduleFailure =
  | IdempotencyFailure
  | FailureOf<"CONCERT_NOT_FOUND" | "ROOM_NOT_FOUND" | "VALIDATION_FAILED">;

export type AddSeatsFailure = AddScheduleFailure | FailureOf<"SCHEDULE_NOT_FOUND">;

export interface AddedSchedule {
  readonly schedule: CreatedSchedule;
  readonly room: RoomId;
}

export interface AddedSeats {
  readonly room: RoomId;
  readonly added: number;
  /** In the order of the request. In a dry run seats have no id. */
  readonly seats: readonly (Omit<CreatedSeat, "seatId"> & { readonly seatId: SeatId | null })[];
}

/** Absent members do not change. */
export interface SeatChanges {
  /** Live holds keep their price. */
  readonly price?: number | undefined;
  readonly status?: "BLOCKED" | "AVAILABLE" | undefined;
}

export type ChangeSeatFailure = FailureOf<
  "CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "SEAT_NOT_FOUND" | "SEAT_UNAVAILABLE"
>;

/** Operators see which seats are blocked. */
export interface OperatorSeat extends Omit<Seat, "status"> {
  readonly status: Seat["status"] | "BLOCKED";
}

export interface OperatorSeats extends Pick<SeatSnapshot, "mapVersion" | "takenAt"> {
  /** By number. */
  readonly seats: readonly SeatRow[];
  /** A letter a seat, in their order, as of fans; B is BLOCKED. */
  readonly statuses: string;
}

export interface ChangedSeat {
  readonly seat: OperatorSeat;
  readonly room: RoomId;
  readonly effects: {
    readonly concertsWithChangedSchedule: readonly ConcertId[];
    readonly changedConcerts: readonly ConcertId[];
    readonly rooms: readonly RoomId[];
  } & EventEffects;
}
