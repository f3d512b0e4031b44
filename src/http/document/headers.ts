import { type AnswerShape, type AnyEndpoint } from "../pipeline/endpoint.ts";
import { REPLAYED_HEADER } from "../pipeline/idempotency.ts";

const text = (description: string, example: string) => ({
  description,
  schema: { type: "string" },
  example,
} as const);

/** The headers of answers, by their names. */
export const HEADERS = {
  "X-Request-Id": text(
    "The id of the request in the logs: that of the caller, or a new one.",
    "5b0c8e0e-6a3c-4d7a-9f5a-2f0a4c1e7b11",
  ),
  "Server-Timing": text(
    "The round trips to each store, and the milliseconds that they took.",
    'redis;desc="1";dur=1.8, postgres;desc="0";dur=0.0',
  ),
  traceparent: text(
    "The span of this request in the trace of the caller, or in a new one (W3C Trace Context).",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  ),
  Location: text("The path of what was made, or of the list that has it.", "/v1/queue/tokens/me"),
  ETag: text(
    "The version of the answer, the same in every coding and at 304; compared weakly.",
    'W/"9f86d081884c7d659a2feaa0c55ad015"',
  ),
  "Next-Cursor": text(
    "With CSV: the `cursor` of the next page; absent on the last one.",
    "MTc5NjExOTIwMDAwMC40Mg",
  ),
  [REPLAYED_HEADER]: {
    description: "Present where the answer is that of an earlier request with the same key.",
    schema: { type: "string", enum: ["true"] },
    example: "true",
  },
  "WWW-Authenticate": text("The credential that is missing or not valid.", "Bearer"),
  "Retry-After": {
    description: "The seconds after which to try again.",
    schema: { type: "integer", format: "int32", minimum: 1, maximum: 31_622_400 },
    example: 19,
  },
  "Content-Language": text(
    "The language of `title` and `detail`, `en` or `ko`, by the `Accept-Language` of the request.",
    "en",
  ),
  Allow: text("The methods of the path.", "GET, HEAD, OPTIONS"),
  "Accept-Encoding": text(
    "Present where the body had a coding: `identity`, that is none.",
    "identity",
  ),
} as const;

export type HeaderName = keyof typeof HEADERS;

export function headerRef(name: HeaderName) {
  return { $ref: `#/components/headers/${name}` };
}

/** Of every answer. */
export const COMMON_HEADERS = {
  "X-Request-Id": headerRef("X-Request-Id"),
  "Server-Timing": headerRef("Server-Timing"),
  traceparent: headerRef("traceparent"),
};

/** The headers of a success. */
export function answerHeaders(definition: AnyEndpoint, answer?: AnswerShape) {
  const { versioned, csv, idempotent } = definition;
  return {
    ...COMMON_HEADERS,
    ...(answer?.location ? { Location: headerRef("Location") } : {}),
    ...(versioned ? { ETag: headerRef("ETag") } : {}),
    ...(csv ? { "Next-Cursor": headerRef("Next-Cursor") } : {}),
    ...(idempotent ? { [REPLAYED_HEADER]: headerRef(REPLAYED_HEADER) } : {}),
  };
}
