import { z } from "@hono/zod-openapi";
import { timeSchema } from "./common.ts";

export const lineShape = {
  state: z.enum(["WAITING", "ADMITTED", "GONE"]),
  ticket: z.int().nullable().openapi({
    description: "The ticket number, from 1, which orders the line. Null before the draw.",
  }),
  position: z.int().min(1).nullable().openapi({
    description: "Null before the opening, and while the line cannot be asked.",
  }),
  ahead: z.int().min(0).nullable(),
  positionIsExact: z.boolean().nullable(),
  positionIs: z.enum(["EXACT", "AT_MOST", "AT_LEAST"]).nullable().openapi({
    description:
      "AT_LEAST: the line re-forms after a reset, and fans may still rejoin in front of this one.",
  }),
  estimatedWaitSeconds: z.int().min(0).nullable().openapi({
    description: "Null while it is unknown, as while nobody is admitted.",
  }),
  estimatedWaitRange: z.object({ low: z.int().min(0), high: z.int().min(0) })
    .nullable().openapi({ description: "In seconds. It holds for about four fans of five." }),
  pollAfterSeconds: z.int().min(1).nullable().openapi({
    description: "When to poll again. A fan who polls in this time keeps the place.",
  }),
  expiresAt: timeSchema.nullable().openapi({
    description: "WAITING: when the place ends without a poll. ADMITTED: the end of the admission.",
  }),
  reason: z.enum(["ENDED", "LINE_RESET", "LOBBY", "HELD", "CLOSED", "SOLD_OUT"]).nullable()
    .openapi({
      description:
        "GONE: why the place ended. WAITING: why nobody is admitted. LOBBY: before the opening. " +
        "HELD, CLOSED: by the operator. SOLD_OUT: no seat is left.",
    }),
  opensAt: timeSchema.optional().openapi({ description: "The time of the opening, before it." }),
  pseudonym: z.string().optional().openapi({
    description: "Before the opening: identifies the ticket in the published list of the draw.",
  }),
  seatsMayReturn: z.boolean().optional().openapi({
    description: "With SOLD_OUT: whether some seats are only held.",
  }),
  token: z.string().optional().openapi({
    description:
      "A newer token of the same place. Send it in place of the present one from now on.",
  }),
  endedBecause: z.enum(["PAID", "LEFT", "ADMISSION_LAPSED", "TURN_MISSED", "REMOVED", "SILENT"])
    .optional().openapi({ description: "With ENDED, while it is known: how the place ended." }),
};

export const WAITING_EXAMPLE = {
  state: "WAITING" as const,
  ticket: 1042,
  position: 42,
  ahead: 41,
  positionIsExact: true,
  positionIs: "EXACT" as const,
  estimatedWaitSeconds: 95,
  estimatedWaitRange: { low: 66, high: 124 },
  pollAfterSeconds: 19,
  expiresAt: "2026-12-01T16:00:00.000Z",
  reason: null,
};

export const GONE_EXAMPLE = {
  state: "GONE" as const,
  ticket: 1042,
  position: null,
  ahead: null,
  positionIsExact: null,
  positionIs: null,
  estimatedWaitSeconds: null,
  estimatedWaitRange: null,
  pollAfterSeconds: null,
  expiresAt: null,
  reason: "ENDED" as const,
  endedBecause: "LEFT" as const,
};

export const lineSchema = z.object(lineShape).openapi("Line", { example: WAITING_EXAMPLE });
