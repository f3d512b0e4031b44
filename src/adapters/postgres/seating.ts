import type { FailureOf } from "../../domain/failures.ts";
import { MAX_SCHEDULES_PER_CONCERT, MAX_SEATS_PER_CONCERT } from "../../domain/limits.ts";
import type {
  AddedSchedule,
  AddedSeats,
  ChangedSeat,
  ChangeSeatFailure,
  Seating,
} from "../../ports/seating.ts";
import { type ActTime, callAct, databaseTime, type Sql } from "./sql.ts";

const LIMITS = { maxSchedules: MAX_SCHEDULES_PER_CONCERT, maxSeats: MAX_SEATS_PER_CONCERT };

type AddScheduleFailure = FailureOf<"CONCERT_NOT_FOUND" | "ROOM_NOT_FOUND" | "VALIDATION_FAILED">;
type AddSeatsFailure = FailureOf<
  "CONCERT_NOT_FOUND" | "ROOM_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "VALIDATION_FAILED"
>;

/** What operators add to concerts in PostgreSQL, and change of their seats. */
export function postgresSeating(
  { sql, actTime = databaseTime }: { readonly sql: Sql; readonly actTime?: ActTime },
): Seating {
  return {
    addSchedule(concertId, schedule, act) {
      return callAct<AddedSchedule, AddScheduleFailure>(
        sql,
        "add_schedule_to_concert",
        { concertId, schedule, ...LIMITS, act, now: actTime() },
        { isHeavy: true },
      );
    },
    addSeats({ concertId, scheduleId }, seats, { dryRun }, act) {
      return callAct<AddedSeats, AddSeatsFailure>(
        sql,
        "add_seats",
        { concertId, scheduleId, seats, dryRun, ...LIMITS, act, now: actTime() },
        { isHeavy: true, repeatable: dryRun },
      );
    },
    changeSeat({ concertId, scheduleId }, seatId, changes, act) {
      return callAct<ChangedSeat, ChangeSeatFailure>(
        sql,
        "change_seat",
        { concertId, scheduleId, seatId, changes, act, now: actTime() },
        { repeatable: true },
      );
    },
  };
}
