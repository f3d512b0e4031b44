import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Received } from "./api_box.ts";

const ROUTELESS = new Set(["NOT_FOUND", "METHOD_NOT_ALLOWED"]);
const HOST_PATHS = /^\/($|line|shop|tickets|ops|docs|assets|openapi\.json)/;

interface Operation {
  readonly pattern: RegExp;
  readonly path: string;
  readonly method: string;
  // deno-lint-ignore no-explicit-any
  readonly responses: Record<string, any>;
}

export interface OpenApiChecker {
  readonly operations: readonly Operation[];
  readonly ajv: Ajv2020;
}

export const DOCUMENT_ID = "https://stanchion.test/openapi.json";

const checkers = new Map<string, OpenApiChecker>();

/** What a box's own document, a JSON text, promises of every answer. Equal documents share one. */
export function openApiChecker(text: string): OpenApiChecker {
  let checker = checkers.get(text);
  if (!checker) checkers.set(text, checker = readDocument(text));
  return checker;
}

function readDocument(text: string): OpenApiChecker {
  const document = JSON.parse(text);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ ...document, $id: DOCUMENT_ID });
  const pointerOf = ({ $ref }: { $ref?: string }, own: string) => $ref?.slice(1) ?? own;
  const operations = Object.entries<Record<string, Operation>>(document.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { responses }]) => ({
        path,
        method: method.toUpperCase(),
        pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
        responses: Object.fromEntries(
          Object.entries(responses).map(([status, response]) => [status, {
            ...(response.$ref
              ? document.components.responses[response.$ref.split("/").at(-1)!]
              : response),
            pointer: pointerOf(
              response,
              `/paths/${escaped(path)}/${method}/responses/${status}`,
            ),
          }]),
        ),
      }))
    );
  return { operations, ajv };
}

function escaped(step: string): string {
  return encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"));
}

/** The check of a declared answer of this media type. */
export function answerSchema(ajv: Ajv2020, { pointer }: { pointer: string }, mediaType: string) {
  return ajv.getSchema(`${DOCUMENT_ID}#${pointer}/content/${escaped(mediaType)}/schema`);
}

/** Fails when an answer is not one that the OpenAPI document declares for its route. */
export function checkAgainstDocument(
  { operations, ajv }: OpenApiChecker,
  method: string,
  path: string,
  { status, body, text, headers }: Received,
): void {
  assert.ok(headers.get("Server-Timing"), "every answer tells its round trips");
  assert.ok(headers.get("X-Request-Id"), "every answer has a request id");
  assert.match(headers.get("traceparent")!, /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  if (status === 201) assert.match(headers.get("Location")!, /^\/v1\//, `${method} ${path}`);
  const bare = path.split("?")[0]!;
  if (HOST_PATHS.test(bare) || ROUTELESS.has(body?.code) || ["HEAD", "OPTIONS"].includes(method)) {
    return;
  }
  const operation = operations.find((candidate) =>
    candidate.method === method && candidate.pattern.test(bare)
  );
  assert.ok(operation, `${method} ${bare} is not in the document`);
  const declared = operation.responses[String(status)];
  const label = `${method} ${operation.path} ${status} ${body?.code ?? ""}`;
  assert.ok(declared, `${label} is not declared`);
  if (!declared.content) return assert.equal(text, "", `${label} has a body`);
  const [mediaType] = (headers.get("Content-Type") ?? "").split(";");
  assert.ok(declared.content[mediaType!], `${label} came as ${mediaType}`);
  const validate = answerSchema(ajv, declared, mediaType!);
  assert.ok(validate, `${label} has no schema`);
  assert.ok(
    validate(/json/.test(mediaType!) ? body : text),
    `${label}: ${ajv.errorsText(validate.errors)}\n${text.slice(0, 500)}`,
  );
}
