import { z } from "@hono/zod-openapi";
import type { RateLimited } from "../../domain/failures.ts";
import { countSchema } from "../schemas/common.ts";
import type { ForbiddenReason } from "./failures.ts";
import { challenge, type ProblemDefinitions, quotable, retryAfter } from "./problem_definition.ts";

const upOrDown = z.enum(["up", "down"]).openapi("DependencyState");
/** The state of each dependency, in both answers of `/readyz`. */
export const dependenciesSchema = z.object({
  redis: upOrDown,
  postgres: upOrDown,
  jwks: upOrDown.optional(),
}).openapi("Dependencies");

const FORBIDDEN_DETAILS: Readonly<Record<ForbiddenReason, string>> = {
  SELF_CHARGE_OFF: "Fans cannot top up their own balance in this deployment. An operator can.",
  NOT_LOOPBACK: "This address is not a name of loopback. Use http://localhost.",
  FOREIGN_FORM: "This form must be sent from its own page, or from an origin of ALLOWED_ORIGINS.",
};

const TOO_MANY: Readonly<Record<RateLimited, string>> = {
  JOINS: "You have joined too often",
  CREDENTIALS: "Too many credentials that are not valid came from your network",
};

/** The failures of requests, of credentials and of what this service needs. */
export const REQUEST_PROBLEMS = {
  NOT_FOUND: {
    status: 404,
    title: "Not found",
    detail: ({ missing }) =>
      missing === undefined
        ? "There is nothing at this path. GET /openapi.json lists all paths."
        : `There is no such ${missing}.`,
    values: () => ({}),
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: "Method not allowed",
    detail: ({ allow }) => `This path takes ${allow.join(", ")}.`,
    headers: ({ allow }) => ({ Allow: allow.join(", ") }),
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    title: "Payload too large",
    detail: ({ limitBytes }) => `The body may have at most ${limitBytes} bytes.`,
    members: { limitBytes: countSchema },
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: "Unsupported media type",
    detail: ({ encoded }) =>
      encoded
        ? "The body must be sent without a Content-Encoding."
        : "The body must be sent with Content-Type: application/json, or another type that the " +
          "documentation names for this route.",
    values: () => ({}),
    headers: ({ encoded }) => encoded ? { "Accept-Encoding": "identity" } : {},
  },
  UNAUTHENTICATED: {
    status: 401,
    title: "Unauthenticated",
    detail: () => "Authorization: Bearer <token> is missing, not valid on this route, or expired.",
    headers: challenge("Bearer"),
  },
  FORBIDDEN: {
    status: 403,
    title: "Forbidden",
    detail: ({ reason }) => FORBIDDEN_DETAILS[reason],
    values: () => ({}),
  },
  MALFORMED_JSON: {
    status: 400,
    title: "Malformed JSON",
    detail: ({ doubledKey, late }) =>
      late
        ? "The body has not come in time."
        : doubledKey === undefined
        ? "The body is not a JSON text in UTF-8."
        : `An object of the body has the key ${JSON.stringify(quotable(doubledKey))} twice.`,
    values: () => ({}),
  },
  VALIDATION_FAILED: {
    status: 400,
    title: "Validation failed",
    detail: ({ errors }) => errors.map(({ path, message }) => `${path}: ${message}`).join("; "),
    members: {
      errors: z.array(
        z.object({ path: z.string(), message: z.string() }).openapi("FieldError"),
      ),
    },
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    status: 400,
    title: "Idempotency key required",
    detail: () => "Send an Idempotency-Key header of 1 to 255 visible ASCII characters.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: "Idempotency key reused",
    detail: () =>
      "This key was used for another request on this route. Use a new key for a new request.",
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    title: "Idempotent act in progress",
    detail: () =>
      "The first request with this key is still running. Repeat the request to get its answer.",
  },
  RATE_LIMITED: {
    status: 429,
    title: "Rate limited",
    detail: ({ of, retryAfterSeconds }) => `${TOO_MANY[of]}; try again in ${retryAfterSeconds} s.`,
    values: () => ({}),
    headers: retryAfter,
  },
  DEPENDENCY_UNAVAILABLE: {
    status: 503,
    title: "Dependency unavailable",
    detail: ({ retryAfterSeconds }) =>
      `Something that this needs does not answer; try again in ${retryAfterSeconds} s.`,
    members: { dependencies: dependenciesSchema.optional() },
    headers: retryAfter,
  },
  INTERNAL: {
    status: 500,
    title: "Internal error",
    detail: () => "Something went wrong here. Quote the instance when you report it.",
  },
} satisfies Partial<ProblemDefinitions>;
