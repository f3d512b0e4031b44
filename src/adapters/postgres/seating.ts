import { MAX_SCHEDULES_PER_CONCERT, MAX_SEATS_PER_CONCERT } from "../../domain/limits.ts";
import { ok, type Result } from "../../domain/result.ts";
import type { RecordedAnswer } from "../../ports/idempotency.ts";
import type {
  AddedSchedule,
  AddedSeats,
  AddScheduleFailure,
  AddSeatsFailure,
  ChangedSeat,
  ChangeSeatFailure,
  Seating,
} from "../../ports/seating.ts";
import { type ActTime, callAct, callRecordedAct, databaseTime, type Sql } from "./sql.ts";

const LIMITS = { maxSchedules: MAX_SCHEDULES_PER_CONCERT, maxSeats: MAX_SEATS_PER_CONCERT };

function read<Added, Failure>(
  added: Result<RecordedAnswer<null>, Failure>,
): Result<Added & { readonly replayed: boolean }, Failure> {
  if (!added.ok) return added;
  const { json, replayed } = added.value;
  return ok({ ...JSON.parse(json) as Added, replayed });
}

/** What operators add to concerts in PostgreSQL, and change of their seats. */
export function postgresSeating(
  { sql, actTime = databaseTime }: { readonly sql: Sql; readonly actTime?: ActTime },
): Seating {
  return {
    async addSchedule(concertId, schedule, act, once = null) {
      const added = await callRecordedAct<null, AddScheduleFailure>(
        sql,
        "add_schedule_to_concert",
        { concertId, schedule, ...LIMITS, act, idempotency: once, now: actTime() },
        { isHeavy: true, repeatable: once !== null },
      );
      return read<AddedSchedule, AddScheduleFailure>(added);
    },
    async addSeats({ concertId, scheduleId }, seats, { dryRun }, act, once = null) {
      const idempotency = dryRun ? null : once;
      const added = await callRecordedAct<null, AddSeatsFailure>(
        sql,
        "add_seats",
        { concertId, scheduleId, seats, dryRun, ...LIMITS, act, idempotency, now: actTime() },
        { isHeavy: true, repeatable: dryRun || once !== null },
      );
      return read<AddedSeats, AddSeatsFailure>(added);
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
