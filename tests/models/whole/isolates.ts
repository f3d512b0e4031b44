import type { KeptFronts } from "../../../src/application/kept_fronts.ts";
import type { Services } from "../../../src/application/services.ts";
import type { Stores } from "../../../src/composition/stores.ts";
import type { Config } from "../../../src/config.ts";
import type { Front } from "../../../src/domain/front.ts";
import type { RoomId } from "../../../src/domain/ids.ts";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { FrontReading, QueueStore } from "../../../src/ports/queue_store.ts";
import type { ReportedEvent } from "../../../src/ports/report.ts";
import { heardFront } from "../line/fronts.ts";
import { checkPassed } from "./challenges.ts";
import { noteAdmission } from "./door_laws.ts";
import { takenFront } from "./document_laws.ts";
import { documentsOf, type Location } from "./location.ts";
import type { Office } from "./office.ts";
import type { Carry, Sleepers } from "./platform.ts";
import type { Program } from "./program.ts";
import type { Redis } from "./redis.ts";
import type { Scheduler } from "./scheduler.ts";
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

/** An answer that takes longer is as good as none for whoever waits for a document. */
const SLOW_MS = 900;
/** The calls whose answer says how a place stands. */
const ASKS_OF_A_PLACE = new Set(["queue.status", "admission.check", "admission.checkKnown"]);
/** An act decides by the time at which its statement arrives, not by that at which it was sent. */
const ARRIVAL = "the time of arrival";

export function createIsolate(options: IsolateOptions): Isolate {
  const { number, program, config, redis, wires, scheduler, sleepers, random, newId, report } =
    options;
  const { clock: storeClock } = redis.line;
  const clock = () => storeClock() + options.skewMs;
  const keptFronts = program.createKeptFronts({ clock });
  let troubleMs = -Infinity;
  const services = program.assemble(config, {
    trace: { headers: () => ({}) },
    stores: createStores(options, keptFronts, () => troubleMs = storeClock()),
    clock,
    random,
    newId,
    sleep: (ms) => scheduler.sleep(ms),
    report,
    limitJoins: () => Promise.resolve(null),
    counters: program.createIsolateCounters({ clock, isolate: `isolate-${number}` }),
    keptFronts,
    frontDocuments: options.location &&
      documentsOf({
        ...options,
        location: options.location,
        wire: wires.documents,
        clock: storeClock,
      }),
  });
  const { carry } = options;
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

type Join = Parameters<QueueStore["join"]>;
type Methods = Record<string, (...args: never[]) => Promise<unknown>>;

/** The stores behind their wires. */
function createStores(
  options: IsolateOptions,
  keptFronts: KeptFronts,
  onTrouble: () => void,
): Stores {
  const { program, config, redis, wires, scheduler, query } = options;
  const { line } = redis;

  async function watched<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const startedMs = line.clock();
    try {
      const answer = await call();
      if (line.clock() - startedMs >= SLOW_MS) onTrouble();
      return answer;
    } catch (error) {
      onTrouble();
      throw error;
    }
  }

  /** Each method of a port of Redis is one call. Documents arrive with its answer. */
  function overRedis<Port extends object>(name: string, port: Port): Port {
    const parked = Object.entries(port as unknown as Methods).map(([method, act]) => {
      const what = `${name}.${method}`;
      const call = (...args: never[]) =>
        watched(() =>
          scheduler.call({
            wire: wires.redis,
            what,
            isRepeated: true,
            async act(work) {
              const fronts: [RoomId, Front][] = [];
              line.onFront((front, room) => {
                const watched = redis.rooms.get(room)!;
                heardFront(watched.witness, front);
                watched.fronts.push(takenFront(front, line.clock()));
                fronts.push([room, front]);
              });
              if (what === "queue.join") {
                const [room, , , { hasPassedChallenge = false } = {}] = args as unknown as Join;
                checkPassed(redis.rooms.get(room)!.witness, hasPassedChallenge, work);
              }
              const answer = await act(...args);
              if (ASKS_OF_A_PLACE.has(what)) {
                const [place] = args as unknown as [PlaceRef];
                noteAdmission(redis.rooms.get(place.room)!.witness, place, work);
              }
              if (what === "queue.front" && answer) {
                const [room] = args as unknown as [RoomId];
                const { front } = answer as FrontReading;
                redis.rooms.get(room)!.fronts.push(takenFront(front, line.clock()));
              }
              return () => {
                work.asked.add(what);
                for (const [room, front] of fronts) keptFronts.keep(room, front);
                return answer;
              };
            },
          })
        );
      return [method, call] as const;
    });
    return Object.fromEntries(parked) as unknown as Port;
  }
  const { forget: _, save: __, ...cache } = redis.cache;
  return {
    queue: overRedis("queue", redis.queue),
    cache: overRedis("cache", cache),
    admissionCheck: overRedis("admission", redis.admissionCheck),
    ...program.createPostgresRepositories(config, {
      actTime: () => ARRIVAL,
      sql: (text, params, { repeatable = false } = {}) => {
        const what = statementName(text);
        return scheduler.call({
          wire: wires.postgres,
          what,
          isRepeated: repeatable,
          async act(work) {
            const now = new Date(line.clock()).toISOString();
            const values = params.map((value) => value?.replaceAll(ARRIVAL, now) ?? null);
            const rows = await query(what, text, values, work);
            return () => rows;
          },
        });
      },
    }),
  };
}

/** `hold_all` of `select hold_all(…)`. */
function statementName(text: string): string {
  return /(\w+)\(/.exec(text)?.[1] ?? text.slice(0, 40);
}
