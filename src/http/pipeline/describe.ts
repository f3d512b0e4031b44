import { createRoute, type RouteConfig, z } from "@hono/zod-openapi";
import type { ApiFailureKind } from "../problems/failures.ts";
import { AUTHENTICATION_FAILURES, type Needs } from "../auth/authentication.ts";
import { CSV_MEDIA_TYPE, JSON_MEDIA_TYPE, MERGE_PATCH_MEDIA_TYPE } from "./body.ts";
import { csvText } from "./csv_answer.ts";
import { type AnswerShape, type AnyEndpoint, takesBody } from "./endpoint.ts";
import {
  PROBLEM_MEDIA_TYPE,
  problemDocument,
  problemHeaders,
  PROBLEMS,
  problemType,
} from "../problems/problems.ts";
import { IDEMPOTENCY_HEADER, REPLAYED_HEADER } from "./idempotency.ts";
import { FAILURE_EXAMPLES } from "../problems/examples.ts";

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
  return [
    ...(takesBody(definition) ? ["PAYLOAD_TOO_LARGE"] as const : []),
    ...(body ? ["UNSUPPORTED_MEDIA_TYPE", "MALFORMED_JSON"] as const : []),
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
}

/** One schema for each kind of failure, shared by all routes. */
const problemSchemas = new Map<ApiFailureKind, z.ZodType>();

function problemSchema(kind: ApiFailureKind): z.ZodType {
  let schema = problemSchemas.get(kind);
  if (!schema) {
    const { status, title, members } = PROBLEMS[kind];
    schema = z.object({
      type: z.literal(problemType(kind)),
      title: z.literal(title),
      status: z.literal(status),
      detail: z.string(),
      instance: z.string(),
      code: z.literal(kind),
      ...members,
    }).openapi(`Problem_${kind}`);
    problemSchemas.set(kind, schema);
  }
  return schema;
}

function problemAnswer(kinds: readonly ApiFailureKind[]) {
  const schemas = kinds.map(problemSchema);
  const examples = Object.fromEntries(
    kinds.map((kind) => [kind, {
      value: problemDocument(FAILURE_EXAMPLES[kind], "5b0c8e0e-6a3c-4d7a-9f5a-2f0a4c1e7b11"),
    }]),
  );
  const retries = kinds.some((kind) => "Retry-After" in problemHeaders(FAILURE_EXAMPLES[kind]));
  return {
    description: kinds.map((kind) => PROBLEMS[kind].title).join(", or "),
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: schemas.length === 1 ? schemas[0]! : z.union(schemas),
        examples,
      },
    },
    ...(retries
      ? { headers: z.object({ "Retry-After": z.string().optional().openapi({ example: "19" }) }) }
      : {}),
  };
}

const idempotencyKey = z.string().min(1).max(255).regex(/^[\x21-\x7e]+$/).openapi({
  description: "Any text of visible ASCII characters. The same request with the same key is done " +
    "once and gets the first answer again, for at least 24 hours.",
  example: "c2b0f7d4-1",
});
const idempotencyHeaders = {
  required: z.object({ [IDEMPOTENCY_HEADER]: idempotencyKey }),
  optional: z.object({ [IDEMPOTENCY_HEADER]: idempotencyKey.optional() }),
};
const replayedHeader = {
  [REPLAYED_HEADER]: z.literal("true").optional().openapi({
    description: "The answer is that of an earlier request with the same key.",
  }),
};

const VERSION_EXAMPLE = '"9f86d081884c7d659a2feaa0c55ad015"';
const versionHeader = { ETag: z.string().openapi({ example: VERSION_EXAMPLE }) };
const knownVersionHeader = z.object({
  "If-None-Match": z.string().optional().openapi({
    description: "The `ETag` of an earlier answer. The answer is 304 if it is the present version.",
    example: VERSION_EXAMPLE,
  }),
});

const nextCursorHeader = z.object({
  "Next-Cursor": z.string().optional().openapi({
    description: "With CSV: the `cursor` of the next page; absent on the last one.",
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
export function describe(definition: AnyEndpoint): RouteConfig {
  const { params, body, idempotent, versioned, csv, csvBody } = definition;
  const query = csv?.query ?? definition.query;
  const responses: RouteConfig["responses"] = {};
  for (
    const [status, answer] of Object.entries(definition.answers as Record<string, AnswerShape>)
  ) {
    responses[status] = {
      description: answer.description,
      content: {
        [answer.mediaType ?? JSON_MEDIA_TYPE]: { schema: answer.schema, example: answer.example },
        ...(csv ? csvContent(csvText(csv.columns, itemsOf(answer.example))) : {}),
      },
      ...(versioned ? { headers: z.object(versionHeader) } : {}),
      ...(csv ? { headers: nextCursorHeader } : {}),
      ...(idempotent ? { headers: z.object(replayedHeader) } : {}),
    };
  }
  if (versioned) {
    responses[304] = {
      description: "The caller has the present version",
      headers: z.object(versionHeader),
    };
  }
  const byStatus = Map.groupBy(failuresOf(definition), (kind) => PROBLEMS[kind].status);
  for (const [status, kinds] of [...byStatus].sort(([a], [b]) => a - b)) {
    responses[status] = problemAnswer(kinds);
  }
  return createRoute({
    method: definition.method,
    path: definition.path,
    operationId: definition.name,
    tags: [definition.tag],
    summary: definition.summary,
    ...(definition.description ? { description: definition.description } : {}),
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
              "application/json": { schema: body, example: definition.bodyExample },
              ...(csvBody ? csvContent(csvBody.example) : {}),
            },
          },
        }
        : {}),
    },
    responses,
  });
}
