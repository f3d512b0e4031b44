import type { Context } from "hono";
import type { ApiEnv } from "../pipeline/api_env.ts";
import type { ApiFailureKind, Problem } from "./failures.ts";
import { asLine } from "../pipeline/json_body.ts";
import { type Language, languageOf } from "../pipeline/language.ts";
import { KOREAN } from "./korean.ts";
import { LINE_PROBLEMS } from "./line_problems.ts";
import { PAYMENT_PROBLEMS } from "./payment_problems.ts";
import type { ProblemDefinition, ProblemDefinitions, ProblemWords } from "./problem_definition.ts";
import { REQUEST_PROBLEMS } from "./request_problems.ts";
import { SALE_PROBLEMS } from "./sale_problems.ts";

/** Every failure of the API. The documentation is made from the same table. */
export const PROBLEMS: ProblemDefinitions = {
  ...REQUEST_PROBLEMS,
  ...LINE_PROBLEMS,
  ...SALE_PROBLEMS,
  ...PAYMENT_PROBLEMS,
};

export const PROBLEM_MEDIA_TYPE = "application/problem+json";

/** When a call that failed because of a store may be repeated. */
export const DEPENDENCY_RETRY_SECONDS = 2;

/** Members of a failure that are no members of the document: `code` and headers carry them. */
const HIDDEN_MEMBERS = ["kind", "retryAfterSeconds", "allow"];

/** The page that explains all problems; `type` is the part of it about one. */
export const PROBLEMS_PATH = "/docs/problems";

export function problemType(kind: ApiFailureKind): string {
  return `${PROBLEMS_PATH}#${kind.toLowerCase().replaceAll("_", "-")}`;
}

/** The problem document (RFC 9457) of a failure. `code` is the same in each language. */
export function problemDocument(
  failure: Problem,
  requestId: string,
  language: Language = "en",
): Record<string, unknown> {
  const problem = PROBLEMS[failure.kind] as ProblemDefinition<ApiFailureKind>;
  const words = (language === "ko" ? KOREAN : PROBLEMS)[failure.kind];
  const { title, detail } = words as ProblemWords<ApiFailureKind>;
  const members = Object.entries(failure).filter(([name]) => !HIDDEN_MEMBERS.includes(name));
  return {
    type: problemType(failure.kind),
    title,
    status: problem.status,
    detail: detail(failure),
    instance: `urn:stanchion:request:${requestId}`,
    code: failure.kind,
    ...(problem.values?.(failure) ?? Object.fromEntries(members)),
  };
}

/** The headers that only the answer with this failure has. */
export function problemHeaders(failure: Problem): Record<string, string> {
  const problem = PROBLEMS[failure.kind] as ProblemDefinition<ApiFailureKind>;
  return problem.headers?.(failure) ?? {};
}

/** Answers the request with the problem document of a failure. */
export function problemResponse(c: Context<ApiEnv>, failure: Problem): Response {
  const language = languageOf(c);
  const document = problemDocument(failure, c.get("requestId"), language);
  c.header("Vary", "Accept-Language", { append: true });
  c.set("problemCode", failure.kind);
  return c.body(asLine(JSON.stringify(document)), PROBLEMS[failure.kind].status, {
    "Content-Type": PROBLEM_MEDIA_TYPE,
    "Content-Language": language,
    ...problemHeaders(failure),
  });
}
