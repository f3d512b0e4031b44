import { fileURLToPath } from "node:url";
import { runArguments } from "../run_arguments.ts";

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));
const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 8_000;
/** What a process needs to run at all; settings of other servers must not leak into ours. */
const PASSED_ON = ["PATH", "HOME", "TMPDIR", "DENO_DIR", "XDG_CACHE_HOME", "SystemRoot", "TEMP"];

/** The crowd that the shortest times are made for. */
const SMALL_CROWD = 2_000;

/**
 * A sale that plays in seconds. A crowd that asks more often than the server can answer never gets
 * through: its holds lapse and its turns pass while calls wait for a socket. So the pause between
 * polls grows faster than the crowd, for a long line has to leave the machine to those inside: 2,000
 * who wait ask 670 times a second, and 20,000 some 210 times. Shopping takes longer with it.
 */
export function quickSale(fans: number): Readonly<Record<string, string>> {
  const crowds = Math.max(1, fans / SMALL_CROWD);
  const times = (seconds: number, growth: number) => String(Math.ceil(seconds * growth));
  return {
    POLL_MIN_SECONDS: "1",
    POLL_MAX_SECONDS: times(3, crowds ** 1.5),
    SHOW_UP_SECONDS: times(1, crowds ** 1.5),
    HOLD_TTL_SECONDS: times(5, crowds),
    ADMISSION_TTL_SECONDS: times(30, crowds),
  };
}

/** How long a fan has to show up, by the server's settings: a second at the least. */
export function showUpMsOf({ SHOW_UP_SECONDS: showUp }: Readonly<Record<string, string>>): number {
  return 1000 * Math.max(1, Number(showUp) || 1);
}

export interface OwnServer {
  readonly base: string;
  readonly showUpMs: number;
  stop(): Promise<void>;
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

export interface OwnServerParts {
  /** How many will come. */
  readonly fans: number;
  readonly capacity: number;
  readonly adminToken: string;
  readonly userJwtSecret: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts the local program on a free port, and waits until it says that it is up. */
export async function startOwnServer(
  { fans, capacity, adminToken, userJwtSecret, environment }: OwnServerParts,
): Promise<OwnServer> {
  const port = freePort();
  const sale = quickSale(fans);
  const child = new Deno.Command(Deno.execPath(), {
    args: runArguments(MAIN),
    clearEnv: true,
    env: {
      ...Object.fromEntries(
        PASSED_ON.flatMap((name) => name in environment ? [[name, environment[name]!]] : []),
      ),
      ...sale,
      PORT: String(port),
      QUEUE_CAPACITY: String(capacity),
      ADMIN_TOKEN: adminToken,
      USER_JWT_SECRET: userJwtSecret,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const deadline = setTimeout(() => child.kill("SIGKILL"), START_DEADLINE_MS);
  let said = "";
  while (!said.includes("is up at")) {
    const { value, done } = await output.read();
    if (done) throw new Error("the rush's own server did not start");
    said += value;
  }
  clearTimeout(deadline);
  const drained = (async () => {
    while (!(await output.read()).done);
  })();
  let stopping: Promise<void> | undefined;
  return {
    base: `http://127.0.0.1:${port}`,
    showUpMs: showUpMsOf(sale),
    stop: () =>
      stopping ??= (async () => {
        child.kill("SIGTERM");
        const kill = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
        await child.status;
        clearTimeout(kill);
        await drained;
      })(),
  };
}
