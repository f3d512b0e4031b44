import pg from "pg";
import { type Address, type Endpoint, serveEndpoint } from "../http/endpoint.ts";
import type { HttpRequest } from "../http/http_request.ts";
import type { Answer } from "../http/server.ts";
import { errorAnswer, NO_DETAILS, type OutputMode, resultJson } from "./answers.ts";
import { ConnectionStringError, type DatabaseAddress, pools } from "./connection_pools.ts";
import { readSqlRequest, type Statement } from "./request.ts";
import { parameterText } from "./values.ts";

export interface NeonEndpointOptions extends Address {
  readonly database: DatabaseAddress;
  /** Of each connection string that clients use. */
  readonly maxConnections?: number;
  /** Longer in the line for a connection, and PostgreSQL counts as away. */
  readonly connectTimeoutMs?: number;
  /** Longer without a result, and the connection counts as broken. */
  readonly statementTimeoutMs?: number;
}

const PATH = "/sql";
const LONGEST_BODY_BYTES = 10_485_760;
const MAX_CONNECTIONS = 16;
const CONNECT_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 30_000;

/** Every value as the text that PostgreSQL sent. */
const RAW_TYPES = {
  getTypeParser: () => (text: string) => text,
} as unknown as pg.CustomTypesConfig;

/** Errors of a connection that are the client's own: a wrong password, an unknown database. */
const CLIENTS_FAULT = /^(28...|3D000)$/;

/**
 * Neon's SQL over HTTP, at `/sql`, over a PostgreSQL: one statement, or a batch as one
 * transaction. 400 with the SQLSTATE for what PostgreSQL refuses, 500 while it is away.
 */
export function startNeonEndpoint(parts: NeonEndpointOptions): Endpoint {
  const {
    database,
    maxConnections = MAX_CONNECTIONS,
    connectTimeoutMs = CONNECT_TIMEOUT_MS,
    statementTimeoutMs = STATEMENT_TIMEOUT_MS,
    ...address
  } = parts;
  const { connect, end } = pools({
    database,
    maxConnections,
    connectTimeoutMs,
    statementTimeoutMs,
  });

  async function act(request: HttpRequest, onCommands: (count: number) => void): Promise<Answer> {
    if (request.path !== PATH) return refused(404, `nothing is served at ${request.path}`);
    if (request.method !== "POST") return refused(405, "only POST is served here");
    const read = readSqlRequest(request);
    if (typeof read === "string") return refused(400, read);
    let client: pg.PoolClient;
    try {
      client = await connect(read.connectionString);
    } catch (error) {
      return errorAnswer(isClientsFault(error) ? 400 : 500, error);
    }
    const { sent, mode } = read;
    let broken: Error | undefined;
    // A connection that breaks between two statements says so to nobody else.
    const onError = (error: Error) => broken = error;
    client.on("error", onError);
    try {
      onCommands("queries" in sent ? sent.queries.length : 1);
      const body = "queries" in sent
        ? { results: await runBatch(client, sent.queries, read.begin, mode) }
        : await runStatement(client, sent, mode);
      return { status: 200, body: JSON.stringify(body), headers: read.echoed };
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) broken = error as Error;
      return errorAnswer(broken ? 500 : 400, error);
    } finally {
      client.off("error", onError);
      // A session that a statement left inside a transaction is no use to the next one.
      client.release(broken ?? client.getTransactionStatus() !== "I");
    }
  }

  return serveEndpoint({
    address,
    path: PATH,
    longestBodyBytes: LONGEST_BODY_BYTES,
    act,
    errorBody: (message) => JSON.stringify({ message, ...NO_DETAILS }),
    end,
  });
}

async function runStatement(
  client: pg.PoolClient,
  { query, params, arrayMode }: Statement,
  mode: OutputMode,
) {
  const result = await client.query<(string | null)[]>({
    text: query,
    values: params.map(parameterText),
    rowMode: "array",
    types: RAW_TYPES,
    // Also without parameters: the simple protocol would run several statements in one text.
    queryMode: "extended",
  } as pg.QueryArrayConfig);
  return resultJson(result, { ...mode, arrayMode: arrayMode ?? mode.arrayMode });
}

/** All or nothing, and nobody may look at a result before the next statement is known. */
async function runBatch(
  client: pg.PoolClient,
  statements: readonly Statement[],
  begin: string,
  mode: OutputMode,
) {
  await client.query(begin);
  try {
    const results = [];
    for (const each of statements) results.push(await runStatement(client, each, mode));
    await client.query("commit");
    return results;
  } catch (error) {
    // The first error is the one to tell; a session that cannot roll back is given up anyway.
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

function isClientsFault(error: unknown): boolean {
  return error instanceof ConnectionStringError ||
    error instanceof pg.DatabaseError && CLIENTS_FAULT.test(error.code ?? "");
}

function refused(status: number, message: string): Answer {
  return errorAnswer(status, new Error(message));
}
