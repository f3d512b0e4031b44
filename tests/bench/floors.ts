/**
 * A poll over HTTP against its floor: a bare Hono route with one Upstash call. On Deno, and on
 * workerd without a proxy before it; servers and load share the machine.
 */
import { fileURLToPath } from "node:url";
import { bundle } from "../../src/tools/bundle/bundle.ts";
import type { FanId } from "../../src/domain/ids.ts";
import { freePort } from "../../src/tools/local_cloud/free_port.ts";
import { startRedisServer } from "../../src/tools/local_cloud/redis/server.ts";
import {
  startUpstashEndpoint,
  type UpstashEndpoint,
} from "../../src/tools/local_cloud/upstash/endpoint.ts";
import { startWorkerd } from "../../src/tools/local_cloud/workerd/workerd.ts";
import { readWorkerdSettings } from "../../src/tools/local_cloud/workerd/wrangler_settings.ts";
import { createSignIn } from "../../src/local/sign_in.ts";
import { requestsPerSecond } from "./load.ts";
import { type Spread, spread } from "./measure.ts";
import { runArguments } from "../../src/tools/run_arguments.ts";

const ROUNDS = 5;
const ROUND_MS = 1_500;
const CONNECTIONS = 32;
/** Of these all but the first wait. */
const FANS = 64;
const SECRET = "b".repeat(32);
const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const BARE = fileURLToPath(new URL("./bare/worker.ts", import.meta.url));

export type Floors = Readonly<Record<"Deno" | "workerd", { poll: number[]; floor: number[] }>>;

/** Requests a second, a figure for each round; the rounds alternate. */
export async function measureFloors(): Promise<Floors> {
  const redis = await startRedisServer();
  const address = { hostname: "127.0.0.1", port: redis.port };
  const upstash = await startUpstashEndpoint({ redis: address, token: SECRET });
  const stop: (() => Promise<unknown>)[] = [upstash.close, redis.stop];
  try {
    const settings = settingsFor(upstash);
    const onDeno = [
      await startDeno(MAIN, [], settings, stop),
      await startDeno(BARE, [upstash.url, upstash.token], {}, stop),
    ] as const;
    const onWorkerd = [
      await startWorker(await bundled(), settings, stop),
      await startWorker(await bundled(BARE), settings, stop),
    ] as const;
    return {
      Deno: await alternate(...onDeno),
      workerd: await alternate(...onWorkerd),
    };
  } finally {
    for (const end of stop.reverse()) await end();
  }
}

/** Round by round, for both of a round have the machine as it is then. */
export function ratioOf({ poll, floor }: Floors["Deno"]): Spread {
  return spread(poll.map((perSecond, round) => perSecond / floor[round]!));
}

function settingsFor({ url, token }: UpstashEndpoint): Record<string, string> {
  return {
    UPSTASH_REDIS_REST_URL: url,
    UPSTASH_REDIS_REST_TOKEN: token,
    // No poll asks for it.
    DATABASE_URL: "postgres://user:password@127.0.0.1:1/none",
    QUEUE_CAPACITY: "1",
    ADMIN_TOKEN: SECRET,
    QUEUE_TOKEN_SECRET: SECRET,
    USER_JWT_SECRET: SECRET,
  };
}

async function startDeno(
  program: string,
  args: readonly string[],
  settings: Record<string, string>,
  stop: (() => Promise<unknown>)[],
): Promise<number> {
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: runArguments(program, ...(args.length > 0 ? [String(port), ...args] : [])),
    env: { ...settings, PORT: String(port) },
    stdout: "null",
  }).spawn();
  stop.push(() => {
    child.kill("SIGTERM");
    return child.status;
  });
  while (
    !await fetch(`http://127.0.0.1:${port}/healthz`).then((r) => r.body?.cancel(), () => "no")
      .then((no) => no === undefined)
  ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return port;
}

async function bundled(entry?: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "stanchion-bench-" });
  await bundle(folder, entry);
  return folder;
}

async function startWorker(
  folder: string,
  settings: Record<string, string>,
  stop: (() => Promise<unknown>)[],
): Promise<number> {
  const port = freePort();
  const onOutput = (text: string) => console.error(text);
  const workerd = await startWorkerd({
    folder,
    port,
    settings,
    onOutput,
    ...readWorkerdSettings(),
  });
  stop.push(workerd.stop);
  return port;
}

async function alternate(stanchion: number, bare: number) {
  const requests = await pollsOfWaitingFans(stanchion);
  const poll: number[] = [];
  const floor: number[] = [];
  const common = { connections: CONNECTIONS, ms: ROUND_MS };
  for (let round = 0; round <= ROUNDS; round++) {
    const ours = await requestsPerSecond({ port: stanchion, requests, ...common });
    const least = [{ path: "/poll", headers: {} }];
    const theirs = await requestsPerSecond({ port: bare, requests: least, ...common });
    // The first round warms up.
    if (round > 0) {
      poll.push(ours);
      floor.push(theirs);
    }
  }
  return { poll, floor };
}

async function pollsOfWaitingFans(port: number) {
  const sign = createSignIn({ kind: "SECRET", secret: SECRET }, Date.now);
  const requests = [];
  for (let fan = 0; fan < FANS; fan++) {
    const token = await sign(`fan-${fan}` as FanId);
    const response = await fetch(`http://127.0.0.1:${port}/v1/queue/tokens`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
    });
    const joined = await response.json();
    if (joined.state !== "WAITING") continue;
    requests.push({ path: "/v1/queue/tokens/me", headers: { "Queue-Token": joined.token } });
  }
  return requests;
}
