import { z } from "@hono/zod-openapi";
import { timeSchema } from "./common.ts";

export const lineShape = {
  state: z.enum(["WAITING", "ADMITTED", "GONE"]),
  ticket: z.int().nullable().openapi({
    description: "The ticket number, from 1, which orders the line. Null before the draw.",
  }),
  position: z.int().min(1).nullable(),
  ahead: z.int().min(0).nullable(),
  positionIsExact: z.boolean().nullable(),
  estimatedWaitSeconds: z.int().min(0).nullable(),
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
};

export const WAITING_EXAMPLE = {
  state: "WAITING" as const,
  ticket: 1042,
  position: 42,
  ahead: 41,
  positionIsExact: true,
  estimatedWaitSeconds: 95,
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
  estimatedWaitSeconds: null,
  pollAfterSeconds: null,
  expiresAt: null,
  reason: "ENDED" as const,
};

export const lineSchema = z.object(lineShape).openapi("Line", { example: WAITING_EXAMPLE });
