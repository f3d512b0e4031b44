import { z } from "@hono/zod-openapi";
import type { ConcertMark, ConcertPage } from "../../application/concert_pages.ts";
import type { Concert } from "../../domain/booking.ts";
import { MAIN_ROOM } from "../../domain/ids.ts";
import {
  MAX_CONCERTS_PER_PAGE,
  MAX_SCHEDULES_PER_CONCERT,
  MAX_SEATS_PER_CONCERT,
} from "../../domain/limits.ts";
import {
  concertIdSchema,
  concertStatusSchema,
  countSchema,
  moneySchema,
  reasonSchema,
  scheduleIdSchema,
  text,
  timeInput,
  timeSchema,
} from "./common.ts";
import { canonicalTimeZone } from "../../domain/time_zone.ts";
import { cursorOf, cursorQuery, DEFAULT_LIMIT, limitQuery, MAX_LIMIT } from "./page.ts";
import { roomIdSchema } from "./room.ts";
import { createdSeatSchema, seatsInput } from "./seat.ts";

export const concertExample = {
  concertId: 1,
  title: "Night Train",
  description: "One night, two encores.",
  venue: "Harbour Hall",
  timeZone: "Asia/Seoul",
  room: MAIN_ROOM,
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
  room: roomIdSchema.openapi({ description: "Fans admitted to this room may buy." }),
};

export const concertSchema = z.object(concertShape).openapi("Concert", { example: concertExample });

const programmeScheduleShape = {
  scheduleId: scheduleIdSchema,
  concertAt: timeSchema,
  reservationAvailableAt: timeSchema,
  salesEndAt: timeSchema.openapi({ description: "The end of the sale, by default `concertAt`." }),
};

const { status: _, ...programmeScheduleExample } = scheduleExample;

export const programmeConcertExample = {
  ...concertExample,
  schedules: [programmeScheduleExample],
};

export const programmeConcertSchema = z.object({
  ...concertShape,
  schedules: z.array(
    z.object(programmeScheduleShape).openapi("ProgrammeSchedule", {
      example: programmeScheduleExample,
    }),
  ),
}).openapi("ProgrammeConcert", { example: programmeConcertExample });

const scheduleShape = {
  ...programmeScheduleShape,
  status: concertStatusSchema,
};

export const scheduleSchema = z.object(scheduleShape)
  .openapi("Schedule", { example: scheduleExample });

const operatorScheduleShape = {
  ...scheduleShape,
  refundUntil: timeSchema.nullable().openapi({
    description: "Until then fans may have payments refunded; null: never.",
  }),
};

export const operatorScheduleExample = { ...scheduleExample, refundUntil: null };

export const createdScheduleSchema = z.object({
  ...operatorScheduleShape,
  seats: z.array(createdSeatSchema).openapi({ description: "In the order of the request." }),
}).openapi("CreatedSchedule");

export const createdScheduleExample = {
  ...operatorScheduleExample,
  seats: [{ seatId: 17, seatNumber: 17, label: "17" }],
};

export const createdConcertSchema = z.object({
  ...concertShape,
  status: concertStatusSchema,
  schedules: z.array(createdScheduleSchema),
}).openapi("CreatedConcert");

export const operatorConcertSchema = z.object({
  ...concertShape,
  status: concertStatusSchema,
  schedules: z.array(
    z.object({
      ...operatorScheduleShape,
      seatCount: countSchema,
      seatsLeft: countSchema,
      seatsHeld: countSchema,
      revenue: moneySchema,
    }).openapi("OperatorSchedule"),
  ),
}).openapi("OperatorConcert");

export const operatorConcertExample = {
  ...concertExample,
  status: "ON_SALE" as const,
  schedules: [{
    ...operatorScheduleExample,
    seatCount: 500,
    seatsLeft: 212,
    seatsHeld: 9,
    revenue: 31_680_000,
  }],
};

