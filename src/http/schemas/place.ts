import { z } from "@hono/zod-openapi";
import type { LastPlace, PlaceView } from "../../ports/queue_store.ts";
import type { ShownPlace } from "../../domain/line_history.ts";
import { orNull, timeSchema } from "./common.ts";
import { endCauseSchema, waitReasonSchema } from "./line.ts";
import { estimatedWaitBody, estimatedWaitSchema } from "./estimated_wait.ts";

/** The operator's view of a place. */
export const placeSchema = z.object({
  state: z.enum(["GATHERED", "WAITING", "ADMITTED", "PARKED"]).openapi("PlaceState"),
  ticket: z.int().min(1).nullable(),
  position: z.int().min(1).nullable(),
  expiresAt: timeSchema.nullable(),
}).openapi("Place");

export const placeExample = {
  state: "ADMITTED" as const,
  ticket: 1042,
  position: null,
  expiresAt: "2026-12-01T10:15:00.000Z",
};

export function placeBody({ state, ticket, ahead, expiresAtMs }: PlaceView) {
  return {
    state,
    ticket,
    position: ahead === null ? null : ahead + 1,
    expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
  };
}

/** The operator's view of a place that has ended. */
export const lastPlaceSchema = z.object({
  ticket: z.int().min(1).nullable(),
  endedBecause: endCauseSchema,
  endedAt: timeSchema,
}).openapi("LastPlace", {
  description: "How the last place ended, for an hour after the end. Null: the fan has a place, " +
    "or was never near the front of the line.",
});

export function lastPlaceBody({ ticket, endedBecause, endedAtMs }: LastPlace) {
  return { ticket, endedBecause, endedAt: new Date(endedAtMs).toISOString() };
}

/** What an answer to a fan in line says. */
export const shownPlaceSchema = z.object({
  at: timeSchema,
  position: z.int().min(1).openapi({ description: "At most; fewer if others left." }),
  wait: orNull(estimatedWaitSchema),
  reason: orNull(waitReasonSchema),
}).openapi("ShownPlace");

export const shownPlaceExample = {
  at: "2026-12-01T10:00:00.000Z",
  position: 812,
  wait: { low: 190, middle: 240, high: 300 },
  reason: null,
};

export function shownPlaceBody({ atMs, ahead, wait, reason }: ShownPlace) {
  const at = new Date(atMs).toISOString();
  return { at, position: ahead + 1, wait: estimatedWaitBody(wait), reason };
}
