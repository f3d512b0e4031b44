import { type ApiBox, apiBoxOver, boxConfig, type BoxSettings } from "./api_box.ts";
import { redisKeys } from "./redis_keys.ts";
import type { RemoteBackend } from "./remote_backend.ts";
import { type RunningWorker, startWorker } from "./worker_harness.ts";

/** What the deployed Worker's keys in Redis begin with. */
const PREFIX = "stanchion";

/** The settings of a deployment: nothing but what has no default. */
export function deploymentSettings({ settings: stores }: RemoteBackend): BoxSettings {
  return {
    ADMIN_TOKEN: "a".repeat(32),
    QUEUE_TOKEN_SECRET: "q".repeat(32),
    SIGNING_KEY: "5".repeat(64),
    USER_JWT_SECRET: "u".repeat(32),
    ...stores,
  };
}

/** A Worker that runs in real time at `origin`, as a box. All such Workers share one line. */
export function deployedBox(
  { upstash }: RemoteBackend,
  { origin, settings }: { origin: string; settings: BoxSettings },
): ApiBox {
  // The Worker's clock is the machine's: nothing can move it.
  const clock = Object.assign(() => Date.now(), {
    advance() {
      throw new Error("real time cannot be moved");
    },
  });
  return apiBoxOver({
    config: boxConfig(settings),
    clock,
    origin,
    fetch: (request) => fetch(request),
    settle: () => Promise.resolve(),
    tick: () => Promise.reject(new Error("the cron is fired at the Worker")),
    wipeLine: redisKeys(upstash, PREFIX, clock).wipe,
    close: () => Promise.resolve(),
  });
}

export interface DeployedWorker extends RunningWorker {
  readonly box: ApiBox;
}

/** The Worker of src/worker.ts in workerd, with an empty line. */
export async function deployWorker(
  backend: RemoteBackend,
  changes: BoxSettings = {},
): Promise<DeployedWorker> {
  const settings = { ...deploymentSettings(backend), ...changes };
  const worker = await startWorker({ settings });
  const box = deployedBox(backend, { origin: worker.url.replace(/\/$/, ""), settings });
  await box.wipeLine();
  return { ...worker, box };
}
