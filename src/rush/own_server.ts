import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 8_000;
/** What a process needs to run at all; settings of other servers must not leak into ours. */
const PASSED_ON = ["PATH", "HOME", "TMPDIR", "DENO_DIR", "XDG_CACHE_HOME", "SystemRoot", "TEMP"];

/** A sale that plays in seconds. */
const QUICK_SALE = {
  POLL_MIN_SECONDS: "1",
  POLL_MAX_SECONDS: "3",
  SHOW_UP_SECONDS: "1",
  HOLD_TTL_SECONDS: "5",
  ADMISSION_TTL_SECONDS: "30",
};

export interface OwnServer {
  readonly base: string;
  stop(): Promise<void>;
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

export interface OwnServerParts {
  readonly capacity: number;
  readonly adminToken: string;
  readonly userJwtSecret: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts the local program on a free port, and waits until it says that it is up. */
export async function startOwnServer(
  { capacity, adminToken, userJwtSecret, environment }: OwnServerParts,
): Promise<OwnServer> {
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN],
    clearEnv: true,
    env: {
      ...Object.fromEntries(
        PASSED_ON.flatMap((name) => name in environment ? [[name, environment[name]!]] : []),
      ),
      ...QUICK_SALE,
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
