import { FRONT_OUTAGE_TTL_MS } from "../../../src/domain/front.ts";
import type { RoomId } from "../../../src/domain/ids.ts";
import type { AdmissionCheck } from "../../../src/ports/admission_check.ts";
import type { QueueStore } from "../../../src/ports/queue_store.ts";
import type { Laws } from "../line/laws.ts";
import type { Line, LineSettings } from "../line/line.ts";
import { createLooks, type Looks } from "../line/looks.ts";
import { memoryModelLines } from "../line/memory_lines.ts";
import { observedQueue } from "../line/observed_queue.ts";
import { createWitness, type Witness } from "../line/witness.ts";
import { type LoggedCache, loggedCache } from "./cache_log.ts";
import type { TakenFront } from "./document_laws.ts";
import type { Program } from "./program.ts";

/** So late may a call be without a loss: calls take their time here. */
const GRACE_MS = 3_000;

export interface WatchedRoom {
  readonly witness: Witness;
  readonly looks: Looks;
  /** The documents that were taken so far. */
  readonly fronts: TakenFront[];
}

/** Line and cache in one store, watched room by room. */
export interface Redis {
  readonly line: Line;
  readonly queue: QueueStore;
  readonly cache: LoggedCache;
  readonly admissionCheck: AdmissionCheck;
  readonly rooms: ReadonlyMap<RoomId, WatchedRoom>;
  /** Everything is forgotten. */
  wipe(): Promise<void>;
  /** Remembers this moment. The result brings the store back to it, as a failover does. */
  save(): Promise<() => Promise<void>>;
}

export interface RedisOptions {
  readonly program: Program;
  readonly settings: LineSettings;
  readonly seed: number;
  readonly names: readonly RoomId[];
  readonly laws: Laws;
}

export async function createRedis(
  { program, settings, seed, names, laws }: RedisOptions,
): Promise<Redis> {
  const line = await memoryModelLines(program.memoryQueueStore)(settings, seed);
  const { clock } = line;
  const cache = loggedCache(program.memoryCache, clock);
  const wire = {
    isDown: false,
    losesFront: false,
    asked: 0,
    failure: () => new Error("unused: calls fail before they come here"),
    recount: () => {},
  };
  const witnesses = new Map(
    names.map((room) => [room, createWitness({ laws, settings, clock, graceMs: GRACE_MS })]),
  );
  const queue = observedQueue(line.queue, wire, (room) => witnesses.get(room)!);
  const rooms = new Map<RoomId, WatchedRoom>(
    [...witnesses].map(([room, witness]) => {
      const looks = createLooks({ room, witness, queue, seats: () => null });
      return [room, { witness, looks, fronts: [] }];
    }),
  );

  return {
    line,
    queue,
    cache,
    admissionCheck: program.memoryAdmissionCheck({ queue, cache }),
    rooms,
    async wipe() {
      await line.forget();
      cache.forget();
      for (const { witness, looks } of rooms.values()) {
        witness.epoch = null;
        witness.seal = null;
        witness.sealed = [];
        looks.restart();
      }
    },
    async save() {
      const restoreLine = await line.save();
      const restoreCache = cache.save();
      const known = [...witnesses.values()].map(({ epoch, period, seal, sealed }) =>
        structuredClone({ epoch, period, seal, sealed })
      );
      return async () => {
        await restoreLine();
        await restoreCache();
        [...rooms.values()].forEach(({ witness, looks }, i) =>
          loseActs(witness, looks, structuredClone(known[i]!))
        );
      };
    },
  };
}

/** Fans have tokens that the store does not know, and what they were told may not come true. */
function loseActs(
  witness: Witness,
  looks: Looks,
  known: Pick<Witness, "epoch" | "period" | "seal" | "sealed">,
): void {
  witness.epoch = known.epoch;
  witness.seal = known.seal;
  witness.sealed = known.sealed;
  looks.restart(known.period);
  if (!known.epoch) return;
  known.epoch.hasLostActs = true;
  known.epoch.uncertainUntilMs = witness.clock() + FRONT_OUTAGE_TTL_MS;
  for (const place of known.epoch.places) {
    place.punctualSinceMs = Infinity;
    place.told = Infinity;
  }
}
