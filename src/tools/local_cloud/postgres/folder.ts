import { type RunAs, runProgram } from "./binaries.ts";

/** PostgreSQL cannot write to the folder that its data is to be kept in. */
export class FolderNotWritableError extends Error {
  override readonly name = "FolderNotWritableError";
}

/** Where a server keeps its cluster and its log. */
export interface PostgresFolder {
  readonly path: string;
  readonly data: string;
  readonly log: string;
  /** False for a temporary folder, which ends with the server. */
  readonly isKept: boolean;
}

const SHUTDOWN_DEADLINE_MS = 10_000;
const ASK_EVERY_MS = 50;

/**
 * Opens `kept`, or makes a temporary folder. Throws `FolderNotWritableError` when the user that
 * PostgreSQL runs as cannot get into `kept`.
 */
export async function openPostgresFolder(
  kept: string | undefined,
  as: RunAs | undefined,
): Promise<PostgresFolder> {
  if (kept !== undefined) await Deno.mkdir(kept, { recursive: true });
  // PostgreSQL has another current folder, so the path must be absolute.
  const path = kept === undefined
    ? await Deno.makeTempDir({ prefix: "stanchion-postgres-" })
    : await Deno.realPath(kept);
  // The user that the server runs as needs write access.
  if (as) await Deno.chown(path, as.uid, as.gid);
  const folder = { path, data: `${path}/data`, log: `${path}/log`, isKept: kept !== undefined };
  if (kept !== undefined) {
    await assertWritable(path, as);
    await waitForEarlierServer(folder);
  }
  return folder;
}

async function assertWritable(path: string, as: RunAs | undefined): Promise<void> {
  try {
    await runProgram("sh", ["-c", 'cd "$0" && test -w .', path], { as });
  } catch (cause) {
    const who = as ? "the user postgres, whom PostgreSQL runs as under root," : "PostgreSQL";
    throw new FolderNotWritableError(`${who} cannot write to ${path}`, { cause });
  }
}

/**
 * After a run is killed, its server ends a moment later. A server that stays longer makes the
 * start fail, with PostgreSQL's own message.
 */
async function waitForEarlierServer({ data }: PostgresFolder): Promise<void> {
  const deadline = performance.now() + SHUTDOWN_DEADLINE_MS;
  while (performance.now() < deadline && await isServed(data)) {
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

async function isServed(data: string): Promise<boolean> {
  const text = await Deno.readTextFile(`${data}/postmaster.pid`).catch(() => "");
  const pid = text.split("\n", 1)[0] ?? "";
  if (!/^\d+$/.test(pid)) return false;
  const alive = new Deno.Command("sh", { args: ["-c", 'kill -0 "$0"', pid], stderr: "null" });
  return (await alive.output()).success;
}

/**
 * Runs when stdin ends. Waits for the last announced program, which may be starting the server;
 * ends the server in folder `$0`, if it listens on port `$1`; removes the folder, if `$2` is not
 * empty. A process in state Z has ended, and a server that has ended has removed its pid file.
 */
const WATCHDOG = `while read -r line; do busy=$line; done
while [ -n "$busy" ] && state=$(ps -o stat= -p "$busy") && [ "\${state#Z}" = "$state" ]; do
  sleep 0.1
done
file="$0/data/postmaster.pid"; pid=$(head -n 1 "$file") &&
  [ "$(sed -n 4p "$file")" = "$1" ] && kill -INT "$pid" &&
  while [ -e "$file" ] && kill -0 "$pid"; do sleep 0.1; done
[ -z "$2" ] || rm -rf "$0"`;

export interface PostgresWatchdog {
  /** Ends a server that still runs, and removes a temporary folder. */
  end(): Promise<void>;
  /** Replaces the announced program, which works in the folder. 0 stands for none. */
  announce(pid: number): Promise<void>;
}

/** Ends the server, and removes a temporary folder, when this process ends in any way. */
export function startPostgresWatchdog(
  { path, isKept }: PostgresFolder,
  port: number,
): PostgresWatchdog {
  const watchdog = new Deno.Command("sh", {
    args: ["-c", WATCHDOG, path, `${port}`, isKept ? "" : "remove"],
    // A process group of its own, which Ctrl-C in the terminal does not reach.
    detached: true,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const input = watchdog.stdin.getWriter();
  const encoder = new TextEncoder();
  return {
    async end() {
      await input.close();
      await watchdog.status;
    },
    announce: (pid) => input.write(encoder.encode(`${pid || ""}\n`)),
  };
}
