import { z } from "@hono/zod-openapi";
import {
  concertIdSchema,
  concertStatusSchema,
  moneySchema,
  scheduleIdSchema,
  seatIdSchema,
  text,
  timeInput,
  timeSchema,
} from "./common.ts";
import { MAIN_ROOM } from "../../domain/ids.ts";
import {
  MAX_SCHEDULES_PER_CONCERT,
  MAX_SEAT_NUMBER,
  MAX_SEAT_PRICE,
  MAX_SEATS_PER_CONCERT,
} from "../../domain/limits.ts";
import { canonicalTimeZone } from "../../domain/time_zone.ts";
import { roomIdSchema } from "./room.ts";

export const concertExample = {
  concertId: 1,
  title: "Night Train",
  description: "One night, two encores.",
  venue: "Harbour Hall",
  timeZone: "Asia/Seoul",
};

export const scheduleExample = {
  scheduleId: 1,
  concertAt: "2026-12-24T10:00:00.000Z",
  reservationAvailableAt: "2026-12-01T10:00:00.000Z",
  salesEndAt: "2026-12-24T10:00:00.000Z",
  status: "ON_SALE" as const,
};

const concertShape = {
  concertId: concertIdSchema,
  title: z.string(),
  description: z.string(),
  venue: z.string().nullable(),
  timeZone: z.string(),
};

export const concertSchema = z.object(concertShape).openapi("Concert", { example: concertExample });

const scheduleShape = {
  scheduleId: scheduleIdSchema,
  concertAt: timeSchema,
  reservationAvailableAt: timeSchema,
  salesEndAt: timeSchema.openapi({ description: "The end of the sale, by default `concertAt`." }),
  status: concertStatusSchema,
};

export const scheduleSchema = z.object(scheduleShape)
  .openapi("Schedule", { example: scheduleExample });

export const seatSchema = z.object({
  seatId: seatIdSchema,
  seatNumber: z.int(),
  label: z.string(),
  section: z.string().nullable(),
  row: z.string().nullable(),
  x: z.number().nullable(),
  y: z.number().nullable(),
  price: moneySchema,
  status: z.enum(["AVAILABLE", "HELD", "SOLD"]),
}).openapi("Seat");

export const createdConcertSchema = z.object({
  ...concertShape,
  room: roomIdSchema,
  status: concertStatusSchema,
  schedules: z.array(z.object({
    ...scheduleShape,
    seats: z.array(z.object({ seatId: seatIdSchema, seatNumber: z.int() })),
  })),
}).openapi("CreatedConcert");

export const operatorConcertSchema = z.object({
  ...concertShape,
  room: roomIdSchema,
  status: concertStatusSchema,
  schedules: z.array(z.object({
    ...scheduleShape,
    seatCount: z.int(),
    seatsLeft: z.int().openapi({
      description: "Seats that are not sold. A held seat counts as left.",
    }),
  })),
}).openapi("OperatorConcert");

const title = text(1, 200);
const description = text(0, 5_000);
const venue = text(1, 200).nullable();
const timeZone = text(1, 64).transform((name, context) => {
  const zone = canonicalTimeZone(name);
  if (zone !== null) return zone;
  context.addIssue({ code: "custom", message: "must be an IANA time zone such as Asia/Seoul" });
  return z.NEVER;
}).openapi({ type: "string", minLength: 1, maxLength: 64, example: "Asia/Seoul" });

const seatInput = z.strictObject({
  seatNumber: z.int().min(1).max(MAX_SEAT_NUMBER),
  price: z.int().min(0).max(MAX_SEAT_PRICE),
  section: text(1, 64).nullable().default(null),
  row: text(1, 64).nullable().default(null),
  x: z.number().min(-1e9).max(1e9).nullable().default(null),
  y: z.number().min(-1e9).max(1e9).nullable().default(null),
});

const seatsInput = z.array(seatInput).min(1).max(MAX_SEATS_PER_CONCERT).superRefine(
  (seats, context) => {
    const seen = new Set<number>();
    for (const [index, { seatNumber }] of seats.entries()) {
      if (seen.has(seatNumber)) {
        const message = "must be unique in its schedule";
        context.addIssue({ code: "custom", path: [index, "seatNumber"], message });
      }
      seen.add(seatNumber);
    }
  },
);

export const newConcertBody = z.strictObject({
  title,
  description,
  venue: venue.default(null),
  room: roomIdSchema.default(MAIN_ROOM).openapi({
    description: "Fans admitted to this room may buy.",
  }),
  timeZone: timeZone.default("UTC"),
  schedules: z.array(z.strictObject({
    concertAt: timeInput,
    reservationAvailableAt: timeInput,
    seats: seatsInput,
  })).min(1).max(MAX_SCHEDULES_PER_CONCERT),
}).refine(
  ({ schedules }) =>
    schedules.reduce((sum, { seats }) => sum + seats.length, 0) <= MAX_SEATS_PER_CONCERT,
  { path: ["schedules"], message: `must have at most ${MAX_SEATS_PER_CONCERT} seats in all` },
).openapi("NewConcert");

export const concertChangesBody = z.strictObject({
  title: title.optional(),
  description: description.optional(),
  venue: venue.optional(),
  room: roomIdSchema.optional(),
  reason: text(1, 500).nullable().default(null).openapi({ description: "Why, for the audit log." }),
  status: z.literal("WITHDRAWN").optional(),
  schedules: z.array(z.strictObject({
    scheduleId: scheduleIdSchema,
    reservationAvailableAt: timeInput,
  })).min(1).max(MAX_SCHEDULES_PER_CONCERT).refine(
    (schedules) => new Set(schedules.map(({ scheduleId }) => scheduleId)).size === schedules.length,
    "must name each schedule once",
  ).optional(),
}).refine(
  ({ reason: _, ...changes }) => Object.values(changes).some((value) => value !== undefined),
  "must change something",
)
  .openapi("ConcertChanges");
