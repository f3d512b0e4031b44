import { MAX_SCHEDULES_PER_CONCERT, MAX_SEATS_PER_CONCERT } from "../../domain/limits.ts";
import { ok, refused } from "../../domain/result.ts";
import type {
  AddedSchedule,
  AddedSeats,
  AddScheduleFailure,
  AddSeatsFailure,
  ChangedSeat,
  ChangeSeatFailure,
  OperatorSeats,
  Seating,
} from "../../ports/seating.ts";
import {
  type AddedSeatColumns,
  addedSeats,
  createdSchedule,
  type CreatedScheduleColumns,
  type DryRunSeatColumns,
  faultOfSize,
  scheduleInput,
  seatsInput,
} from "./seats_input.ts";
import {
  type ActTime,
  callAct,
  callRecordedAct,
  databaseTime,
  queryJson,
  type Sql,
} from "./sql.ts";

const SEATS_FOR_OPERATOR = `
  select json_build_object(
      'mapVersion', sc.map_version,
      'takenAt', rfc3339(act_time($3::text::timestamptz)),
      'seats', (
        select json_agg(json_build_array(s.seat_id, s.seat_number, s.label, s.section, s.row_name,
            s.x, s.y, s.price) order by s.seat_number)
          from seats s where s.schedule_id = sc.schedule_id),
      'statuses', (
        select string_agg(case when s.sold then 'S' when s.blocked then 'B'
            when s.held_until > act_time($3::text::timestamptz) then 'H' else 'A' end, ''
            order by s.seat_number)
          from seats s where s.schedule_id = sc.schedule_id))::text as result
    from concerts c
    left join schedules sc on sc.concert_id = c.concert_id
      and sc.schedule_id = $2::text::bigint
    where c.concert_id = $1::text::bigint`;

type FoundSeats = { readonly [Member in keyof OperatorSeats]: OperatorSeats[Member] | null };

const LIMITS = { maxSchedules: MAX_SCHEDULES_PER_CONCERT, maxSeats: MAX_SEATS_PER_CONCERT };

interface AddedScheduleColumns extends Omit<AddedSchedule, "schedule"> {
  readonly schedule: CreatedScheduleColumns;
}

interface AddedColumns extends Omit<AddedSeats, "seats"> {
  readonly seats: AddedSeatColumns | DryRunSeatColumns;
}

/** What operators add to concerts in PostgreSQL, and change of their seats. */
export function postgresSeating(
  { sql, actTime = databaseTime }: { readonly sql: Sql; readonly actTime?: ActTime },
): Seating {
  return {
    async addSchedule(concertId, schedule, act, once = null) {
      const input = {
        concertId,
        schedule: scheduleInput(schedule),
        ...LIMITS,
        act,
        idempotency: once,
        now: actTime(),
      };
      const fault = faultOfSize(input, "seats");
      if (fault) return refused({ kind: "VALIDATION_FAILED", errors: [fault] });
      const added = await callRecordedAct<null, AddScheduleFailure>(
        sql,
        "add_schedule_to_concert",
        input,
        { isHeavy: true, repeatable: once !== null },
      );
      if (!added.ok) return added;
      const { json, replayed } = added.value;
      const { schedule: columns, room } = JSON.parse(json) as AddedScheduleColumns;
      return ok({ schedule: createdSchedule(schedule, columns), room, replayed });
    },
    async addSeats({ concertId, scheduleId }, seats, { dryRun }, act, once = null) {
      const input = {
        concertId,
        scheduleId,
        seats: seatsInput(seats),
        dryRun,
        ...LIMITS,
        act,
        idempotency: dryRun ? null : once,
        now: actTime(),
      };
      const fault = faultOfSize(input, "seats");
      if (fault) return refused({ kind: "VALIDATION_FAILED", errors: [fault] });
      const added = await callRecordedAct<null, AddSeatsFailure>(
        sql,
        "add_seats",
        input,
        { isHeavy: true, repeatable: dryRun || once !== null },
      );
      if (!added.ok) return added;
      const { json, replayed } = added.value;
      const { seats: columns, ...done } = JSON.parse(json) as AddedColumns;
      return ok({ ...done, seats: addedSeats(seats, columns), replayed });
    },
    async seats({ concertId, scheduleId }) {
      const params = [String(concertId), String(scheduleId), actTime()];
      const found = await queryJson<FoundSeats>(sql, SEATS_FOR_OPERATOR, params);
      if (!found) return refused({ kind: "CONCERT_NOT_FOUND" });
      if (found.mapVersion === null) return refused({ kind: "SCHEDULE_NOT_FOUND" });
      return ok(found as OperatorSeats);
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
