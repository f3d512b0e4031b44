import { DependencyError } from "../../domain/failures.ts";
import { ok, refused, type Result } from "../../domain/result.ts";

/**
 * One statement, one round trip. Parameters travel as text, as they do over HTTP, and are cast in
 * the statement. Throws `DependencyError` when the database does not answer.
 */
export type Sql = (
  text: string,
  params: readonly (string | null)[],
  options?: SqlOptions,
) => Promise<readonly Record<string, unknown>[]>;

export interface SqlOptions {
  /** A second send changes nothing more, so it is allowed when no answer came. */
  readonly repeatable?: boolean;
  /** It writes so much that it may take several times as long as another statement. */
  readonly isHeavy?: boolean;
}

/** The time by which acts decide, in tests. Null is PostgreSQL's own clock, as in production. */
export type ActTime = () => string | null;

export const databaseTime: ActTime = () => null;

/**
 * SQLSTATE classes of a database that is out of reach, as opposed to a faulty statement:
 * connection exceptions, insufficient resources, operator intervention, and waits that were given up.
 */
const OUT_OF_REACH = /^(08|53|57)...$|^55P03$/;

async function run(
  sql: Sql,
  text: string,
  params: readonly (string | null)[],
  options: SqlOptions,
) {
  try {
    return await sql(text, params, options);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code === "string" && OUT_OF_REACH.test(code)) {
      throw new DependencyError("postgres", error);
    }
    throw error;
  }
}

/** Reads by a statement whose one row has one column, `result`, that is a JSON text. */
export function queryJson<Value>(
  sql: Sql,
  text: string,
  params: readonly (string | null)[],
): Promise<Value | null> {
  return resultOf(sql, text, params, { repeatable: true });
}

async function resultOf<Value>(
  sql: Sql,
  text: string,
  params: readonly (string | null)[],
  options: SqlOptions,
): Promise<Value | null> {
  const [row] = await run(sql, text, params, options);
  const result = row?.["result"];
  return typeof result === "string" ? JSON.parse(result) as Value : null;
}

/** Calls a database function that takes one JSON document and gives one. */
export async function callFunction<Value>(
  sql: Sql,
  name: string,
  input: unknown,
  options: SqlOptions = {},
): Promise<Value> {
  const text = `select ${name}($1::text::jsonb)::text as result`;
  const value = await resultOf<Value>(sql, text, [JSON.stringify(input)], options);
  if (value === null) throw new Error(`${name} gave no answer`);
  return value;
}

/** Calls an act, which may answer `{refusal}` instead of its result. */
export async function callAct<Value, Refusal extends { readonly kind: string }>(
  sql: Sql,
  name: string,
  input: unknown,
  options: SqlOptions = {},
): Promise<Result<Value, Refusal>> {
  const answer = await callFunction<Value | { refusal: Refusal }>(sql, name, input, options);
  return isRefusal(answer) ? refused(answer.refusal) : ok(answer);
}

/** PostgreSQL writes JSON with spaces. The same text always becomes the same bytes. */
export function compactJson(json: string): string {
  return JSON.stringify(JSON.parse(json));
}

function isRefusal<Value, Refusal>(
  answer: Value | { refusal: Refusal },
): answer is { refusal: Refusal } {
  return typeof answer === "object" && answer !== null && "refusal" in answer;
}
