import type { Front } from "../../../src/domain/front.ts";
import type { QueueToken } from "../../../src/domain/queue.ts";
import type { Work } from "./scheduler.ts";
import type { World } from "./world.ts";

/** What a far position is made of. */
export interface TakenFront {
  readonly atMs: number;
  readonly epoch: string;
  /** The number ahead of an order is the order without this number. */
  readonly passed: number;
}

export function takenFront({ epoch, called, rejoined }: Front, atMs: number): TakenFront {
  return { atMs, epoch, passed: called + 1 - rejoined };
}

/** A document is used for a second by the clock of its isolate. */
const TTL_MS = 1_000;
/** A request may have waited for a load that another one began so long before. */
const LOAD_MS = 4_000;

/** An answer that the line has not given is from a document as old as it may be. */
export function checkDocument(
  { laws, redis, clock, history: { skewsMs } }: World,
  { order, room, epoch }: QueueToken,
  { ahead }: { readonly ahead: number | null },
  { name, startedMs, isolate }: Work,
): void {
  if (ahead === null) {
    laws.check(
      "a position is withheld only while Redis does not answer",
      isolate.troubleMs() >= startedMs - LOAD_MS,
      () => `${name} at ${clock()}, and Redis answered since ${isolate.troubleMs()}`,
    );
    return;
  }
  if (order < 0) return;
  // Documents bear the time of the clock of another isolate or of the store.
  const spreadMs = Math.max(0, ...skewsMs) - Math.min(0, ...skewsMs);
  const fromMs = startedMs - TTL_MS - spreadMs;
  const fronts = redis.rooms.get(room)!.fronts;
  laws.check(
    "a position is of a document of the last second",
    fronts.some((front) =>
      front.atMs > fromMs && front.epoch === epoch && order - front.passed === ahead
    ),
    () => `${name} with ${order} has ${ahead} ahead since ${fromMs}: ${JSON.stringify(fronts)}`,
  );
}
