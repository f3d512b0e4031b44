import type { HttpRequest } from "../http/server.ts";
import type { OutputMode } from "./answers.ts";

export interface Statement {
  readonly query: string;
  readonly params: readonly unknown[];
  /** Overrides the header for this statement. */
  readonly arrayMode?: boolean;
}

export interface SqlRequest {
  readonly connectionString: string;
  /** One statement, or a batch that runs as one transaction. */
  readonly sent: Statement | { readonly queries: readonly Statement[] };
  readonly mode: OutputMode;
  /** The statement that begins the transaction of a batch. */
  readonly begin: string;
  /** Headers that the answer to a batch repeats. */
  readonly echoed: Readonly<Record<string, string>>;
}

const MAX_STATEMENTS = 1000;

const ISOLATION_LEVELS: Readonly<Record<string, string>> = {
  ReadUncommitted: "read uncommitted",
  ReadCommitted: "read committed",
  RepeatableRead: "repeatable read",
  Serializable: "serializable",
};

/** The request, or the message of its error. */
export function readSqlRequest({ headers, body }: HttpRequest): SqlRequest | string {
  const connectionString = headers["neon-connection-string"];
  if (!connectionString) return "missing header: Neon-Connection-String";
  const level = headers["neon-batch-isolation-level"];
  const isolation = level === undefined ? "" : ISOLATION_LEVELS[level];
  if (isolation === undefined) return "invalid isolation level";
  const readOnly = headers["neon-batch-read-only"] === "true";
  const deferrable = headers["neon-batch-deferrable"] === "true";
  const sent = readBody(body);
  if (typeof sent === "string") return sent;
  const batch = "queries" in sent;
  return {
    connectionString,
    sent,
    mode: {
      arrayMode: headers["neon-array-mode"] === "true",
      rawText: headers["neon-raw-text-output"] === "true",
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
  if (queries.length > MAX_STATEMENTS) return `more than ${MAX_STATEMENTS} statements`;
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
