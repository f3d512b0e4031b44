import { freePort } from "../../src/tools/local_cloud/free_port.ts";
import { startWorkerd } from "../../src/tools/local_cloud/workerd/workerd.ts";
import { readWorkerdSettings } from "../../src/tools/local_cloud/workerd/wrangler_settings.ts";

/** A built Worker in a workerd of its own, with nothing between it and its clients. */
export interface RawWorkerd {
  /** Without a slash at its end. */
  readonly url: string;
  /** From starting the program to its first answer of /healthz. */
  readonly startedInMs: number;
  stop(): Promise<void>;
}

/** Starts the Worker that was bundled into `folder`, without a rate limit. */
export async function startRawWorkerd(
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<RawWorkerd> {
  const port = freePort();
  const startedAtMs = performance.now();
  const { stop } = await startWorkerd({
    folder,
    port,
    ...readWorkerdSettings(),
    settings,
    // What it logs is expected of the faults that are played.
    onOutput: () => {},
  });
  const startedInMs = Math.round(performance.now() - startedAtMs);
  return { url: `http://127.0.0.1:${port}`, startedInMs, stop };
}
