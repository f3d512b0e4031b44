import { z } from "@hono/zod-openapi";
import { END_CAUSES } from "../../domain/queue.ts";
import { countSchema, orNull, timeSchema } from "./common.ts";

const ticketNumber = z.int().min(1);
const none = z.null();
const token = z.string();
const positionIs = z.enum(["EXACT", "AT_MOST", "AT_LEAST"]).openapi("PositionIs");
export const waitReasonSchema = z.enum(["LOBBY", "HELD", "CLOSED", "SOLD_OUT"]).openapi(
  "WaitReason",
);
const goneReason = z.enum(["ENDED", "LINE_RESET"]).openapi("GoneReason");
export const endCauseSchema = z.enum(END_CAUSES).openapi("EndCause");
const waitRange = z.object({ low: countSchema, high: countSchema }).openapi("WaitRange");

/** What does not apply outside the line. */
const noPosition = {
  position: none,
  ahead: none,
  positionIsExact: none,
  positionIs: none,
  estimatedWaitSeconds: none,
  estimatedWaitRange: none,
  pollAfterSeconds: none,
};

const waitingShape = {
  state: z.literal("WAITING"),
  ticket: ticketNumber.nullable(),
  position: z.int().min(1).nullable(),
  ahead: countSchema.nullable(),
  positionIsExact: z.boolean().nullable(),
  positionIs: orNull(positionIs),
  estimatedWaitSeconds: countSchema.nullable(),
  estimatedWaitRange: orNull(waitRange),
  pollAfterSeconds: z.int().min(1),
  expiresAt: timeSchema.nullable(),
  reason: orNull(waitReasonSchema),
  opensAt: timeSchema.optional(),
  pseudonym: z.string().optional(),
  seatsMayReturn: z.boolean().optional(),
  token: token.optional(),
};
const admittedShape = {
  state: z.literal("ADMITTED"),
  ticket: ticketNumber,
  ...noPosition,
  expiresAt: timeSchema,
  reason: none,
  token: token.optional(),
};
const goneShape = {
  state: z.literal("GONE"),
  ticket: ticketNumber.nullable(),
  ...noPosition,
  expiresAt: none,
  reason: goneReason,
  endedBecause: endCauseSchema.optional(),
};

export const goneLineSchema = z.object(goneShape).openapi("GoneLine");
export const lineSchema = z.discriminatedUnion("state", [
  z.object(waitingShape).openapi("WaitingLine"),
  z.object(admittedShape).openapi("AdmittedLine"),
  goneLineSchema,
]).openapi("Line");
/** The place that a join answers, with its token. */
export const joinedLineSchema = z.discriminatedUnion("state", [
  z.object({ ...waitingShape, token }).openapi("JoinedWaitingLine"),
  z.object({ ...admittedShape, token }).openapi("JoinedAdmittedLine"),
]).openapi("JoinedLine");

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
