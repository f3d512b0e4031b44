import { DependencyError, OtherCurrencyError } from "../../domain/failures.ts";
import { ok, refused, type Result } from "../../domain/result.ts";
import type { RecordedAnswer } from "../../ports/idempotency.ts";

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

/** Statements over the connection of a client such as node-postgres'. */
export function clientSql(client: {
  query(text: string, params: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}): Sql {
  return async (text, params) => (await client.query(text, [...params])).rows;
}

/** The time by which acts decide, in tests. Null is PostgreSQL's own clock, as in production. */
export type ActTime = () => string | null;

export const databaseTime: ActTime = () => null;

/**
 * SQLSTATE classes of a database that is out of reach, as opposed to a faulty statement:
 * connection exceptions, insufficient resources, operator intervention, and waits that were given up.
 */
const OUT_OF_REACH = /^(08|53|57)...$|^55P03$/;
/** The SQLSTATE of `assert_currency`, whose detail is the currency of the database. */
const OTHER_CURRENCY = "CU001";

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
    const otherCurrency = otherCurrencyOf(error);
    if (otherCurrency) throw otherCurrency;
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

/** The answer of an act as `record_answer` gives it. */
export interface RecordedText<Effects> {
  readonly answer: string;
  readonly effects: Effects;
  readonly replayed: boolean;
}

/** Calls an act that ends with `record_answer`. */
export async function callRecordedAct<Effects, Refusal extends { readonly kind: string }>(
  sql: Sql,
  name: string,
  input: unknown,
  options: SqlOptions = {},
): Promise<Result<RecordedAnswer<Effects>, Refusal>> {
  const done = await callAct<RecordedText<Effects>, Refusal>(sql, name, input, options);
  return done.ok ? ok(readRecorded(done.value)) : done;
}

/** PostgreSQL writes JSON with spaces. The same text always becomes the same bytes. */
export function readRecorded<Effects>(
  { answer, effects, replayed }: RecordedText<Effects>,
): RecordedAnswer<Effects> {
  return { json: JSON.stringify(JSON.parse(answer)), effects, replayed };
}

export const ASSERT_CURRENCY = "select assert_currency($1::text)";

/** Fails with `OtherCurrencyError` if the amounts of the database are in another currency. */
export async function assertCurrency(sql: Sql, currency: string): Promise<void> {
  await run(sql, ASSERT_CURRENCY, [currency], { repeatable: true });
}

function otherCurrencyOf(error: unknown): OtherCurrencyError | null {
  const { code, detail } = error as { code?: unknown; detail?: unknown };
  return code === OTHER_CURRENCY ? new OtherCurrencyError(String(detail)) : null;
}

/** The same statements. `onOther` learns that the database refused one because of its currency. */
export function watchCurrency(sql: Sql, onOther: (error: OtherCurrencyError) => void): Sql {
  return async (...statement) => {
    try {
      return await sql(...statement);
    } catch (error) {
      const otherCurrency = otherCurrencyOf(error);
      if (otherCurrency) onOther(otherCurrency);
      throw error;
    }
  };
}

function isRefusal<Value, Refusal>(
  answer: Value | { refusal: Refusal },
): answer is { refusal: Refusal } {
  return typeof answer === "object" && answer !== null && "refusal" in answer;
}
