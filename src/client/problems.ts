import type { components } from "./schema.ts";

type Schemas = components["schemas"];
type ProblemName = Exclude<Extract<keyof Schemas, `${string}Problem`>, "Problem">;

/** Every refusal of the API. Its `code` decides what else it has. */
export type StanchionProblem = { [Name in ProblemName]: Schemas[Name] }[ProblemName];
export type ProblemCode = Schemas["ProblemCode"];
/** The refusal of one code: `ProblemOf<"NOT_ADMITTED">["line"]`. */
export type ProblemOf<Code extends ProblemCode> = Extract<StanchionProblem, { code: Code }>;

/** Whether an unknown value, such as a caught one, is a refusal; with a code, whether it is that. */
export function isProblem(value: unknown): value is StanchionProblem;
export function isProblem<Code extends ProblemCode>(
  value: unknown,
  code: Code,
): value is ProblemOf<Code>;
export function isProblem(value: unknown, code?: ProblemCode): boolean {
  // Errors of Node and of HTTP libraries have a code, and no title.
  const { code: found, title } = Object(value);
  return typeof title === "string" && (code ? found === code : typeof found === "string");
}
