import { z } from "@hono/zod-openapi";
import type { ConcertAdmin } from "../../application/concert_admin.ts";
import type { OperatorAct } from "../../domain/audit.ts";
import type { FailureOf } from "../../domain/failures.ts";
import { MAX_SCHEDULES_PER_CONCERT, MAX_SEATS_PER_CONCERT } from "../../domain/limits.ts";
import { refused, type Result } from "../../domain/result.ts";
import { SEAT_COLUMNS } from "../../domain/seat_map.ts";
import type { ScheduleRef } from "../../ports/catalogue.ts";
import type { IdempotentRequest } from "../../ports/idempotency.ts";
import type { AddedSeats, AddSeatsFailure } from "../../ports/seating.ts";
import { CONCERT_BODY_LIMIT_BYTES } from "../pipeline/body.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import { concertIdInPath, scheduleIdInPath, seatIdInPath } from "../schemas/common.ts";
import {
  createdScheduleExample,
  createdScheduleSchema,
  newScheduleBody,
} from "../schemas/concert.ts";
import {
  addedSeatsSchema,
  faultsByLine,
  newSeatsBody,
  operatorSeatSchema,
  operatorSeatsExample,
  operatorSeatsSchema,
  seatChangesBody,
  seatExample,
  SEATS_CSV_EXAMPLE,
  seatsOfCsv,
  type SeatsOfRequest,
} from "../schemas/seat.ts";

const TAG = "Operator";
const SCHEDULE = "/v1/admin/concerts/{concertId}/schedules/{scheduleId}";
const inSchedule = { concertId: concertIdInPath, scheduleId: scheduleIdInPath };

const concertOf = (_: unknown, { params }: { params: { concertId: number } }) =>
  `/v1/admin/concerts/${params.concertId}`;

