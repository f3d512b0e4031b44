import { createRequire } from "node:module";
import { unstable_readConfig as readConfig } from "wrangler";

const CONFIG = new URL("../../wrangler.toml", import.meta.url).pathname;
const START_DEADLINE_MS = 10_000;

/** A built Worker in a workerd of its own, with nothing between it and its clients. */
export interface RawWorkerd {
  /** Without a slash at its end. */
  readonly url: string;
  /** From starting the program to its first answer of /healthz. */
  readonly startedInMs: number;
  stop(): Promise<void>;
}

/**
 * Starts the Worker that was bundled into `folder`: one isolate, with the settings and the static
 * assets and no rate limit. Throws when workerd gives no answer in time.
 */
export async function startRawWorkerd(
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<RawWorkerd> {
  await Deno.writeTextFile(`${folder}/worker/workerd.capnp`, await configText(folder, settings));
  const startedAtMs = performance.now();
  const child = new Deno.Command(workerdPath(), {
    args: ["serve", "--control-fd=1", `${folder}/worker/workerd.capnp`],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let drained: Promise<void> | undefined;
  const stop = async () => {
    child.kill("SIGKILL");
    await child.status;
    await (drained ?? child.stdout.cancel()).catch(() => {});
  };
  try {
    const port = await listeningPort(child.stdout);
    // A full pipe would stop workerd.
    drained = child.stdout.pipeTo(new WritableStream());
    const url = `http://127.0.0.1:${port}`;
    const response = await fetch(`${url}/healthz`);
    await response.body?.cancel();
    if (!response.ok) throw new Error(`/healthz answers ${response.status}`);
    return { url, startedInMs: Math.round(performance.now() - startedAtMs), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The program comes with wrangler, and is found from there. */
function workerdPath(): string {
  return createRequire(import.meta.resolve("wrangler"))("workerd").default;
}

/** workerd tells on its control channel, line by line, where it listens. */
async function listeningPort(channel: ReadableStream<Uint8Array>): Promise<number> {
  const deadline = AbortSignal.timeout(START_DEADLINE_MS);
  const reader = channel.getReader();
  const aborted = new Promise<never>((_, reject) => {
    deadline.onabort = () => reject(new Error("workerd does not listen"));
  });
  aborted.catch(() => {});
  let told = "";
  try {
    for (;;) {
      const { value, done } = await Promise.race([reader.read(), aborted]);
      if (done) throw new Error("workerd has ended");
      told += new TextDecoder().decode(value);
      const port = /"event":"listen".*"port":(\d+)/.exec(told)?.[1];
      if (port) return Number(port);
    }
  } finally {
    reader.releaseLock();
  }
}

async function configText(folder: string, settings: Readonly<Record<string, string>>) {
  const { compatibility_date: date, compatibility_flags: flags } = readConfig({ config: CONFIG });
  const texts: string[] = [];
  for await (const { name } of Deno.readDir(`${folder}/worker`)) {
    if (name.endsWith(".lua")) texts.push(name);
  }
  const modules = [
    `(name = "worker.js", esModule = embed "worker.js")`,
    ...texts.map((name) => `(name = "./${name}", text = embed "${name}")`),
  ];
  const bindings = [
    `(name = "ASSETS", service = "assets")`,
    ...Object.entries(settings).map(([name, value]) =>
      `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)})`
    ),
  ];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "assets", disk = (path = ${JSON.stringify(`${folder}/assets`)})),
    (name = "outside", network = (allow = ["private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
);
const worker :Workerd.Worker = (
  compatibilityDate = ${JSON.stringify(date)},
  compatibilityFlags = ${JSON.stringify(flags)},
  globalOutbound = "outside",
  modules = [${modules.join(", ")}],
  bindings = [${bindings.join(", ")}],
);
`;
}
