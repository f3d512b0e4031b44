import pg from "pg";
import { migrate, sessionOf } from "../../src/adapters/postgres/migrate.ts";
import type { Sql } from "../../src/adapters/postgres/sql.ts";
import {
  type PostgresServer,
  startPostgresServer,
} from "../../src/tools/local_cloud/postgres/server.ts";

const TEMPLATE = "migrated";

export interface TestPostgres {
  readonly port: number;
  readonly startedInMs: number;
  /** A new database at the newest version, over a pool of `connections`. */
  createDatabase(connections: number): Promise<PostgresDatabase>;
  stop(): Promise<void>;
}

export interface PostgresDatabase {
  /** For node clients and PostgreSQL's own tools. */
  readonly url: string;
  /** Every call is one autocommit statement on any free connection. */
  readonly sql: Sql;
  /** One session of its own, for a transaction that a test holds open. */
  connect(): Promise<PostgresSession>;
  close(): Promise<void>;
}

export interface PostgresSession {
  readonly sql: Sql;
  close(): Promise<void>;
}

/** A real PostgreSQL on a free port of loopback, whose databases are migrated. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const startedAt = performance.now();
  const server = await startPostgresServer();
  let databases = 0;
  /** Nobody connects to it after its migration: a database with sessions cannot be copied. */
  let migrated: Promise<void> | undefined;
  return {
    port: server.port,
    startedInMs: Math.round(performance.now() - startedAt),
    async createDatabase(connections) {
      const name = `test_${++databases}`;
      await (migrated ??= makeTemplate(server));
      await withClient(server.urlOf("postgres"), async (client) => {
        await client.query(`create database ${name} template ${TEMPLATE} strategy file_copy`);
      });
      return await openDatabase(server.urlOf(name), connections);
    },
    stop: server.stop,
  };
}

/** Migrations take far longer than a copy of what they made. */
async function makeTemplate(server: PostgresServer): Promise<void> {
  await server.createDatabase(TEMPLATE);
  await withClient(server.urlOf(TEMPLATE), async (client) => {
    await migrate(sessionOf(client));
  });
}

async function withClient(url: string, run: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await run(client);
  } finally {
    await client.end();
  }
}

async function openDatabase(url: string, connections: number): Promise<PostgresDatabase> {
  const pool = new pg.Pool({ connectionString: url, max: connections, idleTimeoutMillis: 0 });
  // Where nobody listens, pg throws the error of a lost connection, which ends the whole test file. A
  // query on it fails in any case.
  const told = (error: Error) => console.error(`a connection to ${url} was lost:`, error);
  pool.on("error", told);
  const ended: Promise<void>[] = [];
  pool.on("connect", (client) => {
    ended.push(new Promise((resolve) => client.once("end", resolve)));
  });
  // All connections now: one opened in the middle of a test would read as leaked by that test.
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  for (const client of clients) client.release();
  return {
    url,
    sql: sqlOver(pool),
    async connect() {
      const client = new pg.Client({ connectionString: url });
      client.on("error", told);
      await client.connect();
      return { sql: sqlOver(client), close: () => client.end() };
    },
    async close() {
      await pool.end();
      // The pool lets go of its connections before they have ended.
      await Promise.all(ended);
    },
  };
}

function sqlOver(queryable: Pick<pg.Pool, "query"> | Pick<pg.Client, "query">): Sql {
  return async (text, params) => {
    const { rows } = await queryable.query<Record<string, unknown>>(text, [...params]);
    return rows;
  };
}
