import type { z } from "@hono/zod-openapi";
import type { Call } from "../../application/request_context.ts";
import type { FailureKind, FailureOf } from "../../domain/failures.ts";
import { ok, type Result } from "../../domain/result.ts";
import type { Once } from "../../ports/idempotency.ts";
import type { Callers, Needs } from "../auth/authentication.ts";

export type Status = 200 | 201;
type Answers = { readonly [S in Status]?: AnswerShape };
export interface AnswerShape {
  readonly description: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
}

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;
type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/**
 * A success: a body of the declared shape, or its JSON text, made before; or, where versions are
 * told, that the caller has the present one.
 */
type Answer<A extends Answers> =
  | {
    [S in keyof A & Status]: A[S] extends AnswerShape
      ? { status: S; body: DeepReadonly<z.input<A[S]["schema"]>> } | JsonAnswer<S>
      : never;
  }[keyof A & Status]
  | Unchanged;

interface JsonAnswer<S extends Status> {
  readonly status: S;
  readonly json: string;
  readonly version?: string;
}

interface Unchanged {
  readonly status: 304;
  readonly version: string;
}

export interface Input<N extends Needs, P, Q, B, I> {
  readonly caller: Callers[N];
  readonly params: Output<P>;
  readonly query: Output<Q>;
  readonly body: Output<B>;
  readonly once: I extends true ? Once : undefined;
  readonly call: Call;
  /** Whether the caller says to have this version already (RFC 9110, 13.1.2). */
  readonly isKnown: (version: string) => boolean;
}

/** The refusals that come with what a route needs, beyond those of its door. */
type Implied<N extends Needs, I> =
  | (N extends "admitted" ? "NOT_ADMITTED" : never)
  | (I extends true ? "IDEMPOTENCY_KEY_REUSED" | "IDEMPOTENCY_IN_PROGRESS" : never);

export interface Endpoint<
  N extends Needs,
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  B extends z.ZodType | undefined,
  I extends boolean | undefined,
  A extends Answers,
  K extends FailureKind,
> {
  /** What a generated client calls it. */
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
  /** Whether an absent body stands for `{}`. */
  readonly bodyIsOptional?: true;
  readonly bodyLimitBytes?: number;
  /** Whether the act happens once for an `Idempotency-Key`. */
  readonly idempotent?: I;
  /** Whether answers carry a version as `ETag`, and 304 stands for one that the caller has. */
  readonly versioned?: true;
  /** Whether this route is open at all; FORBIDDEN otherwise. */
  readonly permitted?: () => boolean;
  /** Whether a store is asked, which may be out of reach. */
  readonly asksStores: boolean;
  readonly answers: A;
  /** The refusals of the act itself; those of the route's needs are implied. */
  readonly failures: readonly K[];
  readonly act: (
    input: Input<N, P, Q, B, I>,
  ) => Promise<Result<Answer<A>, FailureOf<K | Implied<N, I>>>>;
}

// deno-lint-ignore no-explicit-any
export type AnyEndpoint = Endpoint<any, any, any, any, any, any, any>;

/** Checks an endpoint's types against each other: its act returns what it declares, no more. */
export function endpoint<
  N extends Needs,
  const A extends Answers,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  I extends boolean | undefined = undefined,
  const K extends FailureKind = never,
>(definition: Endpoint<N, P, Q, B, I, A, K>): AnyEndpoint {
  return definition;
}

/** Whether a body may come with the request, wanted or not. */
export function takesBody({ method }: AnyEndpoint): boolean {
  return method !== "get";
}

/** A success with a body. */
export function answer<S extends Status, Body>(status: S, body: Body) {
  return ok({ status, body });
}

/** A success with its recorded JSON text. */
export function recordedAnswer<S extends Status>(status: S, json: string) {
  return ok({ status, json });
}

/** A success with a JSON text and its version, or with none when the caller has it. */
export function versionedAnswer({ version, json }: { version: string; json: string | null }) {
  return json === null
    ? ok({ status: 304 as const, version })
    : ok({ status: 200 as const, json, version });
}
