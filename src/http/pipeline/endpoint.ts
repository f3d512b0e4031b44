import type { z } from "@hono/zod-openapi";
import type { LongText } from "../../domain/long_text.ts";
import type { RequestContext } from "../../application/request_context.ts";
import { ok, type Result } from "../../domain/result.ts";
import type { IdempotentRequest, RecordedAnswer } from "../../ports/idempotency.ts";
import type { ApiFailureKind, ApiFailureOf, ForbiddenReason } from "../problems/failures.ts";
import type { Callers, Needs } from "../auth/authentication.ts";

export type Status = 200 | 201 | 202;
type Answers = { readonly [S in Status]?: AnswerShape };
export interface AnswerShape {
  readonly description: string;
  /** JSON by default. An answer of another type is a text. */
  readonly mediaType?: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
  /** The path of what was made: for `Location`. Every 201 has one. */
  // deno-lint-ignore no-explicit-any
  readonly location?: (body: any, asked: any) => string;
}

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;
type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/**
 * A success: a body of the declared shape or its JSON text; on a versioned route also the fact
 * that the caller has the present version.
 */
type Answer<A extends Answers> =
  | {
    [S in keyof A & Status]: A[S] extends AnswerShape
      ? A[S] extends { readonly mediaType: string } ? TextAnswer<S>
      : BodyAnswer<S, DeepReadonly<z.input<A[S]["schema"]>>> | JsonAnswer<S>
      : never;
  }[keyof A & Status]
  | Unchanged;

interface BodyAnswer<S extends Status, Body> {
  readonly status: S;
  readonly body: Body;
  readonly replayed?: boolean;
}

interface JsonAnswer<S extends Status> {
  readonly status: S;
  readonly json: string | LongText;
  readonly version?: string;
  readonly replayed?: boolean;
}

/** An answer of the declared media type. */
interface TextAnswer<S extends Status> {
  readonly status: S;
  readonly text: string;
}

/** The caller has the present version. */
interface Unchanged {
  readonly status: 304;
  readonly version: string;
}

export interface Input<N extends Needs, P, Q, B, I> {
  readonly caller: Callers[N];
  readonly params: Output<P>;
  readonly query: Output<Q>;
  readonly body: Output<B>;
  readonly idempotent: I extends true ? IdempotentRequest
    : I extends "optional" ? IdempotentRequest | null
    : undefined;
  readonly context: RequestContext;
  /** Whether `If-None-Match` names this version (RFC 9110, 13.1.2). */
  readonly isKnown: (version: string) => boolean;
}

/** The refusals that follow from the needs of a route, beside those of its credentials. */
type Implied<N extends Needs, I> =
  | (N extends "admitted" ? "NOT_ADMITTED" : never)
  | (I extends true | "optional" ? "IDEMPOTENCY_KEY_REUSED" | "IDEMPOTENCY_IN_PROGRESS" : never);

/**
 * One endpoint. N: the needed credentials. P, Q, B: the schemas of path, query and body. I: whether
 * it takes an idempotency key. A: its answers. K: the failures of its act.
 */
export interface Endpoint<
  N extends Needs,
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  B extends z.ZodType | undefined,
  I extends true | "optional" | undefined,
  A extends Answers,
  K extends ApiFailureKind,
> {
  /** The operation id: the name of the method in a generated client. */
  readonly name: string;
  readonly method: "get" | "post" | "patch" | "delete";
  /** With parameters in braces. */
  readonly path: `/${string}`;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly needs: N;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly bodyExample?: unknown;
  /** Where the route takes `text/csv` too: what such a text means, with the faults in it. */
  readonly csvBody?: { readonly read: (text: string) => Output<B>; readonly example: string };
  /** Where the route answers as `text/csv` too: the members of the items, and its own query. */
  readonly csv?: { readonly columns: readonly string[]; readonly query: z.ZodObject };
  /** Whether a request without a body means `{}`. */
  readonly bodyIsOptional?: true;
  readonly bodyLimitBytes?: number;
  /** Whether the route requires an `Idempotency-Key`, or takes one. */
  readonly idempotent?: I;
  /** What of a body is compared under one key. By default all of it. */
  readonly compared?: (body: Output<B>) => unknown;
  /** Whether answers have an `ETag`, and 304 confirms the version that the caller has. */
  readonly versioned?: true;
  /** How long anybody may keep an answer. By default nobody keeps it. */
  readonly cacheSeconds?: number;
  /** Why this request may not use this route in this deployment; null if it may. */
  readonly forbidden?: (request: Request) => ForbiddenReason | null;
  /** Whether the act needs a store, which may be unavailable. */
  readonly asksStores: boolean;
  readonly answers: A;
  /** The refusals of the act. Those of the needs are implied. */
  readonly failures: readonly K[];
  readonly act: (
    input: Input<N, P, Q, B, I>,
  ) => Promise<Result<Answer<A>, ApiFailureOf<K | Implied<N, I>>>>;
}

// deno-lint-ignore no-explicit-any
export type AnyEndpoint = Endpoint<any, any, any, any, any, any, any>;

/** Makes the compiler check that the act returns only the answers and failures it declares. */
export function endpoint<
  N extends Needs,
  const A extends Answers,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  I extends true | "optional" | undefined = undefined,
  const K extends ApiFailureKind = never,
>(definition: Endpoint<N, P, Q, B, I, A, K>): AnyEndpoint {
  return definition;
}

/** Whether a request with this method may have a body. */
export function takesBody({ method }: AnyEndpoint): boolean {
  return method !== "get";
}

/** A success with a body. `replayed`: it is that of an earlier request with the same key. */
export function answer<S extends Status, Body>(status: S, body: Body, replayed = false) {
  return ok({ status, body, replayed });
}

/** A success with a recorded JSON text. */
export function recordedAnswer<S extends Status>(
  status: S,
  { json, replayed }: RecordedAnswer<unknown>,
) {
  return ok({ status, json, replayed });
}

/** A success with a text of the declared media type. */
export function textAnswer<S extends Status>(status: S, text: string) {
  return ok({ status, text });
}

/** A success with a JSON text and its version; 304 if the caller has that version. */
export function versionedAnswer(
  { version, json }: { readonly version: string; readonly json: string | LongText },
  isKnown: (version: string) => boolean,
) {
  return isKnown(version)
    ? ok({ status: 304 as const, version })
    : ok({ status: 200 as const, json, version });
}
