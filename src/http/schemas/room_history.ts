import { z } from "@hono/zod-openapi";
import { countSchema, moneySchema, orNull, timeSchema } from "./common.ts";
import { roomIdSchema, roomStateSchema } from "./room.ts";
import { estimatedWaitSchema } from "./estimated_wait.ts";

const seconds = z.int().min(0);
const perMinute = z.number().min(0).nullable();
const ms = z.number().min(0);

const waitCheckSchema = z.object({
  position: z.int().min(1).openapi({ description: "Where that fan was in line." }),
  estimated: orNull(estimatedWaitSchema),
  seconds: seconds.openapi({ description: "How long the turn took from then on." }),
}).openapi("WaitCheck");

const momentSchema = z.object({
  at: timeSchema.openapi({ description: "When the sample was taken." }),
  state: roomStateSchema,
  gathered: countSchema.openapi({ description: "Fans who gathered and were not drawn yet." }),
  waiting: countSchema,
  admitted: countSchema.openapi({ description: "Fans who held a slot." }),
  parked: countSchema,
  capacity: z.int().min(1),
  seatsAvailable: countSchema.nullable().openapi({
    description: "Seats on sale that nobody held, at the last count before the sample; null: " +
      "never counted.",
  }),
  admissionsPerMinute: perMinute.openapi({
    description: "Slots given since the sample before; null without one.",
  }),
  noShowsPerMinute: perMinute.openapi({
    description: "Turns that were missed since the sample before; null without one.",
  }),
  estimatedWait: orNull(estimatedWaitSchema),
  waited: orNull(waitCheckSchema).openapi({
    description: "The furthest fan in line at this time whose turn has come since; null while " +
      "there is none.",
  }),
}).openapi("LineMoment");

const salesMinuteSchema = z.object({
  at: timeSchema.openapi({ description: "The beginning of the minute." }),
  holds: countSchema.openapi({ description: "Seats that were held, whatever became of them." }),
  sales: countSchema.openapi({ description: "Seats that were paid, refunded ones too." }),
  amount: moneySchema.openapi({ description: "The sum of these payments." }),
}).openapi("SalesMinute");

const storeSchema = z.object({
  roundTrips: countSchema,
  meanMs: ms.openapi({ description: "Of one round trip." }),
  longestMs: ms.openapi({ description: "The longest time that one request waited for the store." }),
}).openapi("StoreActivity");

const isolateSchema = z.object({
  since: timeSchema.openapi({ description: "When the isolate started." }),
  minutes: z.array(
    z.object({
      at: timeSchema.openapi({ description: "The beginning of the minute." }),
      requests: countSchema,
      redis: storeSchema,
      postgres: storeSchema,
      refusals: z.array(z.object({ code: z.string(), count: countSchema }).openapi("RefusalCount"))
        .openapi({ description: "The codes of problem documents, the most frequent first." }),
    }).openapi("IsolateMinute"),
  ),
}).openapi("IsolateActivity");

export const roomHistorySchema = z.object({
  room: roomIdSchema,
  line: z.array(momentSchema).openapi({
    description: "Samples of the line, oldest first: one a minute while somebody is in the room.",
  }),
  sales: z.array(salesMinuteSchema).openapi({
    description: "The minutes in which fans of the room held or paid, oldest first.",
  }),
  isolate: isolateSchema.openapi({
    description: "Requests of all rooms that this isolate has answered. A Worker has many " +
      "isolates, and each knows of its own requests alone; a local run has one.",
  }),
}).openapi("RoomHistory");

const storeExample = { roundTrips: 5210, meanMs: 4.2, longestMs: 31.7 };

export const roomHistoryExample = {
  room: "main",
  line: [{
    at: "2026-12-01T10:01:00.000Z",
    state: "OPEN" as const,
    gathered: 0,
    waiting: 4211,
    admitted: 1000,
    parked: 12,
    capacity: 1000,
    seatsAvailable: 1804,
    admissionsPerMinute: 204,
    noShowsPerMinute: 3,
    estimatedWait: { low: 1010, middle: 1230, high: 1490 },
    waited: { position: 1870, estimated: { low: 420, middle: 510, high: 620 }, seconds: 488 },
  }],
  sales: [{ at: "2026-12-01T10:00:00.000Z", holds: 310, sales: 188, amount: 20_680_000 }],
  isolate: {
    since: "2026-12-01T09:58:12.000Z",
    minutes: [{
      at: "2026-12-01T10:00:00.000Z",
      requests: 5400,
      redis: storeExample,
      postgres: storeExample,
      refusals: [{ code: "SEAT_UNAVAILABLE", count: 41 }],
    }],
  },
};
