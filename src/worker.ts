import { createIsolateCounters } from "./application/isolate_counters.ts";
import { createKeptFronts } from "./application/kept_fronts.ts";
import type { Services } from "./application/services.ts";
import { assemble } from "./composition/assemble.ts";
import { countReport } from "./composition/counting.ts";
import { requestLogOf } from "./composition/request_log.ts";
import {
  addressOf,
  analyticsOf,
  assetsOf,
  joinLimitOf,
  locationCache,
  settingsOf,
  type WorkerContext,
  type WorkerEnv,
} from "./cloudflare/bindings.ts";
import {
  type LocationFrontDocuments,
  locationFrontDocuments,
} from "./cloudflare/front_documents.ts";
import { ConfigError, currencyFault, parseConfig } from "./config.ts";
import { PROBLEM_MEDIA_TYPE, problemDocument, PROBLEMS } from "./http/problems/problems.ts";
import type { Report } from "./ports/report.ts";
import { randomHex } from "./composition/random_hex.ts";
import { createJoinLimit } from "./composition/join_limit.ts";
import { createRemoteStores } from "./composition/remote_stores.ts";
import { createTracing } from "./composition/tracing.ts";
import { createApi } from "./http/api.ts";
import { asLine } from "./http/pipeline/json_body.ts";
import type { App } from "./http/pipeline/api_env.ts";

/** One line of JSON. The stack alone: an error of the database contains names of fans. */
const logFault: Report = ({ what, error, requestId, traceparent }) => {
  const stack = error instanceof Error ? error.stack : String(error);
  const cause = error instanceof Error && error.cause instanceof Error
    ? error.cause.message
    : undefined;
  console.error(JSON.stringify({ what, requestId, traceparent, error: stack, cause }));
};

interface Running {
  readonly app: App;
  readonly services: Services;
  readonly frontDocuments: LocationFrontDocuments;
}

function compose(env: WorkerEnv): Running {
  const config = parseConfig(settingsOf(env), null);
  const clock = Date.now;
  const newId = () => crypto.randomUUID();
  const counters = createIsolateCounters({ clock, isolate: randomHex(3) });
  const report = countReport(logFault, counters);
  const keptFronts = createKeptFronts({ clock });
  const frontDocuments = locationFrontDocuments({
    cache: locationCache(),
    secret: config.queueTokenSecrets[0]!,
    report,
  });
  const { trace, measure, continueTrace } = createTracing({ counters });
  const services = assemble(config, {
    trace,
    counters,
    stores: createRemoteStores(config, {
      remote: config.remote!,
      trace,
      clock,
      newId,
      random: Math.random,
      report,
      onFront: keptFronts.keep,
      onOtherCurrency: (error) => logFaults(composed = currencyFault(error)),
    }),
    clock,
    newId,
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    report,
    limitJoins: joinLimitOf(env, { ofIsolate: createJoinLimit(clock), report }),
    keptFronts,
    frontDocuments,
  });
  const app = createApi(config, {
    services,
    clock,
    newId,
    randomHex,
    report,
    measure,
    continueTrace,
    observers: [
      requestLogOf(config, { clock, random: Math.random, write: console.log }),
      ...analyticsOf(env, report),
    ],
    staticFiles: () => assetsOf(env),
  });
  return { app, services, frontDocuments };
}

/**
 * Built by the first event of the isolate, for all its events; or the faults of the settings. Whether
 * CURRENCY is that of the database is known with the first statement.
 */
let composed: Running | ConfigError | undefined;

function composedOnce(env: WorkerEnv): Running | ConfigError {
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

/** With faulty settings every request is refused, and the log lists every fault. */
function refuse(error: ConfigError): Response {
  logFaults(error);
  const document = problemDocument({ kind: "INTERNAL" }, crypto.randomUUID());
  return new Response(asLine(JSON.stringify(document)), {
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
    stanchion.frontDocuments.servedAt(request.url);
    return await stanchion.app.fetch(request, { address: addressOf(request) }, context);
  },

  /** The minute cron. A failure fails the event, and the next minute tries again. */
  async scheduled(_event: unknown, env: WorkerEnv): Promise<void> {
    const stanchion = composedOnce(env);
    if (stanchion instanceof ConfigError) {
      logFaults(stanchion);
      throw stanchion;
    }
    await stanchion.services.maintenance.run();
  },
};
