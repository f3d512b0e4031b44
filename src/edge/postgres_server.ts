import pg from "pg";
import { freePort } from "./free_port.ts";
import { postgresBinaries, postgresUser, run } from "./postgres_binaries.ts";

export interface PostgresServerParts {
  /** A free one when left out. */
  readonly port?: number;
}

export interface PostgresServer {
  readonly port: number;
  /** Of a database, for clients that hold connections. */
  urlOf(database: string): string;
  createDatabase(name: string): Promise<void>;
  /** Ends every connection, as an outage would; what was committed is there after `resume()`. */
  pause(): Promise<void>;
  /** Starts it again on the same port and data. */
  resume(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

const USER = "postgres";
const PASSWORD = "password";
const HOSTNAME = "127.0.0.1";
/** What such a database may lose in a power cut does not matter; the time it takes does. */
const SERVER_FLAGS = "-c fsync=off -c full_page_writes=off -c unix_socket_directories=''" +
  ` -c listen_addresses=${HOSTNAME}`;
const START_DEADLINE_SECONDS = 60;

/** A real PostgreSQL on loopback, in a temporary folder that goes with it. */
export async function startPostgres(
  { port = freePort() }: PostgresServerParts = {},
): Promise<PostgresServer> {
  const [{ initdb, pg_ctl }, as] = await Promise.all([postgresBinaries(), postgresUser()]);
  const folder = await Deno.makeTempDir({ prefix: "stanchion-postgres-" });
  const data = `${folder}/data`;
  const log = `${folder}/log`;
  const cleanUp = removeAfterUs(folder);

  // Starting detaches the server from our process group, so that Ctrl-C is ours alone.
  const start = () =>
    run(pg_ctl, [
      ...["start", "--wait", "--timeout", `${START_DEADLINE_SECONDS}`, "--pgdata", data],
      ...["--log", log, "--options", `-p ${port} ${SERVER_FLAGS}`],
    ], as);
  const end = () => run(pg_ctl, ["stop", "--wait", "--mode", "fast", "--pgdata", data], as);

  try {
    // The server runs as another user when root starts it, and has to get into the folder.
    if (as) await Deno.chown(folder, as.uid, as.gid);
    await Deno.writeTextFile(`${folder}/password`, PASSWORD);
    await Deno.chmod(`${folder}/password`, 0o644);
    await run(initdb, [
      ...["--pgdata", data, "--username", USER, "--pwfile", `${folder}/password`],
      ...["--auth=password", "--no-sync", "--encoding=UTF8"],
    ], as);
    await start();
  } catch (cause) {
    const said = await Deno.readTextFile(log).catch(() => "");
    await cleanUp();
    throw new Error(`PostgreSQL did not start:\n${said}`, { cause });
  }

  const urlOf = (database: string) =>
    `postgres://${USER}:${PASSWORD}@${HOSTNAME}:${port}/${database}`;
  let running = true;
  let stopped: Promise<void> | undefined;
  return {
    port,
    urlOf,
    async createDatabase(name) {
      const client = new pg.Client({ connectionString: urlOf("postgres") });
      await client.connect();
      try {
        await client.query(`create database ${client.escapeIdentifier(name)}`);
      } finally {
        await client.end();
      }
    },
    async pause() {
      if (!running) return;
      await end();
      running = false;
    },
    async resume() {
      if (running) return;
      await start();
      running = true;
    },
    stop: () =>
      stopped ??= (async () => {
        if (running) await end();
        running = false;
        await cleanUp();
      })(),
  };
}

/** Ends the server and removes the folder when this process ends, however it is ended. */
function removeAfterUs(folder: string): () => Promise<void> {
  // An ended process may stay in the table; the server's own file goes with it.
  const script = `cat; file="$0/data/postmaster.pid"; pid=$(head -n 1 "$file") &&
    kill -INT "$pid" && while [ -e "$file" ] && kill -0 "$pid"; do sleep 0.1; done; rm -rf "$0"`;
  const watchdog = new Deno.Command("sh", {
    args: ["-c", script, folder],
    // Ctrl-C would take it before we are gone.
    detached: true,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return async () => {
    await watchdog.stdin.close();
    await watchdog.status;
  };
}
