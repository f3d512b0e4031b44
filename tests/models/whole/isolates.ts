import type { Services } from "../../../src/application/services.ts";
import type { Config } from "../../../src/config.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { ReportedEvent } from "../../../src/ports/report.ts";
import { createIsolateStores } from "./isolate_stores.ts";
import { documentsOf, type Location } from "./location.ts";
import type { Office } from "./office.ts";
import type { Carry, Sleepers } from "./platform.ts";
import type { Program } from "./program.ts";
import type { Redis } from "./redis.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Version } from "./versions.ts";
import type { Wires } from "./wires.ts";

/** One isolate of the application, with a clock and memories of its own. */
export interface Isolate {
  readonly number: number;
  readonly services: Services;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly sleepers: Sleepers;
  readonly carry: Carry;
  readonly report: (event: ReportedEvent) => void;
  /** When Redis last gave no answer, or a slow one. */
  readonly troubleMs: () => number;
}

export interface IsolateOptions {
  readonly number: number;
  readonly program: Program;
  readonly config: Config;
  readonly version: Version;
  readonly redis: Redis;
  /** A statement that reaches the database. */
  readonly query: Office["query"];
  readonly wires: Wires;
  readonly scheduler: Scheduler;
  readonly sleepers: Sleepers;
  readonly carry: Carry;
  /** Null where isolates share nothing. */
  readonly location: Location | null;
  readonly skewMs: number;
  readonly random: () => number;
  readonly newId: () => string;
  readonly report: (event: ReportedEvent) => void;
}

export function createIsolate(options: IsolateOptions): Isolate {
  const { number, program, config, version, redis, wires, scheduler, sleepers, carry } = options;
  const { random, newId, report } = options;
  const location = version.sharesDocuments ? options.location : null;
  const { clock: storeClock } = redis.line;
  const clock = () => storeClock() + options.skewMs;
  const keptFronts = program.createKeptFronts({ clock });
  let troubleMs = -Infinity;
  const services = program.assemble(config, {
    trace: { headers: () => ({}) },
    stores: createIsolateStores(options, keptFronts, () => troubleMs = storeClock()),
    clock,
    random,
    newId,
    sleep: (ms) => scheduler.sleep(ms),
    report,
    limitJoins: () => Promise.resolve(null),
    counters: program.createIsolateCounters({ clock, isolate: `isolate-${number}` }),
    keptFronts,
    frontDocuments: location &&
      documentsOf({ ...options, location, wire: wires.documents, clock: storeClock }),
  });
  return {
    number,
    services,
    clock,
    newId,
    sleepers,
    carry,
    report,
    troubleMs: () => troubleMs,
  };
}
