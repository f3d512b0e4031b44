import fc from "fast-check";
import type { Operation, RequestDocument } from "./document.ts";
import { type KnownNames, memberValues, valuesOf } from "./values.ts";

/** A request before the world fills it in. */
export interface Drawn {
  readonly operation: Operation;
  /** By place and name; a `Known` is filled in when it is sent. */
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly mediaType: string | null;
  /** A value to be sent as JSON, or a text. */
  readonly body: unknown;
  /** Which of the sets of credentials. */
  readonly credentials: number;
  readonly fan: number;
  readonly accept: string | null;
}

function parametersIn(
  place: "path" | "query" | "header",
  { parameters = [] }: Operation,
  { schemas }: RequestDocument,
  known: KnownNames,
): fc.Arbitrary<Record<string, unknown>> {
  const own = parameters.filter((parameter) => parameter.in === place);
  const values: Record<string, fc.Arbitrary<unknown>> = {};
  for (const { name, schema } of own) values[name] = memberValues(name, schema, schemas, known);
  const requiredKeys = own.filter(({ required }) => required).map(({ name }) => name);
  return fc.record(values, { requiredKeys });
}

/** Rows of seats as CSV. */
const csv = fc.array(fc.tuple(fc.nat(1000), fc.stringMatching(/^[A-D]$/)), {
  minLength: 1,
  maxLength: 3,
})
  .map((rows) => ["price,row", ...rows.map((row) => row.join(","))].join("\r\n"));

function bodies(
  { requestBody }: Operation,
  { schemas }: RequestDocument,
  known: KnownNames,
): fc.Arbitrary<Pick<Drawn, "mediaType" | "body">> {
  const none = fc.constant({ mediaType: null, body: undefined });
  if (!requestBody) return none;
  const ofTypes = Object.entries(requestBody.content).map(([mediaType, { schema }]) =>
    fc.record({
      mediaType: fc.constant(mediaType),
      body: mediaType === "text/csv" ? csv : valuesOf(schema, schemas, known),
    })
  );
  return fc.oneof(...ofTypes, ...(requestBody.required ? [] : [none]));
}

/** Requests of an operation that its schemas allow, with credentials that it needs. */
export function validRequests(
  operation: Operation,
  document: RequestDocument,
  known: KnownNames,
): fc.Arbitrary<Drawn> {
  return fc.record({
    operation: fc.constant(operation),
    path: parametersIn("path", operation, document, known),
    query: parametersIn("query", operation, document, known),
    headers: parametersIn("header", operation, document, known),
    content: bodies(operation, document, known),
    credentials: fc.nat(10),
    fan: fc.nat(10),
    accept: fc.constantFrom(null, null, "application/json", "text/csv", "*/*"),
  }).map(({ content, ...others }) => ({ ...others, ...content }));
}
