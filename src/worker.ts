import { assemble, type Assembled } from "./composition/assemble.ts";
import {
  assetsOf,
  joinLimitOf,
  settingsOf,
  type WorkerContext,
  type WorkerEnv,
} from "./cloudflare/bindings.ts";
import { ConfigError, parseConfig } from "./config.ts";
import { PROBLEM_MEDIA_TYPE, problemDocument, PROBLEMS } from "./http/problems/problems.ts";
import type { Report } from "./ports/report.ts";
import { remoteStores } from "./composition/remote_stores.ts";

/** One line of JSON each: a stack at the most, for a database's error would name fans. */
const report: Report = ({ what, error, requestId }) => {
  const told = error instanceof Error ? error.stack : String(error);
  const cause = error instanceof Error && error.cause instanceof Error
    ? error.cause.message
    : undefined;
  console.error(JSON.stringify({ what, requestId, error: told, cause }));
};

function compose(env: WorkerEnv): Assembled {
  const config = parseConfig(settingsOf(env), null);
  const clock = Date.now;
  const newId = () => crypto.randomUUID();
  return assemble(config, {
    stores: remoteStores(config, { remote: config.remote!, clock, newId, report }),
    clock,
    newId,
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    report,
    docsAsset: assetsOf(env),
    allowJoin: joinLimitOf(env, report),
  });
}

/** Made by the isolate's first event, for all its events; or why it cannot be made. */
let composed: Assembled | ConfigError | undefined;

function composedOnce(env: WorkerEnv): Assembled | ConfigError {
  if (composed) return composed;
  try {
    return composed = compose(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return composed = error;
  }
}

function logFaults({ faults }: ConfigError): void {
  console.error(JSON.stringify({ what: "faulty_settings", faults }));
}

/** With faulty settings every call is refused, and the log lists every fault. */
function refuse(error: ConfigError): Response {
  logFaults(error);
  const document = problemDocument({ kind: "INTERNAL" }, crypto.randomUUID());
  return new Response(JSON.stringify(document), {
    status: PROBLEMS.INTERNAL.status,
    headers: {
      "Content-Type": PROBLEM_MEDIA_TYPE,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

export default {
  async fetch(request: Request, env: WorkerEnv, context: WorkerContext): Promise<Response> {
    const stanchion = composedOnce(env);
    if (stanchion instanceof ConfigError) return refuse(stanchion);
    return await stanchion.app.fetch(request, env, context);
  },

  /** The minute cron. A failure is the event's failure, and the next minute tries again. */
  async scheduled(_event: unknown, env: WorkerEnv): Promise<void> {
    const stanchion = composedOnce(env);
    if (stanchion instanceof ConfigError) {
      logFaults(stanchion);
      throw stanchion;
    }
    await stanchion.tick();
  },
};
