import { z } from "@hono/zod-openapi";
import type { WebhookService } from "../../application/webhook_service.ts";
import { MAX_WEBHOOKS } from "../../domain/webhook.ts";
import { refused } from "../../domain/result.ts";
import { answer, endpoint, recordedAnswer } from "../pipeline/endpoint.ts";
import { reasonQuery } from "../schemas/common.ts";
import {
  newReplayBody,
  newWebhookBody,
  registeredWebhookExample,
  registeredWebhookSchema,
  replaySchema,
  webhookExample,
  webhookIdInPath,
  webhookSchema,
} from "../schemas/webhook.ts";

const TAG = "Operator";
const PATH = "/v1/admin/webhooks";
const webhookParams = z.object({ webhookId: webhookIdInPath });
const unknown = { kind: "NOT_FOUND", missing: "webhook" } as const;
const tooMany = refused({
  kind: "VALIDATION_FAILED" as const,
  errors: [{ path: "url", message: `must not be one more than ${MAX_WEBHOOKS}: delete one first` }],
});

export interface WebhookRoutesOptions {
  readonly webhooks: WebhookService;
  /** Whether receivers on this machine may be registered. */
  readonly allowLoopback: boolean;
}

/** The receivers of events. */
export function webhookRoutes({ webhooks, allowLoopback }: WebhookRoutesOptions) {
  return [
    endpoint({
      name: "listWebhooks",
      method: "get",
      path: PATH,
      tag: TAG,
      summary: "The receivers of events",
      needs: "operator",
      asksStores: true,
      answers: {
        200: {
          description: "All webhooks, in the order in which they were registered",
          schema: z.object({ webhooks: z.array(webhookSchema) }).openapi("Webhooks"),
          example: { webhooks: [webhookExample] },
        },
      },
      failures: [],
      act: async () => answer(200, { webhooks: await webhooks.list() }),
    }),
    endpoint({
      name: "registerWebhook",
      method: "post",
      path: PATH,
      tag: TAG,
      summary: "Register a receiver of events",
      description: `Up to ${MAX_WEBHOOKS}. It gets the events that happen from now on.`,
      needs: "operator",
      idempotent: "optional",
      body: newWebhookBody({ allowLoopback }),
      bodyExample: { url: webhookExample.url, events: webhookExample.events },
      asksStores: true,
      answers: {
        201: {
          description: "Registered, with the secret that signs its deliveries",
          location: () => PATH,
          schema: registeredWebhookSchema,
          example: registeredWebhookExample,
        },
      },
      failures: ["VALIDATION_FAILED"],
      act: async ({ caller: { operator }, body: { reason, ...webhook }, idempotent }) => {
        const registered = await webhooks.register(webhook, { operator, reason }, idempotent);
        if (registered.ok) return recordedAnswer(201, registered.value);
        const { failure } = registered;
        return failure.kind === "TOO_MANY_WEBHOOKS" ? tooMany : refused(failure);
      },
    }),
    endpoint({
      name: "deleteWebhook",
      method: "delete",
      path: `${PATH}/{webhookId}`,
      tag: TAG,
      summary: "Delete a receiver of events",
      description: "What was not delivered to it yet is lost.",
      needs: "operator",
      params: webhookParams,
      query: reasonQuery,
      asksStores: true,
      answers: {
        200: {
          description: "The webhook as it was",
          schema: webhookSchema,
          example: webhookExample,
        },
      },
      failures: ["NOT_FOUND"],
      act: async ({ caller: { operator }, params, query: { reason = null } }) => {
        const deleted = await webhooks.delete(params.webhookId, { operator, reason });
        return deleted.ok ? answer(200, deleted.value) : refused(unknown);
      },
    }),
    endpoint({
      name: "replayEvents",
      method: "post",
      path: `${PATH}/{webhookId}/replays`,
      tag: TAG,
      summary: "Deliver kept events again",
      description: "Events of the last 7 days, the oldest first, with the ids that they had. A " +
        "webhook that was disabled gets events again.",
      needs: "operator",
      params: webhookParams,
      idempotent: "optional",
      body: newReplayBody,
      bodyExample: { since: "2026-11-30T19:00:00+09:00" },
      asksStores: true,
      answers: {
        201: {
          description: "The deliveries have begun",
          location: () => PATH,
          schema: replaySchema,
          example: { events: 118, nextSince: null },
        },
      },
      failures: ["NOT_FOUND"],
      act: async ({ caller, params, body: { since, reason }, idempotent, context }) => {
        const act = { operator: caller.operator, reason };
        const replayed = await webhooks.replay(context, params.webhookId, since, act, idempotent);
        if (replayed.ok) return recordedAnswer(201, replayed.value);
        const { failure } = replayed;
        return refused(failure.kind === "UNKNOWN_WEBHOOK" ? unknown : failure);
      },
    }),
  ];
}
