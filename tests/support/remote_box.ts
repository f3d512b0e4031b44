import { type RedisTime, redisTime } from "../../src/adapters/upstash/redis_time.ts";
import { createIsolateCounters } from "../../src/application/isolate_counters.ts";
import { createKeptFronts } from "../../src/application/kept_fronts.ts";
import { assemble } from "../../src/composition/assemble.ts";
import { countReport } from "../../src/composition/counting.ts";
import type { Endpoint } from "../../src/tools/local_cloud/http/endpoint.ts";
import type { UpstashEndpoint } from "../../src/tools/local_cloud/upstash/endpoint.ts";
import type { ReportedEvent } from "../../src/ports/report.ts";
import { createRemoteStores } from "../../src/composition/remote_stores.ts";
import { randomHex } from "../../src/composition/random_hex.ts";
import { createTracing } from "../../src/composition/tracing.ts";
import { createApi } from "../../src/http/api.ts";
import { siteFiles } from "../../src/site/site.ts";
import {
  type ApiBox,
  apiBoxOver,
  BOX_ADDRESS,
  BOX_STARTS_MS,
  boxConfig,
  type BoxSettings,
} from "./api_box.ts";
import { lengthenDeadlines } from "./deadlines.ts";
import { redisKeys } from "./redis_keys.ts";
import { testClock } from "./test_clock.ts";
import { createUnfinishedTasks } from "./unfinished_tasks.ts";

/** The stores of a box. */
export interface Cloud {
  readonly upstash: UpstashEndpoint;
  readonly neon: Endpoint;
  /** The settings that name them. */
  readonly settings: BoxSettings;
}

/** HTTP requests that reached the endpoints. */
export interface Requests {
  readonly redis: number;
  readonly postgres: number;
}

/** A box over the protocols of the cloud that shows what it sends and what it reports. */
export interface RemoteBox extends ApiBox {
  readonly reports: ReportedEvent[];
  /** What its keys in Redis begin with. */
  readonly prefix: string;
  /** Lets time pass, also for what Redis keeps. */
  pass(ms: number): Promise<void>;
  /** What the endpoints got before the latest answer. */
  sentBeforeAnswer(): Requests;
}

export interface RemoteBoxOptions {
  readonly settings?: BoxSettings;
  /** Scripts decide by Redis's own clock, as they do in production. */
  readonly redisDecides?: boolean;
}

let boxes = 0;

export function openRemoteBox(
  { upstash, neon, settings: stores }: Cloud,
  { settings = {}, redisDecides = false }: RemoteBoxOptions = {},
): RemoteBox {
  lengthenDeadlines();
  const config = boxConfig({ ...stores, ...settings });
  const clock = testClock(BOX_STARTS_MS);
  const time: RedisTime = redisDecides ? redisTime : clock;
  const prefix = `box-${++boxes}`;
  const keys = redisKeys(upstash, prefix, clock);
  const reports: ReportedEvent[] = [];
  const counters = createIsolateCounters({ clock, isolate: prefix });
  const report = countReport((event) => void reports.push(event), counters);
  const newId = () => crypto.randomUUID();
  const keptFronts = createKeptFronts({ clock });
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
      prefix,
      redisTime: time,
      actTime: () => new Date(clock()).toISOString(),
    }),
    clock,
    newId,
    random: () => 0.5,
    sleep: () => Promise.resolve(),
    report,
    limitJoins: () => Promise.resolve(null),
    keptFronts,
    frontDocuments: null,
  });
  const app = createApi(config, {
    services,
    clock,
    newId,
    randomHex,
    report,
    measure,
    continueTrace,
    observers: [],
    staticFiles: siteFiles,
  });
  const { context, settle } = createUnfinishedTasks();
  let sent: Requests = { redis: 0, postgres: 0 };
  const box = apiBoxOver({
    config,
    clock,
    async fetch(request) {
      const redisBefore = upstash.counts.requests;
      const postgresBefore = neon.counts.requests;
      const response = await app.fetch(request, { address: BOX_ADDRESS }, context);
      // What follows the answer has begun, but reached nobody: that takes a turn of the event loop.
      sent = {
        redis: upstash.counts.requests - redisBefore,
        postgres: neon.counts.requests - postgresBefore,
      };
      return response;
    },
    settle,
    tick: services.maintenance.run,
    wipeLine: keys.wipe,
    close: async () => {},
  });
  return {
    ...box,
    reports,
    prefix,
    async pass(ms) {
      clock.advance(ms);
      await keys.catchUp();
    },
    sentBeforeAnswer: () => sent,
  };
}
