import pg from "pg";
import { type Endpoint, type EndpointAddress, startEndpoint } from "../http/endpoint.ts";
import type { HttpAnswer, HttpRequest } from "../http/server.ts";
import { errorAnswer, NO_DETAILS, type OutputMode, resultJson } from "./answers.ts";
import {
  ConnectionStringError,
  createConnectionPools,
  type DatabaseAddress,
} from "./connection_pools.ts";
import { readSqlRequest, type Statement } from "./request.ts";
import { parameterText } from "./values.ts";

export interface NeonEndpointOptions extends EndpointAddress {
  readonly database: DatabaseAddress;
  /** For each connection string that clients use. */
  readonly maxConnections?: number;
  /** The longest wait for a free connection. After it the answer is 500. */
  readonly connectTimeoutMs?: number;
  /** Longer without a result, and the connection counts as broken. */
  readonly statementTimeoutMs?: number;
}

const PATH = "/sql";
const MAX_BODY_BYTES = 10_485_760;
const MAX_CONNECTIONS = 16;
const CONNECT_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 30_000;

/** Every value stays the text that PostgreSQL sends. */
const RAW_TYPES = {
  getTypeParser: () => (text: string) => text,
} as unknown as pg.CustomTypesConfig;

/** SQLSTATEs of a connection that the client asks for wrongly: wrong password, unknown database. */
const CLIENT_ERRORS = /^(28...|3D000)$/;

/**
 * Neon's SQL over HTTP, at `/sql`, over a PostgreSQL: one statement, or a batch as one
 * transaction. 400 with the SQLSTATE for what PostgreSQL refuses, 500 while it is away.
 */
export async function startNeonEndpoint(options: NeonEndpointOptions): Promise<Endpoint> {
  const {
    database,
    maxConnections = MAX_CONNECTIONS,
    connectTimeoutMs = CONNECT_TIMEOUT_MS,
    statementTimeoutMs = STATEMENT_TIMEOUT_MS,
    ...address
  } = options;
  const pools = createConnectionPools({
    database,
    maxConnections,
    connectTimeoutMs,
    statementTimeoutMs,
  });

  async function handle(
    request: HttpRequest,
    countCommands: (count: number) => void,
  ): Promise<HttpAnswer> {
    if (request.path !== PATH) return refused(404, `nothing is served at ${request.path}`);
    if (request.method !== "POST") return refused(405, "only POST is served here");
    const read = readSqlRequest(request);
    if (typeof read === "string") return refused(400, read);
    let client: pg.PoolClient;
    try {
      client = await pools.connect(read.connectionString);
    } catch (error) {
      return errorAnswer(isClientError(error) ? 400 : 500, error);
    }
    const { sent, mode } = read;
    let broken: Error | undefined;
    // Without a listener a connection that breaks between two statements ends the process.
    const onError = (error: Error) => broken = error;
    client.on("error", onError);
    try {
      countCommands("queries" in sent ? sent.queries.length : 1);
      const body = "queries" in sent
        ? { results: await runBatch(client, sent.queries, read.begin, mode) }
        : await runStatement(client, sent, mode);
      return { status: 200, body: JSON.stringify(body), headers: read.echoed };
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) broken = error as Error;
      return errorAnswer(broken ? 500 : 400, error);
    } finally {
      client.off("error", onError);
      // The next request must not get a session that is inside a transaction.
      client.release(broken ?? client.getTransactionStatus() !== "I");
    }
  }

  return await startEndpoint({
    address,
    path: PATH,
    maxBodyBytes: MAX_BODY_BYTES,
    handle,
    errorBody: (message) => JSON.stringify({ message, ...NO_DETAILS }),
    onClose: pools.end,
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
    // The simple protocol, pg's choice without parameters, runs several statements of one text.
    queryMode: "extended",
  } as pg.QueryArrayConfig);
  return resultJson(result, { ...mode, arrayMode: arrayMode ?? mode.arrayMode });
}

/** One transaction without interaction: all statements are known before the first one runs. */
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
    // The first error is the answer. The session goes back to the pool or not by its own state.
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

function isClientError(error: unknown): boolean {
  return error instanceof ConnectionStringError ||
    error instanceof pg.DatabaseError && CLIENT_ERRORS.test(error.code ?? "");
}

function refused(status: number, message: string): HttpAnswer {
  return errorAnswer(status, new Error(message));
}
