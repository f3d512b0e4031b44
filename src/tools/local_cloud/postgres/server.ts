import pg from "pg";
import { freePort } from "../free_port.ts";
import { findPostgresBinaries, findPostgresUser, runProgram } from "./binaries.ts";
import { openPostgresFolder, startPostgresWatchdog } from "./folder.ts";

export interface PostgresServerOptions {
  /** For the data, kept afterwards. When left out: a temporary one that ends with the server. */
  readonly folder?: string | undefined;
  /** A free one when left out. */
  readonly port?: number;
}

export interface PostgresServer {
  readonly port: number;
  /** The connection string of a database, for clients over TCP. */
  urlOf(database: string): string;
  /** Does nothing when the database exists. */
  createDatabase(name: string): Promise<void>;
  /** Ends every connection, as an outage would. Committed data is there after `resume()`. */
  pause(): Promise<void>;
  /** Starts it again on the same port and data. */
  resume(): Promise<void>;
  /** Ends the server, and removes its data unless they are kept. */
  stop(): Promise<void>;
}

const USER = "postgres";
const PASSWORD = "password";
const HOSTNAME = "127.0.0.1";
const FLAGS = `-c unix_socket_directories='' -c listen_addresses=${HOSTNAME}`;
/** Faster, and a temporary database need not survive a power cut. */
const UNSAFE_FLAGS = "-c fsync=off -c full_page_writes=off";
/** SQLSTATE duplicate_database. */
const DUPLICATE_DATABASE = "42P04";
const START_DEADLINE_SECONDS = 60;

/** A real PostgreSQL on loopback. Throws `FolderNotWritableError` for a folder it cannot write to. */
export async function startPostgresServer(
  { port = freePort(), folder: kept }: PostgresServerOptions = {},
): Promise<PostgresServer> {
  const [{ initdb, pg_ctl }, as] = await Promise.all([findPostgresBinaries(), findPostgresUser()]);
  const folder = await openPostgresFolder(kept, as);
  const { path, data, log } = folder;
  const watchdog = startPostgresWatchdog(folder, port);
  const runAnnounced = async (program: string, args: readonly string[]) => {
    await runProgram(program, args, { as, onStart: watchdog.announce });
    await watchdog.announce(0);
  };
  const flags = `${FLAGS}${folder.isKept ? "" : ` ${UNSAFE_FLAGS}`}`;

  // pg_ctl detaches the server from this process group, so that Ctrl-C does not reach it.
  const start = () =>
    runAnnounced(pg_ctl, [
      ...["start", "--wait", "--timeout", `${START_DEADLINE_SECONDS}`, "--pgdata", data],
      ...["--log", log, "--options", `-p ${port} ${flags}`],
    ]);
  const end = () => runAnnounced(pg_ctl, ["stop", "--wait", "--mode", "fast", "--pgdata", data]);

  /** Builds the cluster beside its final path, so that a half-built one is never started. */
  async function makeCluster(): Promise<void> {
    const unfinished = `${path}/unfinished`;
    await removeIfPresent(unfinished);
    await Deno.writeTextFile(`${path}/password`, PASSWORD);
    await Deno.chmod(`${path}/password`, 0o644);
    await runAnnounced(initdb, [
      ...["--pgdata", unfinished, "--username", USER, "--pwfile", `${path}/password`],
      ...["--auth=password", "--encoding=UTF8", ...folder.isKept ? [] : ["--no-sync"]],
    ]);
    await Deno.rename(unfinished, data);
  }

  try {
    // The log of an earlier start.
    await removeIfPresent(log);
    if (!await exists(data)) await makeCluster();
    await start();
  } catch (cause) {
    const logText = await Deno.readTextFile(log).catch(() => "");
    await watchdog.end();
    throw new Error(`PostgreSQL did not start:\n${logText}`, { cause });
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
      } catch (error) {
        if (!(error instanceof pg.DatabaseError && error.code === DUPLICATE_DATABASE)) throw error;
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
        await watchdog.end();
      })(),
  };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

async function removeIfPresent(path: string): Promise<void> {
  if (await exists(path)) await Deno.remove(path, { recursive: true });
}
