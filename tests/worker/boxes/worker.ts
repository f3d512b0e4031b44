import type { Services } from "../../../src/application/services.ts";
import { createIsolateCounters } from "../../../src/application/isolate_counters.ts";
import { createKeptFronts } from "../../../src/application/kept_fronts.ts";
import { assemble } from "../../../src/composition/assemble.ts";
import {
  assetsOf,
  settingsOf,
  type WorkerContext,
  type WorkerEnv,
} from "../../../src/cloudflare/bindings.ts";
import { parseConfig } from "../../../src/config.ts";
import { createRemoteStores } from "../../../src/composition/remote_stores.ts";
import { randomHex } from "../../../src/composition/random_hex.ts";
import { createTracing } from "../../../src/composition/tracing.ts";
import { createApi } from "../../../src/http/api.ts";
import type { App } from "../../../src/http/pipeline/api_env.ts";
import { lengthenDeadlines } from "../../support/deadlines.ts";
import { BOX_HEADER, type BoxState } from "../../support/worker_box.ts";

interface WorkerBox {
  readonly app: App;
  readonly services: Services;
  nowMs: number;
  /** Tasks that follow answers and have not ended. */
  unfinished: number;
}

const boxes = new Map<string, WorkerBox>();

// A busy machine must not meet the deadlines of the stores.
lengthenDeadlines();

/** The Worker's composition, but for time and chance, which are the test's. */
function openBox({ id, settings, nowMs }: BoxState, env: WorkerEnv): WorkerBox {
  const config = parseConfig({ ...settingsOf(env), ...settings }, null);
  // Services may ask for the time while they are made.
  let box: WorkerBox | null = null;
  const clock = () => box?.nowMs ?? nowMs;
  const newId = () => crypto.randomUUID();
  const report = () => {};
  const keptFronts = createKeptFronts({ clock });
  const counters = createIsolateCounters({ clock, isolate: id });
  const { trace, measure, continueTrace } = createTracing({ counters });
  const services = assemble(config, {
    trace,
    counters,
    stores: createRemoteStores(config, {
      remote: config.remote!,
      trace,
      clock,
      newId,
      random: () => 0.5,
      report,
      onFront: keptFronts.keep,
      prefix: id,
      redisTime: clock,
      actTime: () => new Date(clock()).toISOString(),
    }),
    clock,
    newId,
    random: () => 0.5,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    report,
    limitJoins: () => Promise.resolve(null),
    keptFronts,
    frontDocuments: null,
  });
  const staticFiles = () => assetsOf(env);
  const app = createApi(config, {
    services,
    clock,
    newId,
    randomHex,
    report,
    measure,
    continueTrace,
    observers: [],
    staticFiles,
  });
  return box = { app, services, nowMs, unfinished: 0 };
}

function boxOf(state: BoxState, env: WorkerEnv): WorkerBox {
  let box = boxes.get(state.id);
  if (!box) boxes.set(state.id, box = openBox(state, env));
  box.nowMs = state.nowMs;
  return box;
}

/** Counts what is handed to `waitUntil`: no request may wait for the promise of another one. */
function counting(context: WorkerContext, box: WorkerBox): WorkerContext {
  return {
    waitUntil(task) {
      box.unfinished++;
      context.waitUntil(task.finally(() => box.unfinished--));
    },
    passThroughOnException: () => context.passThroughOnException(),
    props: context.props,
  };
}

/** One Stanchion for each box, and what a test does to it from outside under `/__test/`. */
export default {
  async fetch(request: Request, env: WorkerEnv, context: WorkerContext): Promise<Response> {
    const header = request.headers.get(BOX_HEADER);
    if (!header) return Response.json("up");
    const state: BoxState = JSON.parse(decodeURIComponent(header));
    const box = boxOf(state, env);
    switch (new URL(request.url).pathname) {
      case "/__test/unfinished":
        return Response.json(box.unfinished);
      case "/__test/tick":
        return Response.json(await box.services.maintenance.run());
      case "/__test/close":
        return Response.json(boxes.delete(state.id));
      default:
        return await box.app.fetch(request, { address: "" }, counting(context, box));
    }
  },
};
