import { fileURLToPath } from "node:url";
import { runArguments } from "../run_arguments.ts";
import { quickSettings } from "./quick_settings.ts";

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));
/** Only a server that hangs takes longer. */
const START_DEADLINE_MS = 300_000;
const STOP_DEADLINE_MS = 30_000;
const READY_TEXT = "is up at";
/** What any process needs. Other variables may be settings of another server. */
const PASSED_VARIABLES = [
  "PATH",
  "HOME",
  "TMPDIR",
  "DENO_DIR",
  "XDG_CACHE_HOME",
  "SystemRoot",
  "TEMP",
];

export interface OwnServer {
  readonly base: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Sends SIGTERM or the given signal, and waits for the end of the process. */
  stop(signal?: Deno.Signal): Promise<void>;
}

export interface OwnServerParts {
  /** The size of the crowd. It decides the settings. */
  readonly fans: number;
  readonly capacity: number;
  readonly adminToken: string;
  readonly userJwtSecret: string;
  readonly environment: Readonly<Record<string, string>>;
  /** More settings, in place of the quick ones. */
  readonly settings?: Readonly<Record<string, string>>;
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** Throws when the output ends, or the deadline passes, before the server is ready. */
async function awaitReady(
  output: ReadableStreamDefaultReader<string>,
  kill: () => void,
): Promise<void> {
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    kill();
  }, START_DEADLINE_MS);
  try {
    let text = "";
    while (!text.includes(READY_TEXT)) {
      const { value, done } = await output.read();
      if (done) {
        const reason = late ? `within ${START_DEADLINE_MS / 1000} s` : "before it ended";
        throw new Error(`the rush's own server did not print "${READY_TEXT}" ${reason}`);
      }
      text += value;
    }
  } finally {
    clearTimeout(deadline);
  }
}

/** Starts the local program with quick settings, on a free port. Waits until it is ready. */
export async function startOwnServer(parts: OwnServerParts): Promise<OwnServer> {
  const { fans, capacity, adminToken, userJwtSecret, environment } = parts;
  const settings = {
    ...quickSettings(fans),
    QUEUE_CAPACITY: String(capacity),
    PORT: String(freePort()),
    ...parts.settings,
  };
  const passed = PASSED_VARIABLES.flatMap((name) =>
    name in environment ? [[name, environment[name]!]] : []
  );
  const child = new Deno.Command(Deno.execPath(), {
    args: runArguments(MAIN),
    clearEnv: true,
    env: {
      ...Object.fromEntries(passed),
      ...settings,
      ADMIN_TOKEN: adminToken,
      USER_JWT_SECRET: userJwtSecret,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await awaitReady(output, () => child.kill("SIGKILL"));
  const drained = (async () => {
    while (!(await output.read()).done);
  })();
  let stopping: Promise<void> | undefined;
  async function stop(signal: Deno.Signal): Promise<void> {
    child.kill(signal);
    const kill = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
    await child.status;
    clearTimeout(kill);
    await drained;
  }
  return {
    base: `http://127.0.0.1:${settings.PORT}`,
    settings,
    stop: (signal = "SIGTERM") => stopping ??= stop(signal),
  };
}