export const concertsQuery = z.object({
  limit: limitQuery(MAX_CONCERTS_PER_PAGE, MAX_CONCERTS_PER_PAGE),
  cursor: cursorQuery(([block, concertId]): ConcertMark => ({ block, concertId })),
});

export const programmeQuery = concertsQuery.extend({
  limit: limitQuery(MAX_LIMIT, DEFAULT_LIMIT),
});

export function concertsBody<Item extends Concert>({ concerts, next }: ConcertPage<Item>) {
  return { nextCursor: next && cursorOf([next.block, next.concertId]), concerts };
}

const title = text(1, 200);
const description = text(0, 5_000);
const venue = text(1, 200).nullable();
const timeZone = text(1, 64).transform((name, context) => {
  const zone = canonicalTimeZone(name);
  if (zone !== null) return zone;
  context.addIssue({ code: "custom", message: "must be an IANA time zone such as Asia/Seoul" });
  return z.NEVER;
}).openapi({ example: "Asia/Seoul" });

const salesEndAt = timeInput.nullable().openapi({
  description: "The end of the sale, after `reservationAvailableAt`. Null follows `concertAt`.",
});
const refundUntil = timeInput.nullable().openapi({
  description: "Until then fans may have payments refunded; null: never.",
});
const withdrawalStatus = z.enum(["WITHDRAWN", "ON_SALE"]).openapi("Withdrawal", {
  description:
    "WITHDRAWN cancels live holds. ON_SALE undoes a withdrawal until a refund was accepted.",
});

const newSchedule = z.strictObject({
  concertAt: timeInput,
  reservationAvailableAt: timeInput,
  salesEndAt: salesEndAt.default(null),
  refundUntil: refundUntil.default(null),
  seats: seatsInput,
}).refine(
  ({ concertAt, reservationAvailableAt, salesEndAt }) =>
    // They are texts of one form and time zone, so that they compare as the times do.
    reservationAvailableAt < (salesEndAt ?? concertAt),
  { path: ["reservationAvailableAt"], message: "must be before the end of the sale" },
);

export const newScheduleBody = newSchedule.openapi("NewSchedule");

export const newConcertBody = z.strictObject({
  title,
  description,
  venue: venue.default(null),
  room: roomIdSchema.default(MAIN_ROOM).openapi({
    description: "Fans admitted to this room may buy.",
  }),
  timeZone: timeZone.default("UTC"),
  schedules: z.array(newScheduleBody).min(1).max(MAX_SCHEDULES_PER_CONCERT),
}).refine(
  ({ schedules }) =>
    schedules.reduce((sum, { seats }) => sum + seats.length, 0) <= MAX_SEATS_PER_CONCERT,
  { path: ["schedules"], message: `must have at most ${MAX_SEATS_PER_CONCERT} seats in all` },
).openapi("NewConcert");

const scheduleChanges = z.strictObject({
  scheduleId: scheduleIdSchema,
  concertAt: timeInput.optional(),
  reservationAvailableAt: timeInput.optional(),
  salesEndAt: salesEndAt.optional(),
  refundUntil: refundUntil.optional(),
  status: withdrawalStatus.optional(),
}).refine(({ scheduleId: _, ...changes }) => changesAnything(changes), "must change something")
  .openapi("ScheduleChanges", { minProperties: 2 });

export const concertChangesBody = z.strictObject({
  title: title.optional(),
  description: description.optional(),
  venue: venue.optional(),
  timeZone: timeZone.optional(),
  room: roomIdSchema.optional(),
  reason: reasonSchema,
  status: withdrawalStatus.optional(),
  schedules: z.array(scheduleChanges).min(1).max(MAX_SCHEDULES_PER_CONCERT).refine(
    (schedules) => new Set(schedules.map(({ scheduleId }) => scheduleId)).size === schedules.length,
    "must name each schedule once",
  ).optional(),
}).refine(({ reason: _, ...changes }) => changesAnything(changes), "must change something")
  .openapi("ConcertChanges", { minProperties: 1 });

function changesAnything(changes: object): boolean {
  return Object.values(changes).some((value) => value !== undefined);
}
