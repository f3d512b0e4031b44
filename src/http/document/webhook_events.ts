import { type OpenAPIHono, z } from "@hono/zod-openapi";
import { EVENT_TYPES } from "../../domain/webhook.ts";
import { timeSchema } from "../schemas/common.ts";
import { EVENTS } from "../schemas/webhook.ts";

const signatureHeaders = z.object({
  "webhook-id": z.string().openapi({
    description: "The id of the event, the same in every attempt and replay: drop repeats by it.",
    example: "evt_42_1796119200000",
  }),
  "webhook-timestamp": z.string().openapi({
    description: "The time of this attempt, in seconds since 1970.",
    example: "1796119205",
  }),
  "webhook-signature": z.string().openapi({
    description: "`v1,` and the base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}." +
      "{body}`. The key is the part of the secret after `whsec_`, decoded from base64.",
    example: "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
  }),
});

/** Describes the deliveries to webhooks in the OpenAPI document, one for each type of event. */
export function registerWebhookEvents({ openAPIRegistry: registry }: OpenAPIHono): void {
  for (const type of EVENT_TYPES) {
    const { summary, data } = EVENTS[type];
    const schema = z.object({
      type: z.literal(type),
      timestamp: timeSchema.openapi({ description: "When it happened." }),
      sequence: z.int().min(1).openapi({
        description: "Rises from event to event. Gaps are possible; order by it.",
      }),
      data,
    }).openapi(`${type.replaceAll(/(?:^|[._])(\w)/g, (_, letter) => letter.toUpperCase())}Event`, {
      description: `${summary}.`,
    });
    registry.registerWebhook({
      method: "post",
      path: type,
      operationId: type.replaceAll(/[._](\w)/g, (_, letter) => letter.toUpperCase()),
      tags: ["Operator"],
      summary,
      description:
        "Signed as Standard Webhooks has it. Delivered at least once, for 24 hours at growing " +
        "intervals, and perhaps out of order.",
      security: [],
      request: {
        headers: signatureHeaders,
        body: { required: true, content: { "application/json": { schema } } },
      },
      responses: {
        200: { description: "Any 2xx: received. Other answers, redirects too, are failures." },
        410: { description: "The receiver wants no more events, and is disabled." },
      },
    });
  }
}
