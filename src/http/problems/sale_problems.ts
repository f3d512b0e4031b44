import { z } from "@hono/zod-openapi";
import {
  countSchema,
  reservationIdSchema,
  reservationStatusSchema,
  seatIdSchema,
  timeSchema,
} from "../schemas/common.ts";
import type { ProblemDefinitions } from "./problem_definition.ts";
import { seatInEnglish } from "./seat_name.ts";

/** The failures of concerts, seats and reservations. */
export const SALE_PROBLEMS = {
  CONCERT_NOT_FOUND: {
    status: 404,
    title: "Concert not found",
    detail: () => "There is no such concert on sale.",
  },
  SCHEDULE_NOT_FOUND: {
    status: 404,
    title: "Schedule not found",
    detail: () => "The concert has no such schedule.",
  },
  SEAT_NOT_FOUND: {
    status: 404,
    title: "Seat not found",
    detail: () => "This schedule does not have all of these seats. Read its seat map again.",
    members: { seatIds: z.array(seatIdSchema) },
  },
  WITHDRAWAL_FINAL: {
    status: 409,
    title: "Withdrawal final",
    detail: () =>
      "A refund of what was withdrawn was accepted, so the withdrawal cannot be undone.",
  },
  SALE_NOT_OPEN: {
    status: 409,
    title: "Sale not open",
    detail: ({ opensAt }) => `The sale of this schedule opens at ${opensAt}.`,
    members: { opensAt: timeSchema },
  },
  SALE_CLOSED: {
    status: 409,
    title: "Sale closed",
    detail: ({ closedAt }) => `The sale of this schedule ended at ${closedAt}.`,
    members: { closedAt: timeSchema },
  },
  SEAT_UNAVAILABLE: {
    status: 409,
    title: "Seat unavailable",
    detail: ({ seats = [], seatsTogether }) =>
      seatsTogether === undefined
        ? `Held or sold already: ${seats.map(seatInEnglish).join("; ")}. Nothing was changed.`
        : `At most ${seatsTogether} such seats are free side by side. Nothing was held.`,
    values: ({ seats: _, kind: __, ...members }) => members,
    members: {
      seatIds: z.array(seatIdSchema),
      ownReservations: z.array(
        z.object({
          seatId: seatIdSchema,
          reservationId: reservationIdSchema,
          expiresAt: timeSchema,
        }).openapi("OwnReservation"),
      ).openapi({ description: "Which of the seats are live holds of your own." }),
      seatsTogether: z.int().optional().openapi({
        description: "Only of `bestAvailable`: how many such seats are free side by side. Then " +
          "`seatIds` is empty.",
      }),
    },
  },
  SEAT_LIMIT_EXCEEDED: {
    status: 409,
    title: "Seat limit exceeded",
    detail: ({ limit, held }) =>
      `One fan may have ${limit} seats of a schedule; you have ${held} already.`,
    members: { limit: countSchema, held: countSchema },
  },
  RESERVATION_NOT_FOUND: {
    status: 404,
    title: "Reservation not found",
    detail: () => "You have no such reservation.",
  },
  RESERVATION_NOT_PAYABLE: {
    status: 409,
    title: "Reservation not payable",
    detail: ({ reservations }) =>
      `Only live holds can be paid for: ${
        reservations.map(({ seat, status }) => `${seat ? seatInEnglish(seat) : "one"} is ${status}`)
          .join("; ")
      }. Nothing was paid.`,
    values: ({ reservations }) => ({
      reservations: reservations.map(({ seat: _, ...reservation }) => reservation),
    }),
    members: {
      reservations: z.array(
        z.object({ reservationId: reservationIdSchema, status: reservationStatusSchema })
          .openapi("UnpayableReservation"),
      ),
    },
  },
  RESERVATION_NOT_CANCELLABLE: {
    status: 409,
    title: "Reservation not cancellable",
    detail: () => "The reservation is paid or refunded.",
  },
} satisfies Partial<ProblemDefinitions>;
