import { z } from "@hono/zod-openapi";
import { timeSchema } from "./common.ts";

export const lineShape = {
  state: z.enum(["WAITING", "ADMITTED", "GONE"]),
  ticket: z.int().nullable().openapi({
    description: "The number drawn at joining; it orders the line. Null before the opening's draw.",
  }),
  position: z.int().min(1).nullable(),
  ahead: z.int().min(0).nullable(),
  positionIsExact: z.boolean().nullable(),
  estimatedWaitSeconds: z.int().min(0).nullable(),
  pollAfterSeconds: z.int().min(1).nullable().openapi({
    description: "When to ask again. Asking as told keeps the place.",
  }),
  expiresAt: timeSchema.nullable().openapi({
    description: "WAITING: when silence ends the place. ADMITTED: the end of the admission.",
  }),
  reason: z.enum(["ENDED", "LINE_RESET", "LOBBY", "HELD", "CLOSED", "SOLD_OUT"]).nullable()
    .openapi({
      description:
        "GONE: why. WAITING: why nobody is let in: LOBBY, before the opening; HELD and " +
        "CLOSED, by the operator; SOLD_OUT, no seat is left.",
    }),
  opensAt: timeSchema.optional().openapi({ description: "Before the opening: its time." }),
  pseudonym: z.string().optional().openapi({
    description: "Before the opening: by which the fan finds the ticket in the published list.",
  }),
  seatsMayReturn: z.boolean().optional().openapi({
    description: "With SOLD_OUT: whether some seats are held and not paid yet.",
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
