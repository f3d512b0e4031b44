import type {
  Concert,
  ConcertStatus,
  Schedule,
  ScheduleStatus,
  SeatMap,
} from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { ConcertId, ScheduleId, SeatId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";

/** What is on sale. Each method is one statement. Times are RFC 3339 UTC. */
export interface Catalogue {
  /** Concerts with an opened date and an unsold seat. */
  listOnSale(): Promise<Perishable<readonly Concert[]>>;
  /** The opened dates of a concert; null if there is no such concert, or it was withdrawn. */
  listSchedules(concertId: ConcertId): Promise<Perishable<readonly Schedule[]> | null>;
  /** It changes by itself with the next lapse of a hold. */
  seatMap(
    concertId: ConcertId,
    scheduleId: ScheduleId,
  ): Promise<
    Result<
      Perishable<SeatMap>,
      FailureOf<"CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "SALE_NOT_OPEN">
    >
  >;
  create(concert: NewConcert): Promise<CreatedConcert>;
  get(concertId: ConcertId): Promise<ConcertForOperator | null>;
  update(
    concertId: ConcertId,
    changes: ConcertChanges,
  ): Promise<Result<ConcertForOperator, FailureOf<"CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND">>>;
  /** Throws when the store does not answer. */
  ping(): Promise<void>;
}

/** A value, and how long until the next opening of a sale, or lapse of a hold, would change it. */
export interface Perishable<Value> {
  readonly value: Value;
  readonly changesInMs: number | null;
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
  readonly timeZone: string;
  readonly schedules: readonly {
    readonly concertAt: string;
    readonly reservationAvailableAt: string;
    readonly seats: readonly NewSeat[];
  }[];
}

export interface CreatedConcert extends Concert {
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
  readonly status?: "WITHDRAWN" | undefined;
  readonly schedules?:
    | readonly { readonly scheduleId: ScheduleId; readonly reservationAvailableAt: string }[]
    | undefined;
}
