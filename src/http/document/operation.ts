import { createRoute, type RouteConfig, z } from "@hono/zod-openapi";
import type { ApiFailureKind } from "../problems/failures.ts";
import { AUTHENTICATION_FAILURES, type Needs } from "../auth/authentication.ts";
import { CSV_MEDIA_TYPE, JSON_MEDIA_TYPE, MERGE_PATCH_MEDIA_TYPE } from "../pipeline/body.ts";
import { csvText } from "../pipeline/csv_answer.ts";
import { type AnswerShape, type AnyEndpoint, takesBody } from "../pipeline/endpoint.ts";
import { PROBLEMS } from "../problems/problems.ts";
import { IDEMPOTENCY_HEADER } from "../pipeline/idempotency.ts";
import { answerHeaders, headerRef } from "./headers.ts";
import { problemAnswer, type Registry, UNROUTED } from "./problem_schemas.ts";

/** The OpenAPI security requirements of each need. */
const SECURITY: { readonly [N in Needs]: Record<string, string[]>[] } = {
  nobody: [],
  user: [{ userToken: [] }],
  place: [{ queueToken: [] }],
  joining: [{ userToken: [] }, { userToken: [], queueToken: [] }],
  admitted: [{ userToken: [], queueToken: [] }],
  operator: [{ operatorToken: [] }],
  door: [{ operatorToken: [] }, { doorToken: [] }],
};

export const SECURITY_SCHEMES = {
  userToken: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "`sub` is the id of the fan. `exp` is required.",
  },
  operatorToken: { type: "http", scheme: "bearer", description: "An operator's token." },
  doorToken: {
    type: "http",
    scheme: "bearer",
    description: "A door's token. It opens the check-in of tickets alone.",
  },
  queueToken: {
    type: "apiKey",
    in: "header",
    name: "Queue-Token",
    description: "The token of a place in the queue, from `POST /v1/queue/tokens`.",
  },
} as const;

/** Every failure that a route can return, and no other. */
export function failuresOf(definition: AnyEndpoint): ApiFailureKind[] {
  const { needs, body, idempotent, forbidden, asksStores, failures } = definition;
  const all: ApiFailureKind[] = [
    ...(takesBody(definition) ? ["PAYLOAD_TOO_LARGE", "MALFORMED_JSON"] as const : []),
    ...(body ? ["UNSUPPORTED_MEDIA_TYPE"] as const : []),
    "VALIDATION_FAILED", // every route refuses unknown query parameters
    ...AUTHENTICATION_FAILURES[needs as Needs],
    ...(forbidden ? ["FORBIDDEN"] as const : []),
    ...(needs === "admitted" ? ["NOT_ADMITTED"] as const : []),
    ...(idempotent
      ? [
        "IDEMPOTENCY_KEY_REQUIRED",
        "IDEMPOTENCY_KEY_REUSED",
        "IDEMPOTENCY_IN_PROGRESS",
      ] as const
      : []),
    ...failures as ApiFailureKind[],
    ...(asksStores ? ["DEPENDENCY_UNAVAILABLE"] as const : []),
    "INTERNAL",
  ];
  return [...new Set(all)];
}

const idempotencyKey = z.string().min(1).max(255).regex(/^[\x21-\x7e]+$/).openapi({
  description:
    "Any text of visible ASCII characters, new for each act. The same request with the " +
    "same key is done once and gets the first answer again, for at least 24 hours. With another " +
    "request the key is refused.",
  example: "example-of-2026-12-01T",
});
const idempotencyHeaders = {
  required: z.object({ [IDEMPOTENCY_HEADER]: idempotencyKey }),
  optional: z.object({ [IDEMPOTENCY_HEADER]: idempotencyKey.optional() }),
};

const knownVersionHeader = z.object({
  "If-None-Match": z.string().regex(/^[\x20-\x7e]*$/).optional().openapi({
    description: "The `ETag` of an earlier answer. The answer is 304 if it is the present version.",
    example: '"9f86d081884c7d659a2feaa0c55ad015"',
  }),
});

/** Of a page. */
function itemsOf(example: unknown): readonly object[] {
  return (example as { readonly items: readonly object[] }).items;
}

function csvContent(example: string) {
  return { [CSV_MEDIA_TYPE]: { schema: z.string(), example } };
}

/** The OpenAPI description of an endpoint. */
export function operationOf(definition: AnyEndpoint, registry: Registry): RouteConfig {
  const { params, body, idempotent, versioned, csv, csvBody } = definition;
  const query = csv?.query ?? definition.query;
  const responses: RouteConfig["responses"] = {};
  for (
    const [status, answer] of Object.entries(definition.answers as Record<string, AnswerShape>)
  ) {
    responses[status] = {
      description: answer.description,
      content: {
        [typeOf(answer.mediaType ?? JSON_MEDIA_TYPE)]: {
          schema: answer.schema,
          example: answer.example,
        },
        ...(csv ? csvContent(csvText(csv.columns, itemsOf(answer.example))) : {}),
      },
      headers: answerHeaders(definition, answer),
    };
  }
  if (versioned) {
    responses[304] = {
      description: "The caller has the present version",
      headers: { ...answerHeaders(definition), ETag: headerRef("ETag") },
    };
  }
  const byStatus = Map.groupBy(failuresOf(definition), (kind) => PROBLEMS[kind].status);
  for (const [status, kinds] of [...byStatus].sort(([a], [b]) => a - b)) {
    responses[status] = problemAnswer(kinds, registry);
  }
  responses["default"] = UNROUTED;
  return createRoute({
    method: definition.method,
    path: definition.path,
    operationId: definition.name,
    tags: [definition.tag],
    summary: definition.summary,
    description: definition.description ?? `${definition.summary}.`,
    security: SECURITY[definition.needs as Needs],
    request: {
      ...(params ? { params } : {}),
      ...(query ? { query } : {}),
      ...(idempotent
        ? { headers: idempotencyHeaders[idempotent === "optional" ? "optional" : "required"] }
        : {}),
      ...(versioned ? { headers: knownVersionHeader } : {}),
      ...(body
        ? {
          body: {
            required: !definition.bodyIsOptional,
            content: {
              [JSON_MEDIA_TYPE]: { schema: body, example: definition.bodyExample },
              ...(definition.method === "patch"
                ? { [MERGE_PATCH_MEDIA_TYPE]: { schema: body, example: definition.bodyExample } }
                : {}),
              ...(csvBody ? csvContent(csvBody.example) : {}),
            },
          },
        }
        : {}),
    },
    responses,
  });
}

/** A media type without its parameters. */
function typeOf(mediaType: string): string {
  return mediaType.split(";", 1)[0]!;
}