/** What operators add to a concert, and change of its seats. */
export function seatAdminRoutes({ concertAdmin }: { concertAdmin: ConcertAdmin }) {
  return [
    endpoint({
      name: "addSchedule",
      method: "post",
      path: "/v1/admin/concerts/{concertId}/schedules",
      tag: TAG,
      summary: "Add a schedule to a concert",
      description:
        `A concert has up to ${MAX_SCHEDULES_PER_CONCERT} schedules and ${MAX_SEATS_PER_CONCERT} ` +
        "seats in all.",
      needs: "operator",
      idempotent: "optional",
      params: z.object({ concertId: concertIdInPath }),
      body: newScheduleBody,
      bodyExample: {
        concertAt: "2026-12-25T19:00:00+09:00",
        reservationAvailableAt: "2026-12-01T19:00:00+09:00",
        seats: [{ label: "12", section: "R", row: "3", price: 110_000 }],
      },
      bodyLimitBytes: CONCERT_BODY_LIMIT_BYTES,
      asksStores: true,
      answers: {
        201: {
          description: "The schedule",
          location: concertOf,
          schema: createdScheduleSchema,
          example: createdScheduleExample,
        },
      },
      failures: ["CONCERT_NOT_FOUND", "ROOM_NOT_FOUND", "VALIDATION_FAILED"],
      act: async ({ caller: { operator }, params, body, idempotent }) => {
        const act = { operator, reason: null };
        const added = await concertAdmin.addSchedule(params.concertId, body, act, idempotent);
        return added.ok ? answer(201, added.value.schedule, added.value.replayed) : added;
      },
    }),
    endpoint({
      name: "listOperatorSeats",
      method: "get",
      path: `${SCHEDULE}/seats`,
      tag: TAG,
      summary: "The seats of a schedule, blocked ones too",
      description: "Also before the sale, after it, and of a withdrawn schedule. It is not cached.",
      needs: "operator",
      params: z.object(inSchedule),
      asksStores: true,
      answers: {
        200: {
          description: "The map and the statuses",
          schema: operatorSeatsSchema,
          example: operatorSeatsExample,
        },
      },
      failures: ["CONCERT_NOT_FOUND", "SCHEDULE_NOT_FOUND"],
      act: async ({ params: { concertId, scheduleId } }) => {
        const found = await concertAdmin.seats({ concertId, scheduleId });
        if (!found.ok) return found;
        const { seats, ...taken } = found.value;
        return answer(200, { concertId, scheduleId, columns: [...SEAT_COLUMNS], ...taken, seats });
      },
    }),
    endpoint({
      name: "addSeats",
      method: "post",
      path: `${SCHEDULE}/seats`,
      tag: TAG,
      summary: "Add seats to a schedule",
      description:
        "All seats are added, or none. All faults of a CSV text are named at once, by line, such " +
        "as `line 7.price`. With `dryRun=true` nothing is added, and the answer is what it would be.",
      needs: "operator",
      idempotent: "optional",
      params: z.object(inSchedule),
      query: z.object({
        dryRun: z.enum(["true", "false"]).default("false").transform((text) => text === "true")
          .openapi({ type: "boolean", default: false }),
      }),
      body: newSeatsBody,
      bodyExample: { seats: [{ label: "12", section: "R", row: "3", price: 110_000 }] },
      csvBody: { read: seatsOfCsv, example: SEATS_CSV_EXAMPLE },
      // Blank lines and the ends of lines are no part of what is asked for.
      compared: ({ seats }) => seats,
      bodyLimitBytes: CONCERT_BODY_LIMIT_BYTES,
      asksStores: true,
      answers: {
        201: {
          description: "The seats, in the order of the request",
          location: concertOf,
          schema: addedSeatsSchema,
          example: { added: 1, seats: [{ seatId: 17, seatNumber: 17, label: "12" }] },
        },
      },
      failures: ["CONCERT_NOT_FOUND", "ROOM_NOT_FOUND", "SCHEDULE_NOT_FOUND", "VALIDATION_FAILED"],
      act: async ({ caller: { operator }, params, query, body, idempotent }) => {
        const act = { operator, reason: null };
        const added = await addSeats(concertAdmin, params, body, { ...query, idempotent }, act);
        if (!added.ok) return added;
        const { room: _, replayed, ...answered } = added.value;
        return answer(201, answered, replayed);
      },
    }),
    endpoint({
      name: "changeSeat",
      method: "patch",
      path: `${SCHEDULE}/seats/{seatId}`,
      tag: TAG,
      summary: "Change the price of a seat, block it or free it",
      description:
        "A sold seat does not change, and a held one is not blocked. Live holds keep their price.",
      needs: "operator",
      params: z.object({ ...inSchedule, seatId: seatIdInPath }),
      body: seatChangesBody,
      bodyExample: { status: "BLOCKED", reason: "a camera stands there" },
      asksStores: true,
      answers: {
        200: { description: "The seat", schema: operatorSeatSchema, example: seatExample },
      },
      failures: ["CONCERT_NOT_FOUND", "SCHEDULE_NOT_FOUND", "SEAT_NOT_FOUND", "SEAT_UNAVAILABLE"],
      act: async ({ caller, params, body: { reason, ...changes }, context }) => {
        const act = { operator: caller.operator, reason };
        const changed = await concertAdmin.changeSeat(context, params, params.seatId, changes, act);
        return changed.ok ? answer(200, changed.value.seat) : changed;
      },
    }),
  ];
}

/** Adds the seats. Those of a faulty CSV text are only checked, so that all its faults are named. */
async function addSeats(
  concertAdmin: ConcertAdmin,
  schedule: ScheduleRef,
  { seats, csv }: SeatsOfRequest,
  { dryRun, idempotent }: {
    readonly dryRun: boolean;
    readonly idempotent: IdempotentRequest | null;
  },
  act: OperatorAct,
): Promise<Result<AddedSeats & { readonly replayed: boolean }, AddSeatsFailure>> {
  const faults = csv?.faults ?? [];
  const faulty = faults.length > 0;
  if (faulty && seats.length === 0) return invalid(csv, []);
  const options = { dryRun: dryRun || faulty };
  const added = await concertAdmin.addSeats(schedule, seats, options, act, idempotent);
  if (!added.ok && added.failure.kind === "VALIDATION_FAILED") {
    return invalid(csv, added.failure.errors);
  }
  return faulty ? invalid(csv, []) : added;
}

function invalid(csv: SeatsOfRequest["csv"], errors: FailureOf<"VALIDATION_FAILED">["errors"]) {
  const all = csv === null ? errors : faultsByLine(csv.lines, csv.faults, errors);
  return refused({ kind: "VALIDATION_FAILED" as const, errors: all });
}
