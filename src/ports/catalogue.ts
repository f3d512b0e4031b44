import type { OperatorAct } from "../domain/audit.ts";
import type {
  Concert,
  ConcertStatus,
  Page,
  PageRequest,
  Schedule,
  ScheduleStatus,
} from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { ConcertId, RoomId, ScheduleId, SeatId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { SeatMap, SeatSnapshot } from "../domain/seat_map.ts";
import type { IdempotencyFailure, IdempotentRequest } from "./idempotency.ts";
import type { EventEffects } from "./outbox.ts";

/**
 * The concerts on sale. Each method is one statement. Times are RFC 3339 UTC. A change by an
 * operator and its entry in the audit log are one act; with `act` null there is no entry.
 */
export interface Catalogue {
  /** A block of the concerts with an opened schedule and an unsold seat, by id. */
  listOnSale(block: number): Promise<ExpiringValue<Block<Concert>>>;
  /** A block of the concerts that are or will be on, by id. */
  listProgramme(block: number): Promise<ExpiringValue<Block<ProgrammeConcert>>>;
  /** The ids of all concerts on sale. */
  idsOnSale(): Promise<readonly ConcertId[]>;
  /** The opened schedules; null if there is no such concert or it was withdrawn. */
  listSchedules(concertId: ConcertId): Promise<ExpiringValue<SchedulesOfConcert> | null>;
  /** The seats of the schedule or of one section; null if there is no such schedule. */
  seatMap(schedule: ScheduleRef, section: string | null): Promise<SeatMap | null>;
  /** The statuses of all seats of the schedule. The end of the sale changes whether it shows any. */
  seatStatuses(
    schedule: ScheduleRef,
  ): Promise<Result<ExpiringValue<SeatSnapshot>, SeatsFailure>>;
  /** Fails with `OtherCurrencyError` if the amounts of the database are in another currency. */
  create(
    concert: NewConcert,
    act: OperatorAct | null,
    once?: IdempotentRequest | null,
  ): Promise<Result<RecordedConcert, CreateFailure>>;
  get(concertId: ConcertId): Promise<ConcertForOperator | null>;
  /** All concerts, the newest first. */
  list(filter: ConcertFilter, page: PageRequest): Promise<Page<ConcertForOperator>>;
  update(
    concertId: ConcertId,
    changes: ConcertChanges,
    act: OperatorAct | null,
  ): Promise<Result<ConcertForOperator & EventEffects, UpdateConcertFailure>>;
  /** Throws when the store does not answer. */
  ping(): Promise<void>;
}

/** A schedule of a concert. */
export interface ScheduleRef {
  readonly concertId: ConcertId;
  readonly scheduleId: ScheduleId;
}

/** Why nobody sees the seats of a schedule. */
export type SeatsFailure = FailureOf<
  "CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "SALE_NOT_OPEN" | "SALE_CLOSED"
>;

export type UpdateConcertFailure = FailureOf<
  | "CONCERT_NOT_FOUND"
  | "SCHEDULE_NOT_FOUND"
  | "ROOM_NOT_FOUND"
  | "VALIDATION_FAILED"
  | "WITHDRAWAL_FINAL"
>;

/** A value with the time until the next opening or end of a sale changes it. */
export interface ExpiringValue<Value> {
  readonly value: Value;
  readonly changesInMs: number | null;
}

/**
 * Concerts that follow each other in the list. The JSON text of a block has at most
 * `MAX_BLOCK_BYTES`. Blocks are numbered from 0 and have no concert in common.
 */
export interface Block<Item extends Concert> {
  /** The last concert of the blocks before this one; 0 if there is none. */
  readonly after: number;
  /** The number of the last block. */
  readonly last: number;
  readonly concerts: readonly Item[];
}

export interface ProgrammeSchedule {
  readonly scheduleId: ScheduleId;
  readonly concertAt: string;
  readonly reservationAvailableAt: string;
  /** The end in force. */
  readonly salesEndAt: string;
}

/** A concert with the schedules that are not over. It says nothing of what is available. */
export interface ProgrammeConcert extends Concert {
  readonly schedules: readonly ProgrammeSchedule[];
}

export const MAX_BLOCK_BYTES = 256 * 1024;

/** Only fans admitted to `room` may see it. */
export interface SchedulesOfConcert {
  readonly room: RoomId;
  readonly schedules: readonly Schedule[];
}

export interface NewSeat {
  /** Null: the number after the highest of the schedule and the request. */
  readonly seatNumber?: number | null | undefined;
  /** Null: the number. */
  readonly label?: string | null | undefined;
  readonly price: number;
  readonly section: string | null;
  readonly row: string | null;
  readonly x: number | null;
  readonly y: number | null;
}

export interface NewSchedule {
  readonly concertAt: string;
  readonly reservationAvailableAt: string;
  /** Null follows `concertAt`. */
  readonly salesEndAt?: string | null | undefined;
  /** Null: fans cannot refund. */
  readonly refundUntil?: string | null | undefined;
  readonly seats: readonly NewSeat[];
}

export interface NewConcert {
  readonly title: string;
  readonly description: string;
  readonly venue: string | null;
  /** `main` by default. */
  readonly room?: RoomId | null | undefined;
  readonly timeZone: string;
  readonly schedules: readonly NewSchedule[];
}

export interface RecordedConcert extends CreatedConcert {
  /** Whether an earlier request with the same key created it. */
  readonly replayed: boolean;
}

export type CreateFailure =
  | IdempotencyFailure
  | FailureOf<"ROOM_NOT_FOUND" | "VALIDATION_FAILED">;

export interface OperatorSchedule {
  readonly scheduleId: ScheduleId;
  readonly concertAt: string;
  readonly reservationAvailableAt: string;
  /** The end in force. */
  readonly salesEndAt: string;
  readonly refundUntil: string | null;
  readonly status: ScheduleStatus;
}

export interface CreatedSeat {
  readonly seatId: SeatId;
  readonly seatNumber: number;
  readonly label: string;
}

export interface CreatedSchedule extends OperatorSchedule {
  readonly seats: readonly CreatedSeat[];
}

export interface CreatedConcert extends Concert {
  readonly status: ConcertStatus;
  readonly schedules: readonly CreatedSchedule[];
}

export interface ScheduleWithCounts extends OperatorSchedule {
  readonly seatCount: number;
  /** Seats that are available or held. */
  readonly seatsLeft: number;
  readonly seatsHeld: number;
  /** The sum of the completed payments. */
  readonly revenue: number;
}

export interface ConcertForOperator extends Concert {
  readonly status: ConcertStatus;
  readonly schedules: readonly ScheduleWithCounts[];
}

/** Null matches all. */
export interface ConcertFilter {
  readonly status: ConcertStatus | null;
  readonly room: RoomId | null;
}

/** A withdrawal, or its undoing. */
export type WithdrawalStatus = "WITHDRAWN" | "ON_SALE";

/** Absent members do not change. */
export interface ScheduleChanges {
  readonly scheduleId: ScheduleId;
  readonly concertAt?: string | undefined;
  readonly reservationAvailableAt?: string | undefined;
  readonly salesEndAt?: string | null | undefined;
  readonly refundUntil?: string | null | undefined;
  readonly status?: WithdrawalStatus | undefined;
}

/** Absent members do not change. */
export interface ConcertChanges {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly venue?: string | null | undefined;
  readonly timeZone?: string | undefined;
  readonly room?: RoomId | undefined;
  readonly status?: WithdrawalStatus | undefined;
  readonly schedules?: readonly ScheduleChanges[] | undefined;
}
