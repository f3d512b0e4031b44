import type { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { FieldError } from "../../domain/failures.ts";
import type { LongText } from "../../domain/long_text.ts";
import { ok, refused, type Result } from "../../domain/result.ts";
import type { ApiEnv, App } from "./api_env.ts";
import {
  BODY_LIMIT_BYTES,
  declaresTooLarge,
  decodeText,
  isCsv,
  isEncoded,
  isJson,
  isMergePatch,
  JSON_MEDIA_TYPE,
  parseJson,
  readBody,
} from "./body.ts";
import { csvAnswer, wantsCsv } from "./csv_answer.ts";
import { authenticate, type Authentication, type Needs } from "../auth/authentication.ts";
import { type AnswerShape, type AnyEndpoint, type Status, takesBody } from "./endpoint.ts";
import { type ApiFailure, problemOf } from "../problems/failures.ts";
import { problemResponse } from "../problems/problems.ts";
import { type Asked, readIdempotency, REPLAYED_HEADER } from "./idempotency.ts";
import type { Subject } from "./observed_request.ts";
import { faultsOfPath } from "./path.ts";
import { readQuery, strictQuery } from "./query.ts";
import { asLine, streamed } from "./json_body.ts";
import { entityTag, knownVersions } from "./versions.ts";
import { fieldErrors, MAX_ERRORS } from "./validation.ts";

/** Adds an endpoint to the app. */
export function mount(app: App, definition: AnyEndpoint, authentication: Authentication): void {
  const { sign } = authentication.queueTokens;
  const queries = {
    json: strictQuery(definition.query),
    csv: strictQuery(definition.csv?.query),
  };
  const path = definition.path.replaceAll(/\{(\w+)\}/g, ":$1");
  const method = definition.method.toUpperCase();
  const route = `${method} ${definition.path}`;
  app.on(method, path, async (c) => {
    const subject: Subject = { route, caller: {}, asked: {} };
    c.set("subject", subject);
    const answer = await serve(c, subject, definition, queries, authentication);
    if (!answer.ok) return problemResponse(c, problemOf(answer.failure, sign));
    const { status, body, json, text, version, replayed, asked } = answer.value;
    // A client that keeps a versioned answer must validate it before each use.
    const versioned = version === undefined
      ? {}
      : { ETag: entityTag(version), "Cache-Control": "private, no-cache" };
    if (status === 304) return c.body(null, status, versioned);
    if (definition.csv) {
      c.header("Vary", "Accept", { append: true });
      if (wantsCsv(c)) return csvAnswer(c, definition.csv.columns, body);
    }
    const { mediaType = JSON_MEDIA_TYPE, location } = (definition.answers as Answers)[status]!;
    const { cacheSeconds } = definition;
    const content = typeof json === "object"
      ? streamed(json)
      : text ?? asLine(json ?? JSON.stringify(body));
    return c.body(content, status, {
      "Content-Type": mediaType,
      ...(cacheSeconds ? { "Cache-Control": `public, max-age=${cacheSeconds}` } : {}),
      ...versioned,
      ...(location ? { Location: location(body ?? JSON.parse(json as string), asked) } : {}),
      ...(replayed ? { [REPLAYED_HEADER]: "true" } : {}),
    });
  });
}

type Answers = { readonly [S in Status]?: AnswerShape };
type Served = {
  asked: Asked;
  status: Status | 304;
  body?: unknown;
  json?: string | LongText;
  text?: string;
  version?: string;
  replayed?: boolean;
};

/** Answers by the first fault in this order: size, media type, credentials, body; then the act checks admission. */
async function serve(
  c: Context<ApiEnv>,
  subject: Subject,
  definition: AnyEndpoint,
  queries: { readonly json: z.ZodObject; readonly csv: z.ZodObject },
  authentication: Authentication,
): Promise<Result<Served, ApiFailure>> {
  const request = c.req.raw;
  const context = c.get("context");
  const needs = definition.needs as Needs;
  const sender = { headers: request.headers, address: c.env.address };
  // Before the body is read: nobody without a credential takes memory by a large one.
  const caller = await authenticate(authentication, needs, sender, context);
  const read = await readBodyOf(request, definition, caller.ok);
  // What comes before the credentials is size and media type, and not whether the body comes at all.
  if (!caller.ok) return read.ok || read.failure.kind === "MALFORMED_JSON" ? caller : read;
  if (!read.ok) return read;
  subject.caller = caller.value;
  const bytes = read.value;
  const reason = definition.forbidden?.(request) ?? null;
  if (reason !== null) return refused({ kind: "FORBIDDEN", reason });

  const given = readQuery(request.url);
  const errors: FieldError[] = [...faultsOfPath(request.url, definition.path), ...given.doubled];
  const params = check(definition.params, c.req.param(), errors);
  const asCsv = definition.csv !== undefined && wantsCsv(c);
  const query = check(asCsv ? queries.csv : queries.json, given.values, errors);
  const csvBody = csvBodyOf(request, definition);
  let body: unknown;
  if (!definition.body) {
    if (!saysNothing(bytes)) errors.push({ path: "body", message: noBodyMessage(definition) });
  } else if (csvBody) {
    const text = decodeText(bytes);
    if (text === null) errors.push({ path: "body", message: "must be a text in UTF-8" });
    else body = csvBody.read(text);
  } else {
    const empty = bytes.byteLength === 0 && definition.bodyIsOptional;
    const parsed = empty ? { ok: true as const, value: {} } : parseJson(bytes);
    if (!parsed.ok) return parsed;
    body = check(definition.body, parsed.value, errors);
  }
  if (errors.length > 0) {
    return refused({ kind: "VALIDATION_FAILED", errors: errors.slice(0, MAX_ERRORS) });
  }
  const asked = subject.asked = { params, query, body };
  const idempotent = await readIdempotency(definition, request.headers, caller.value, asked);
  if (!idempotent.ok) return idempotent;

  const isKnown = knownVersions(request.headers.get("If-None-Match"));
  const done = await definition.act({
    caller: caller.value,
    ...asked,
    idempotent: idempotent.value,
    context,
    isKnown,
  });
  return done.ok ? ok({ ...done.value, asked }) : done;
}

/** The body of a request, empty where its method has none: size first, then media type. */
async function readBodyOf(
  request: Request,
  definition: AnyEndpoint,
  isKept: boolean,
): Promise<Result<Uint8Array, ApiFailure>> {
  if (!takesBody(definition)) return ok(new Uint8Array());
  const limitBytes = definition.bodyLimitBytes ?? BODY_LIMIT_BYTES;
  if (declaresTooLarge(request, limitBytes)) {
    return refused({ kind: "PAYLOAD_TOO_LARGE", limitBytes });
  }
  const read = await readBody(request, limitBytes, { isKept });
  if (!read.ok || !definition.body || read.value.byteLength === 0) return read;
  if (isEncoded(request.headers.get("Content-Encoding"))) {
    return refused({ kind: "UNSUPPORTED_MEDIA_TYPE", encoded: true });
  }
  const contentType = request.headers.get("Content-Type");
  const isKnownType = isJson(contentType) || csvBodyOf(request, definition) !== undefined ||
    definition.method === "patch" && isMergePatch(contentType);
  return isKnownType ? read : refused({ kind: "UNSUPPORTED_MEDIA_TYPE" });
}

function csvBodyOf(request: Request, { csvBody }: AnyEndpoint): AnyEndpoint["csvBody"] {
  return isCsv(request.headers.get("Content-Type")) ? csvBody : undefined;
}

/** Whether a body where none belongs is blank, or an object without members, as some clients send. */
function saysNothing(bytes: Uint8Array): boolean {
  return /^\s*(?:\{\s*\})?\s*$/.test(decodeText(bytes) ?? "?");
}

function noBodyMessage({ query }: AnyEndpoint): string {
  return "reason" in (query?.shape ?? {})
    ? "must be empty: a reason belongs to the query, as in ?reason=…"
    : "must be empty";
}

function check(schema: z.ZodType | undefined, value: unknown, errors: FieldError[]): unknown {
  if (!schema) return undefined;
  const checked = schema.safeParse(value, { reportInput: true });
  if (checked.success) return checked.data;
  errors.push(...fieldErrors(checked.error));
  return undefined;
}
