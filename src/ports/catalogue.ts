import type {
  Concert,
  ConcertStatus,
  Schedule,
  ScheduleStatus,
  SeatMap,
} from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { ConcertId, RoomId, ScheduleId, SeatId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { OperatorAct } from "./rooms.ts";

/**
 * What is on sale. Each method is one statement. Times are RFC 3339 UTC. What an operator does and
 * its line in the audit log are one act; what no operator does is told to no log.
 */
export interface Catalogue {
  /** Concerts with an opened date and an unsold seat. */
  listOnSale(): Promise<Perishable<readonly Concert[]>>;
  /** The opened dates of a concert; null if there is no such concert, or it was withdrawn. */
  listSchedules(concertId: ConcertId): Promise<Perishable<SchedulesOfConcert> | null>;
  /** It changes by itself with the next lapse of a hold. */
  seatMap(
    concertId: ConcertId,
    scheduleId: ScheduleId,
  ): Promise<
    Result<
      Perishable<SeatsOfSchedule>,
      FailureOf<"CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "SALE_NOT_OPEN">
    >
  >;
  create(
    concert: NewConcert,
    act: OperatorAct | null,
  ): Promise<Result<CreatedConcert, FailureOf<"ROOM_NOT_FOUND">>>;
  get(concertId: ConcertId): Promise<ConcertForOperator | null>;
  update(
    concertId: ConcertId,
    changes: ConcertChanges,
    act: OperatorAct | null,
  ): Promise<
    Result<
      ConcertForOperator,
      FailureOf<"CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "ROOM_NOT_FOUND">
    >
  >;
  /** Throws when the store does not answer. */
  ping(): Promise<void>;
}

/** A value, and how long until the next opening of a sale, or lapse of a hold, would change it. */
export interface Perishable<Value> {
  readonly value: Value;
  readonly changesInMs: number | null;
}

/** `room` is the one whose admitted may see it. */
export interface SchedulesOfConcert {
  readonly room: RoomId;
  readonly schedules: readonly Schedule[];
}

/** `room` is the one whose admitted may see it. */
export interface SeatsOfSchedule {
  readonly room: RoomId;
  readonly map: SeatMap;
}

export interface NewSeat {
  readonly seatNumber: number;
  readonly price: number;
  readonly section: string | null;
  readonly row: string | null;
  readonly x: number | null;
  readonly y: number | null;
}

export interface NewConcert {
  readonly title: string;
  readonly description: string;
  readonly venue: string | null;
  /** `main` unless told. */
  readonly room?: RoomId | null | undefined;
  readonly timeZone: string;
  readonly schedules: readonly {
    readonly concertAt: string;
    readonly reservationAvailableAt: string;
    readonly seats: readonly NewSeat[];
  }[];
}

export interface CreatedConcert extends Concert {
  readonly room: RoomId;
  readonly status: ConcertStatus;
  readonly schedules: readonly (OperatorSchedule & {
    readonly seats: readonly { readonly seatId: SeatId; readonly seatNumber: number }[];
  })[];
}

interface OperatorSchedule {
  readonly scheduleId: ScheduleId;
  readonly concertAt: string;
  readonly reservationAvailableAt: string;
  readonly status: ScheduleStatus;
}

export interface ConcertForOperator extends Concert {
  readonly room: RoomId;
  readonly status: ConcertStatus;
  readonly schedules: readonly (OperatorSchedule & {
    readonly seatCount: number;
    /** Seats that are not sold; a held seat may come back. */
    readonly seatsLeft: number;
  })[];
}

/** Absent members stay as they are. */
export interface ConcertChanges {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly venue?: string | null | undefined;
  readonly room?: RoomId | undefined;
  readonly status?: "WITHDRAWN" | undefined;
  readonly schedules?:
    | readonly { readonly scheduleId: ScheduleId; readonly reservationAvailableAt: string }[]
    | undefined;
}
