import type { HttpRequest } from "../http/http_request.ts";
import type { OutputMode } from "./answers.ts";

export interface Statement {
  readonly query: string;
  readonly params: readonly unknown[];
  /** Of this statement; as the headers have it when left out. */
  readonly arrayMode?: boolean;
}

export interface SqlRequest {
  readonly connectionString: string;
  /** One statement by itself, or a batch that is one transaction. */
  readonly sent: Statement | { readonly queries: readonly Statement[] };
  readonly mode: OutputMode;
  /** What a batch begins with. */
  readonly begin: string;
  /** Headers that the answer to a batch repeats. */
  readonly echoed: Readonly<Record<string, string>>;
}

const MOST_STATEMENTS = 1000;

const ISOLATION_LEVELS: Readonly<Record<string, string>> = {
  ReadUncommitted: "read uncommitted",
  ReadCommitted: "read committed",
  RepeatableRead: "repeatable read",
  Serializable: "serializable",
};

/** The request as it is to be run, or what is wrong with it. */
export function readSqlRequest({ headers, body }: HttpRequest): SqlRequest | string {
  const connectionString = headers.get("neon-connection-string");
  if (!connectionString) return "missing header: Neon-Connection-String";
  const level = headers.get("neon-batch-isolation-level");
  const isolation = level === undefined ? "" : ISOLATION_LEVELS[level];
  if (isolation === undefined) return "invalid isolation level";
  const readOnly = headers.get("neon-batch-read-only") === "true";
  const deferrable = headers.get("neon-batch-deferrable") === "true";
  const sent = readBody(body);
  if (typeof sent === "string") return sent;
  const batch = "queries" in sent;
  return {
    connectionString,
    sent,
    mode: {
      arrayMode: headers.get("neon-array-mode") === "true",
      rawText: headers.get("neon-raw-text-output") === "true",
    },
    begin: [
      "begin",
      ...(isolation ? [`isolation level ${isolation}`] : []),
      ...(readOnly ? ["read only"] : []),
      ...(deferrable ? ["deferrable"] : []),
    ].join(" "),
    echoed: {
      ...(batch && level !== undefined ? { "neon-batch-isolation-level": level } : {}),
      ...(batch && readOnly ? { "neon-batch-read-only": "true" } : {}),
      ...(batch && deferrable ? { "neon-batch-deferrable": "true" } : {}),
    },
  };
}

function readBody(body: string): SqlRequest["sent"] | string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    return `could not parse the request: ${error}`;
  }
  const statement = readStatement(json);
  if (statement) return statement;
  const { queries } = Object(json) as { queries?: unknown };
  if (!Array.isArray(queries)) return "could not read the request: neither query nor queries";
  if (queries.length > MOST_STATEMENTS) return `more than ${MOST_STATEMENTS} statements`;
  const statements = queries.flatMap((query) => readStatement(query) ?? []);
  return statements.length === queries.length
    ? { queries: statements }
    : "could not read the request: one of the queries is no statement";
}

function readStatement(json: unknown): Statement | null {
  const { query, params = [], arrayMode } = Object(json) as Record<string, unknown>;
  if (typeof query !== "string" || !Array.isArray(params)) return null;
  return { query, params, ...(typeof arrayMode === "boolean" ? { arrayMode } : {}) };
}
