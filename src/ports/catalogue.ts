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
import type { OperatorAct } from "../domain/audit.ts";

/**
 * The concerts on sale. Each method is one statement. Times are RFC 3339 UTC. A change by an
 * operator and its entry in the audit log are one act; with `act` null there is no entry.
 */
export interface Catalogue {
  /** Concerts with an opened schedule and an unsold seat. */
  listOnSale(): Promise<ExpiringValue<readonly Concert[]>>;
  /** The opened schedules; null if there is no such concert or it was withdrawn. */
  listSchedules(concertId: ConcertId): Promise<ExpiringValue<SchedulesOfConcert> | null>;
  /** The next lapse of a hold changes the value. */
  seatMap(
    concertId: ConcertId,
    scheduleId: ScheduleId,
  ): Promise<
    Result<
      ExpiringValue<SeatsOfSchedule>,
      FailureOf<"CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "SALE_NOT_OPEN" | "SALE_CLOSED">
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
      FailureOf<
        "CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "ROOM_NOT_FOUND" | "WITHDRAWAL_FINAL"
      >
    >
  >;
  /** Throws when the store does not answer. */
  ping(): Promise<void>;
}

/** A value with the time until the next opening or lapse of a hold changes it. */
export interface ExpiringValue<Value> {
  readonly value: Value;
  readonly changesInMs: number | null;
}

/** Only fans admitted to `room` may see it. */
export interface SchedulesOfConcert {
  readonly room: RoomId;
  readonly schedules: readonly Schedule[];
}

/** Only fans admitted to `room` may see it. */
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
  /** `main` by default. */
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
  readonly salesEndAt: string;
  readonly status: ScheduleStatus;
}

export interface ConcertForOperator extends Concert {
  readonly room: RoomId;
  readonly status: ConcertStatus;
  readonly schedules: readonly (OperatorSchedule & {
    readonly seatCount: number;
    /** Seats that are not sold. A held seat counts as left. */
    readonly seatsLeft: number;
  })[];
}

export type Withdrawal = "WITHDRAWN" | "ON_SALE";

/** Absent members do not change. */
export interface ScheduleChanges {
  readonly scheduleId: ScheduleId;
  readonly reservationAvailableAt?: string | undefined;
  readonly status?: Withdrawal | undefined;
}

/** Absent members do not change. */
export interface ConcertChanges {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly venue?: string | null | undefined;
  readonly room?: RoomId | undefined;
  /** ON_SALE undoes a withdrawal. */
  readonly status?: Withdrawal | undefined;
  readonly schedules?: readonly ScheduleChanges[] | undefined;
}
