import { fileURLToPath } from "node:url";
import { bundle } from "../../src/tools/bundle/bundle.ts";
import { freePort } from "../../src/tools/local_cloud/free_port.ts";
import { startWorkerd } from "../../src/tools/local_cloud/workerd/workerd.ts";
import { readWorkerdSettings } from "../../src/tools/local_cloud/workerd/wrangler_settings.ts";
import { runArguments } from "../../src/tools/run_arguments.ts";
import type { BenchCloud } from "./bench_cloud.ts";

export type Runtime = "Deno" | "workerd";

/** Stanchion and the bare route, each in a process of its own on loopback. */
export interface PollServers {
  readonly stanchionPort: number;
  readonly barePort: number;
  close(): Promise<void>;
}

interface PollServer {
  readonly port: number;
  stop(): Promise<unknown>;
}

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const BARE_SERVER = fileURLToPath(new URL("./bare/server.ts", import.meta.url));
const BARE_WORKER = fileURLToPath(new URL("./bare/worker.ts", import.meta.url));
const ASK_EVERY_MS = 20;

/** Throws when a server does not start. */
export async function startPollServers(
  runtime: Runtime,
  { upstashUrl, upstashToken }: BenchCloud,
  settings: Readonly<Record<string, string>>,
): Promise<PollServers> {
  const servers: PollServer[] = [];
  const close = async () => void await Promise.all(servers.map(({ stop }) => stop()));
  try {
    if (runtime === "Deno") {
      servers.push(await startDeno(MAIN, [], settings));
      servers.push(await startDeno(BARE_SERVER, [upstashUrl, upstashToken], {}));
    } else {
      servers.push(await startWorker(undefined, settings));
      servers.push(await startWorker(BARE_WORKER, settings));
    }
    const [stanchion, bare] = servers;
    return { stanchionPort: stanchion!.port, barePort: bare!.port, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The port is PORT for the program, and its first argument where it takes arguments. */
async function startDeno(
  program: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<PollServer> {
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: runArguments(program, ...(args.length > 0 ? [String(port), ...args] : [])),
    env: { ...settings, PORT: String(port) },
    stdout: "null",
  }).spawn();
  let ended = false;
  const status = child.status.finally(() => ended = true);
  while (!await answers(port)) {
    if (ended) throw new Error(`${program} ended with ${(await status).code}`);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  return {
    port,
    async stop() {
      if (!ended) child.kill("SIGTERM");
      await status;
    },
  };
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`);
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

async function startWorker(
  main: string | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<PollServer> {
  const folder = await Deno.makeTempDir({ prefix: "stanchion-bench-" });
  const remove = () => Deno.remove(folder, { recursive: true });
  try {
    await bundle(folder, main);
    const port = freePort();
    const onOutput = (text: string) => console.error(text);
    const workerd = await startWorkerd({
      folder,
      port,
      settings,
      onOutput,
      ...readWorkerdSettings(),
    });
    return { port, stop: () => workerd.stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
