import type { KeptFronts } from "../../../src/application/kept_fronts.ts";
import type { Stores } from "../../../src/composition/stores.ts";
import type { Front } from "../../../src/domain/front.ts";
import type { RoomId } from "../../../src/domain/ids.ts";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import type { Bookings } from "../../../src/ports/bookings.ts";
import type { FrontReading, QueueStore } from "../../../src/ports/queue_store.ts";
import { heardFront } from "../line/fronts.ts";
import { checkPassed } from "./challenges.ts";
import { takenFront } from "./document_laws.ts";
import { noteAdmission } from "./door_laws.ts";
import type { IsolateOptions } from "./isolates.ts";
import type { Redis, WatchedRoom } from "./redis.ts";
import type { Work } from "./scheduler.ts";

/** An answer that takes longer is as good as none for whoever waits for a document. */
const SLOW_MS = 900;
/** An act decides by the time at which its statement arrives, not by that at which it was sent. */
const ARRIVAL = "the time of arrival";

type Join = Parameters<QueueStore["join"]>;
type Methods = Record<string, (...args: never[]) => Promise<unknown>>;

/** The stores behind their wires, as the version of the isolate calls them. */
export function createIsolateStores(
  options: IsolateOptions,
  keptFronts: KeptFronts,
  onTrouble: () => void,
): Stores {
  const { program, version, redis, wires, scheduler } = options;
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
            isRepeated: version.repeats,
            async act(work) {
              const fronts = hearFronts(redis);
              const observation = observe(redis, what, args, work);
              const answer = await act(...args);
              observation.answered(answer);
              return () => {
                work.asked.add(what);
                for (const [room, front] of version.keepsComingFronts ? fronts : []) {
                  keptFronts.keep(room, front);
                }
                return answer;
              };
            },
          })
        );
      return [method, call] as const;
    });
    return Object.fromEntries(parked) as unknown as Port;
  }
  const { forget: _, save: __, ...ownCache } = redis.cache;
  const queue = overRedis("queue", redis.queue);
  const cache = overRedis("cache", ownCache);
  const repositories = createRepositories(options);
  const { sweepLimit } = version;
  return {
    ...repositories,
    queue,
    cache,
    admissionCheck: version.checksWithRead
      ? overRedis("admission", redis.admissionCheck)
      : program.memoryAdmissionCheck({ queue, cache }),
    bookings: sweepLimit === null
      ? repositories.bookings
      : sweepsSlowly(repositories.bookings, sweepLimit),
  };
}

/** The documents that come along with the next answer of the line. */
function hearFronts({ line, rooms }: Redis): readonly [RoomId, Front][] {
  const fronts: [RoomId, Front][] = [];
  line.onFront((front, room) => {
    hear(rooms.get(room)!, front, line.clock());
    fronts.push([room, front]);
  });
  return fronts;
}

function hear(room: WatchedRoom, front: Front, nowMs: number): void {
  heardFront(room.witness, front);
  room.fronts.push(takenFront(front, nowMs));
}

/** What the laws are to know of a call, before it and after its answer. */
function observe({ rooms, line }: Redis, what: string, args: readonly never[], work: Work) {
  if (what === "queue.join") {
    const [room, , , { hasPassedChallenge = false } = {}] = args as unknown as Join;
    checkPassed(rooms.get(room)!.witness, hasPassedChallenge, work);
  }
  return {
    answered(answer: unknown): void {
      switch (what) {
        case "queue.status":
        case "admission.check":
        case "admission.checkKnown": {
          const [place] = args as unknown as [PlaceRef];
          return noteAdmission(rooms.get(place.room)!.witness, place, work);
        }
        case "queue.front": {
          const [room] = args as unknown as [RoomId];
          const reading = answer as FrontReading | null;
          if (reading) rooms.get(room)!.fronts.push(takenFront(reading.front, line.clock()));
        }
      }
    },
  };
}

function createRepositories(
  { program, config, version, redis: { line }, wires, scheduler, query }: IsolateOptions,
) {
  return program.createPostgresRepositories(config, {
    actTime: () => ARRIVAL,
    sql: (text, params, { repeatable = false } = {}) => {
      const what = statementName(text);
      return scheduler.call({
        wire: wires.postgres,
        what,
        isRepeated: repeatable && version.repeats,
        async act(work) {
          const now = new Date(line.clock()).toISOString();
          const values = params.map((value) => value?.replaceAll(ARRIVAL, now) ?? null);
          const rows = await query(what, text, values, work);
          return () => rows;
        },
      });
    },
  });
}

/** Sweeps as much as the program wants, in more statements. */
function sweepsSlowly(bookings: Bookings, limit: number): Bookings {
  return {
    ...bookings,
    async sweep(most) {
      const all = { holds: 0, records: 0 };
      while (Math.max(all.holds, all.records) < most) {
        const { holds, records } = await bookings.sweep(limit);
        all.holds += holds;
        all.records += records;
        if (Math.max(holds, records) < limit) break;
      }
      return all;
    },
  };
}

/** `hold_all` of `select hold_all(…)`. */
function statementName(text: string): string {
  return /(\w+)\(/.exec(text)?.[1] ?? text.slice(0, 40);
}
