import { type OpenAPIHono, z } from "@hono/zod-openapi";
import type { ApiFailureKind } from "../problems/failures.ts";
import {
  PROBLEM_MEDIA_TYPE,
  problemDocument,
  problemHeaders,
  PROBLEMS,
  problemType,
} from "../problems/problems.ts";
import { COMMON_HEADERS, type HeaderName, headerRef } from "./headers.ts";
import { PROBLEM_TEXTS } from "./problem_texts.ts";
import { FAILURE_EXAMPLES } from "./problem_examples.ts";

export const CODES = Object.keys(PROBLEMS) as [ApiFailureKind, ...ApiFailureKind[]];

const problemSchema = z.object({
  type: z.string().openapi({ format: "uri-reference" }),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  instance: z.string().openapi({ format: "uri" }),
  code: z.enum(CODES).openapi("ProblemCode"),
}).openapi("Problem");

/** `NOT_ADMITTED` is `NotAdmittedProblem`. */
export function problemName(kind: ApiFailureKind): string {
  const words = kind.toLowerCase().split("_");
  return `${words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("")}Problem`;
}

/** One schema for each kind of failure, shared by all routes. */
const SCHEMAS = new Map(CODES.map((kind) => {
  const { status, title, members } = PROBLEMS[kind];
  const schema = problemSchema.extend({
    type: z.literal(problemType(kind)),
    title: z.string().openapi({ example: title }),
    status: z.literal(status),
    code: z.literal(kind),
    ...members,
  }).openapi(problemName(kind), {
    description: `${PROBLEM_TEXTS[kind].cause} ${PROBLEM_TEXTS[kind].wayOn}`,
  });
  return [kind, schema];
}));

/** One of these problems, distinguished by `code`. */
function schemaOf(kinds: readonly ApiFailureKind[]) {
  const refs = kinds.map((kind) => [kind, `#/components/schemas/${problemName(kind)}`] as const);
  if (refs.length === 1) return { $ref: refs[0]![1] };
  return {
    oneOf: refs.map(([, $ref]) => ({ $ref })),
    discriminator: { propertyName: "code", mapping: Object.fromEntries(refs) },
  };
}

export type Registry = OpenAPIHono["openAPIRegistry"];

/** What operations share is registered once, under the names of its problems. */
function shared(name: string, response: object, registry: Registry) {
  const isNew = !registry.definitions.some((definition) =>
    definition.type === "component" && definition.componentType === "responses" &&
    definition.name === name
  );
  if (isNew) registry.registerComponent("responses", name, response as never);
  return { $ref: `#/components/responses/${name}` } as never;
}

/** An answer of one status with one of these problems. */
export function problemAnswer(kinds: readonly ApiFailureKind[], registry: Registry) {
  const name = kinds.map((kind) => problemName(kind).replace(/Problem$/, "")).join("Or");
  return shared(name, responseOf(kinds), registry);
}

function responseOf(kinds: readonly ApiFailureKind[]) {
  const names = new Set(
    kinds.flatMap((kind) => Object.keys(problemHeaders(FAILURE_EXAMPLES[kind]))),
  );
  if (kinds.includes("UNSUPPORTED_MEDIA_TYPE")) names.add("Accept-Encoding");
  const own = [...names].map((name) => [name, headerRef(name as HeaderName)]);
  return {
    description: kinds.map((kind) => PROBLEMS[kind].title).join(", or "),
    headers: {
      ...COMMON_HEADERS,
      "Content-Language": headerRef("Content-Language"),
      ...Object.fromEntries(own),
    },
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: schemaOf(kinds),
        examples: Object.fromEntries(
          kinds.map((kind) => [kind, { $ref: `#/components/examples/${kind}` }]),
        ),
      },
    },
  };
}

/** What a client meets only where its base URL, or the version of the server, is another one. */
export const UNROUTED_NAME = "Unrouted";
export const UNROUTED = { $ref: `#/components/responses/${UNROUTED_NAME}` } as never;

const REQUEST_ID = "5b0c8e0e-6a3c-4d7a-9f5a-2f0a4c1e7b11";

/** Registers what the answers refer to. */
export function registerProblems({ openAPIRegistry: registry }: OpenAPIHono): void {
  for (const [kind, schema] of SCHEMAS) {
    registry.register(problemName(kind), schema);
    registry.registerComponent("examples", kind, {
      summary: PROBLEMS[kind].title,
      value: problemDocument(FAILURE_EXAMPLES[kind], REQUEST_ID),
    });
  }
  registry.registerComponent("responses", UNROUTED_NAME, {
    ...responseOf(["NOT_FOUND", "METHOD_NOT_ALLOWED"]),
    description: "No operation has this path, or this method at this path",
  } as never);
}
