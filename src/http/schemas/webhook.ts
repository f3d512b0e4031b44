import { z } from "@hono/zod-openapi";
import type { WebhookId } from "../../domain/ids.ts";
import {
  EVENT_TYPES,
  type EventType,
  MAX_WEBHOOK_URL_LENGTH,
  webhookUrlFault,
} from "../../domain/webhook.ts";
import {
  concertIdSchema,
  countSchema,
  fanIdSchema,
  moneySchema,
  orNull,
  paymentIdSchema,
  reasonSchema,
  reservationIdSchema,
  scheduleIdSchema,
  seatIdSchema,
  text,
  ticketIdSchema,
  timeInput,
  timeSchema,
} from "./common.ts";

const WEBHOOK_ID_EXAMPLE: WebhookId = "whk_3f5d0c7e-8a61-4b1c-9a57-1e0a6c2d9b44";
const SECRET_EXAMPLE = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwvHo8uK7w1rU=";
const URL_EXAMPLE = "https://hooks.example.com/stanchion";

const typesMessage = `must be a list of different event types out of ${EVENT_TYPES.join(", ")}`;
const eventTypeSchema = z.enum(EVENT_TYPES, typesMessage).openapi("EventType");
const eventsInput = z.array(eventTypeSchema, typesMessage)
  .min(1, typesMessage).max(EVENT_TYPES.length, typesMessage)
  .refine((types) => new Set(types).size === types.length, typesMessage)
  .openapi({ uniqueItems: true, description: "The types of events that the receiver wants." });

export function newWebhookBody(options: { readonly allowLoopback: boolean }) {
  return z.strictObject({
    url: text(1, MAX_WEBHOOK_URL_LENGTH).superRefine((url, context) => {
      const message = webhookUrlFault(url, options);
      if (message !== null) context.addIssue({ code: "custom", message });
    }).openapi({
      format: "uri",
      description: "https, with a public host name and any port. No IP address, no local name, " +
        "no user name, no fragment. Redirects are not followed.",
      example: URL_EXAMPLE,
    }),
    events: eventsInput,
    reason: reasonSchema,
  }).openapi("NewWebhook");
}

export const newReplayBody = z.strictObject({
  since: timeInput.openapi({ description: "Events that happened after this time." }),
  reason: reasonSchema,
}).openapi("NewReplay");

export const webhookIdInPath = text(1, 255).transform((id) => id as WebhookId)
  .openapi({
    param: { name: "webhookId", in: "path" },
    example: WEBHOOK_ID_EXAMPLE,
  });

const webhookShape = z.object({
  webhookId: z.string(),
  url: z.string(),
  events: z.array(eventTypeSchema),
  createdAt: timeSchema,
  disabledAt: timeSchema.nullable().openapi({
    description: "When the receiver answered 410. It gets no events until a replay.",
  }),
  lastDeliveredAt: timeSchema.nullable(),
  lastFailure: orNull(
    z.object({
      at: timeSchema,
      reason: z.string().openapi({ description: "A status, or why there was no answer." }),
    }).openapi("DeliveryFailure"),
  ),
  pending: countSchema.openapi({ description: "Deliveries that wait for an attempt." }),
});
export const webhookSchema = webhookShape.openapi("Webhook");
export const registeredWebhookSchema = webhookShape.extend({
  secret: z.string().openapi({
    description: "Signs every delivery. It is shown in this answer only.",
    example: SECRET_EXAMPLE,
  }),
}).openapi("RegisteredWebhook");
export const replaySchema = z.object({
  events: countSchema.openapi({ description: "The number of events that are delivered again." }),
  nextSince: timeSchema.nullable().openapi({
    description: "The `since` of a next replay; null if these were all.",
  }),
}).openapi("Replay");

export const webhookExample = {
  webhookId: WEBHOOK_ID_EXAMPLE,
  url: URL_EXAMPLE,
  events: ["payment.completed", "concert.sold_out"] as EventType[],
  createdAt: "2026-12-01T10:00:00.000Z",
  disabledAt: null,
  lastDeliveredAt: "2026-12-01T10:04:00.000Z",
  lastFailure: { at: "2026-12-01T10:03:00.000Z", reason: "status 503" },
  pending: 0,
};
export const registeredWebhookExample = {
  ...webhookExample,
  lastDeliveredAt: null,
  lastFailure: null,
  secret: SECRET_EXAMPLE,
};

const scheduleData = z.object({ concertId: concertIdSchema, scheduleId: scheduleIdSchema });
const concertData = z.object({ concertId: concertIdSchema });
const paymentData = scheduleData.extend({
  paymentId: paymentIdSchema,
  reservationId: reservationIdSchema,
  ticketId: ticketIdSchema,
  userId: fanIdSchema,
  seatId: seatIdSchema,
  amount: moneySchema,
});
const checkInData = paymentData.omit({ paymentId: true, amount: true }).extend({
  door: z.string().nullable(),
  checkedInAt: timeSchema,
});

/** What each type of event says, and its data: ids and amounts, never what a person is called. */
export const EVENTS: {
  readonly [Type in EventType]: { readonly summary: string; readonly data: z.ZodType };
} = {
  "payment.completed": { summary: "A seat was sold", data: paymentData },
  "payment.refunded": { summary: "A payment was refunded", data: paymentData },
  "schedule.sold_out": { summary: "The last seat of a schedule is gone", data: scheduleData },
  "concert.sold_out": {
    summary: "The last seat of all schedules of a concert is gone",
    data: concertData,
  },
  "schedule.withdrawn": { summary: "One schedule of a concert was withdrawn", data: scheduleData },
  "concert.withdrawn": { summary: "A concert was withdrawn", data: concertData },
  "schedule.reinstated": {
    summary: "The withdrawal of a schedule was undone",
    data: scheduleData,
  },
  "concert.reinstated": { summary: "The withdrawal of a concert was undone", data: concertData },
  "ticket.checked_in": { summary: "A ticket was let in", data: checkInData },
};
