import type { Sql } from "../../src/adapters/postgres/sql.ts";
import { createIsolateCounters } from "../../src/application/isolate_counters.ts";
import { createKeptFronts } from "../../src/application/kept_fronts.ts";
import { assemble } from "../../src/composition/assemble.ts";
import { countReport } from "../../src/composition/counting.ts";
import { requestLogOf } from "../../src/composition/request_log.ts";
import type { QueueStores, Stores } from "../../src/composition/stores.ts";
import { randomHex } from "../../src/composition/random_hex.ts";
import { createTracing } from "../../src/composition/tracing.ts";
import { createApi } from "../../src/http/api.ts";
import { createEmbeddedStores } from "../../src/composition/embedded_stores.ts";
import { localRunEndpoints } from "../../src/local/local_run.ts";
import { siteFiles } from "../../src/site/site.ts";
import type { Challenge } from "../../src/ports/challenge.ts";
import type { RateLimiter } from "../../src/ports/rate_limiter.ts";
import type { WebhookSender } from "../../src/ports/webhook_sender.ts";
import type { ReportedEvent } from "../../src/ports/report.ts";
import {
  type ApiBox,
  apiBoxOver,
  BOX_ADDRESS,
  BOX_STARTS_MS,
  boxConfig,
  type BoxSettings,
} from "./api_box.ts";
import { deleteMainRoom } from "./room.ts";
import { type TestClock, testClock } from "./test_clock.ts";
import { createUnfinishedTasks } from "./unfinished_tasks.ts";

/** A box in this process: the real composition, with injected time, ids and random numbers. */
export interface Box extends ApiBox {
  readonly reports: ReportedEvent[];
  /** Every route of the application, those outside of the document too. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /** What the log of requests has. */
  readonly lines: string[];
}

export interface BoxOptions {
  readonly settings?: BoxSettings;
  readonly limitJoins?: RateLimiter;
  readonly clock?: TestClock;
  /** By default none is set up. */
  readonly challenge?: Challenge;
  /** The scheme and the host that callers use. */
  readonly origin?: string;
  /** The address from which the next request comes. */
  readonly address?: () => string;
  /** Puts something between the core and its stores. */
  readonly wrap?: (stores: Stores) => Stores;
  /** With what round trips are timed; by default the real time. */
  readonly stopwatch?: () => number;
  readonly sendWebhook?: WebhookSender;
}

let boxes = 0;

export function openBox(sql: Sql, options: BoxOptions = {}): Box {
  const { limitJoins = () => Promise.resolve(null), clock = testClock(BOX_STARTS_MS) } = options;
  const { wrap = (stores: Stores) => stores, address = () => BOX_ADDRESS } = options;
  const { stopwatch, sendWebhook } = options;
  const config = boxConfig(options.settings);
  const prefix = ++boxes;
  const newId = () => crypto.randomUUID();
  const reports: ReportedEvent[] = [];
  const lines: string[] = [];
  // All boxes share one database, and each has a room main with its own settings.
  let ready: Promise<void> | undefined;
  const isolatedSql: Sql = async (text, params, options) => {
    await (ready ??= deleteMainRoom(sql));
    return await sql(text, params, options);
  };
  // The isolate keeps its documents when the queue is wiped.
  const keptFronts = createKeptFronts({ clock });
  const counters = createIsolateCounters({ clock, isolate: `box${prefix}` });
  const { trace, measure, continueTrace } = createTracing({
    counters,
    ...(stopwatch ? { stopwatch } : {}),
  });
  const { stores, wipe } = wipeableStores(() =>
    createEmbeddedStores(config, {
      sql: isolatedSql,
      trace,
      clock,
      newId,
      random: () => 0.5,
      onFront: keptFronts.keep,
      actTime: () => new Date(clock()).toISOString(),
    })
  );
  const report = countReport((event) => void reports.push(event), counters);
  const services = assemble(config, {
    trace,
    counters,
    stores: wrap(stores),
    clock,
    newId,
    random: () => 0.5,
    sleep: () => Promise.resolve(),
    report,
    limitJoins,
    keptFronts,
    frontDocuments: null,
    ...(sendWebhook ? { sendWebhook } : {}),
    challenge: options.challenge ?? null,
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
      requestLogOf(config, { clock, random: () => 0.5, write: (line) => lines.push(line) }),
    ],
    staticFiles: siteFiles,
    addition: localRunEndpoints(config, clock),
  });
  const { context, settle } = createUnfinishedTasks();
  const box = apiBoxOver({
    config,
    clock,
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    fetch: async (request) => await app.fetch(request, { address: address() }, context),
    settle,
    tick: services.maintenance.run,
    wipeLine: async () => wipe(),
    close: async () => {},
  });
  const routes = app.routes.map(({ method, path }) => ({ method, path }));
  return { ...box, reports, routes, lines };
}

/** Stores whose line and cache can be exchanged for new ones, in one act. */
function wipeableStores(make: () => Stores): { stores: Stores; wipe: () => void } {
  let present = make();
  function latest<Name extends keyof QueueStores>(name: Name): Stores[Name] {
    type Methods = Record<string, (...args: never[]) => unknown>;
    const methods = Object.keys(present[name]).map((method) => [
      method,
      (...args: never[]) => (present[name] as unknown as Methods)[method]!(...args),
    ]);
    return Object.fromEntries(methods);
  }
  return {
    stores: {
      ...present,
      queue: latest("queue"),
      cache: latest("cache"),
      admissionCheck: latest("admissionCheck"),
    },
    wipe: () => void (present = make()),
  };
}
