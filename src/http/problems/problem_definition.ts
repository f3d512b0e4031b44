import type { z } from "@hono/zod-openapi";
import { MAX_NAME_LENGTH } from "../pipeline/validation.ts";
import type { ApiFailureKind, ProblemOf } from "./failures.ts";

/** What a problem document says to people, in one language. */
export interface ProblemWords<Kind extends ApiFailureKind> {
  readonly title: string;
  readonly detail: (failure: ProblemOf<Kind>) => string;
}

/** The problem document of one kind of failure, with its English words. */
export interface ProblemDefinition<Kind extends ApiFailureKind> extends ProblemWords<Kind> {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  /** Members of the document beyond those of RFC 9457 and `code`. */
  readonly members?: z.ZodRawShape;
  /** Their values; by default the members of the failure. */
  readonly values?: (failure: ProblemOf<Kind>) => Record<string, unknown>;
  readonly headers?: (failure: ProblemOf<Kind>) => Record<string, string>;
}

export type ProblemDefinitions = {
  readonly [Kind in ApiFailureKind]: ProblemDefinition<Kind>;
};

export const retryAfter = ({ retryAfterSeconds }: { retryAfterSeconds: number }) => ({
  "Retry-After": String(retryAfterSeconds),
});
export const challenge = (scheme: string) => () => ({ "WWW-Authenticate": scheme });
/** A bounded part of what the caller sent. */
export const quotable = (text: string) => text.slice(0, MAX_NAME_LENGTH).toWellFormed();
