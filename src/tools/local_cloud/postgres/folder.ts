import { run, type RunAs } from "./binaries.ts";

/** PostgreSQL cannot get into the folder that its data is to be kept in. */
export class FolderNotWritableError extends Error {
  override readonly name = "FolderClosedError";
}

/** Where a server keeps its cluster and its log. */
export interface PostgresFolder {
  readonly path: string;
  readonly data: string;
  readonly log: string;
  /** Whether it stays when the server goes. */
  readonly isKept: boolean;
}

const ENDING_TAKES_MS = 10_000;
const ASK_EVERY_MS = 50;

/**
 * Opens `kept`, or makes a temporary folder. Throws `FolderClosedError` when the user that
 * PostgreSQL runs as cannot get into `kept`.
 */
export async function openPostgresFolder(
  kept: string | undefined,
  as: RunAs | undefined,
): Promise<PostgresFolder> {
  if (kept !== undefined) await Deno.mkdir(kept, { recursive: true });
  // PostgreSQL runs elsewhere, so the path has to be a full one.
  const path = kept === undefined
    ? await Deno.makeTempDir({ prefix: "stanchion-postgres-" })
    : await Deno.realPath(kept);
  // The server runs as another user when root starts it, and has to get into the folder.
  if (as) await Deno.chown(path, as.uid, as.gid);
  const folder = { path, data: `${path}/data`, log: `${path}/log`, isKept: kept !== undefined };
  if (kept !== undefined) {
    await assertOpen(path, as);
    await untilLeft(folder);
  }
  return folder;
}

async function assertOpen(path: string, as: RunAs | undefined): Promise<void> {
  try {
    await run("sh", ["-c", 'cd "$0" && test -w .', path], { as });
  } catch (cause) {
    const who = as ? "the user postgres, whom PostgreSQL runs as under root," : "PostgreSQL";
    throw new FolderNotWritableError(`${who} cannot write to ${path}`, { cause });
  }
}

/**
 * The server of a run that was killed ends a moment after it. What stands in the way longer than
 * that is told by PostgreSQL itself.
 */
async function untilLeft({ data }: PostgresFolder): Promise<void> {
  const deadline = performance.now() + ENDING_TAKES_MS;
  while (performance.now() < deadline && await isServed(data)) {
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

async function isServed(data: string): Promise<boolean> {
  const text = await Deno.readTextFile(`${data}/postmaster.pid`).catch(() => "");
  const pid = text.split("\n", 1)[0] ?? "";
  if (!/^\d+$/.test(pid)) return false;
  const asked = new Deno.Command("sh", { args: ["-c", 'kill -0 "$0"', pid], stderr: "null" });
  return (await asked.output()).success;
}

/**
 * Waits for a program of ours that is still at work, for it may be starting the server; ends the
 * server, if it is the one on our port `$1`; and removes the folder, if `$2` says so. An ended
 * process may stay in the table: a zombie is none, and the server's own file goes with it.
 */
const AFTER_US = `while read -r line; do busy=$line; done
while [ -n "$busy" ] && state=$(ps -o stat= -p "$busy") && [ "\${state#Z}" = "$state" ]; do
  sleep 0.1
done
file="$0/data/postmaster.pid"; pid=$(head -n 1 "$file") &&
  [ "$(sed -n 4p "$file")" = "$1" ] && kill -INT "$pid" &&
  while [ -e "$file" ] && kill -0 "$pid"; do sleep 0.1; done
[ -z "$2" ] || rm -rf "$0"`;

export interface Watchdog {
  /** Called before the server ends for good: it ends by itself then, and its folder may go. */
  end(): Promise<void>;
  /** Tells of a program that works in the folder, until the next is told of; 0 of none. */
  busy(pid: number): Promise<void>;
}

/** Ends the server, and removes a temporary folder, when this process ends, however it is ended. */
export function watchOver({ path, isKept }: PostgresFolder, port: number): Watchdog {
  const watchdog = new Deno.Command("sh", {
    args: ["-c", AFTER_US, path, `${port}`, isKept ? "" : "remove"],
    // Ctrl-C would take it before we are gone.
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
    busy: (pid) => input.write(encoder.encode(`${pid || ""}\n`)),
  };
}
