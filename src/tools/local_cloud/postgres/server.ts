import pg from "pg";
import { freePort } from "../free_port.ts";
import { postgresBinaries, postgresUser, run } from "./binaries.ts";
import { openPostgresFolder, watchOver } from "./folder.ts";

export interface PostgresServerOptions {
  /** Of the data, kept afterwards; a temporary one that goes with the server when left out. */
  readonly folder?: string | undefined;
  /** A free one when left out. */
  readonly port?: number;
}

export interface PostgresServer {
  readonly port: number;
  /** Of a database, for clients that hold connections. */
  urlOf(database: string): string;
  /** Does nothing when the database is there. */
  createDatabase(name: string): Promise<void>;
  /** Ends every connection, as an outage would; what was committed is there after `resume()`. */
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
/** What a temporary database loses in a power cut does not matter; the time it takes does. */
const FORGETFUL_FLAGS = "-c fsync=off -c full_page_writes=off";
/** SQLSTATE duplicate_database. */
const IS_THERE = "42P04";
const START_DEADLINE_SECONDS = 60;

/** A real PostgreSQL on loopback. Throws `FolderClosedError` for a folder it cannot get into. */
export async function startPostgresServer(
  { port = freePort(), folder: kept }: PostgresServerOptions = {},
): Promise<PostgresServer> {
  const [{ initdb, pg_ctl }, as] = await Promise.all([postgresBinaries(), postgresUser()]);
  const folder = await openPostgresFolder(kept, as);
  const { path, data, log } = folder;
  const watchdog = watchOver(folder, port);
  const work = async (program: string, args: readonly string[]) => {
    await run(program, args, { as, onStart: watchdog.busy });
    await watchdog.busy(0);
  };
  const flags = `${FLAGS}${folder.isKept ? "" : ` ${FORGETFUL_FLAGS}`}`;

  // Starting detaches the server from our process group, so that Ctrl-C is ours alone.
  const start = () =>
    work(pg_ctl, [
      ...["start", "--wait", "--timeout", `${START_DEADLINE_SECONDS}`, "--pgdata", data],
      ...["--log", log, "--options", `-p ${port} ${flags}`],
    ]);
  const end = () => work(pg_ctl, ["stop", "--wait", "--mode", "fast", "--pgdata", data]);

  /** Makes the cluster aside: what was begun and not ended must not be taken for one. */
  async function makeCluster(): Promise<void> {
    const unfinished = `${path}/unfinished`;
    await removeIfThere(unfinished);
    await Deno.writeTextFile(`${path}/password`, PASSWORD);
    await Deno.chmod(`${path}/password`, 0o644);
    await work(initdb, [
      ...["--pgdata", unfinished, "--username", USER, "--pwfile", `${path}/password`],
      ...["--auth=password", "--encoding=UTF8", ...folder.isKept ? [] : ["--no-sync"]],
    ]);
    await Deno.rename(unfinished, data);
  }

  try {
    // Of an earlier start.
    await removeIfThere(log);
    if (!await isThere(data)) await makeCluster();
    await start();
  } catch (cause) {
    const said = await Deno.readTextFile(log).catch(() => "");
    await watchdog.end();
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
      } catch (error) {
        if (!(error instanceof pg.DatabaseError && error.code === IS_THERE)) throw error;
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

async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

async function removeIfThere(path: string): Promise<void> {
  if (await isThere(path)) await Deno.remove(path, { recursive: true });
}
