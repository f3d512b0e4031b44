import type { OperatorAct } from "../domain/audit.ts";
import type { FailureOf } from "../domain/failures.ts";
import { type FanId, isPseudonym } from "../domain/ids.ts";
import { ok, type Result } from "../domain/result.ts";
import type { NewId } from "../ports/clock.ts";
import type { FanErasure } from "../ports/fan_erasure.ts";
import type { QueueStore } from "../ports/queue_store.ts";

/** So many rooms are asked at once: a Worker has six connections. */
const PARALLEL_ROOMS = 5;

export interface ErasureServiceDependencies {
  readonly fanErasure: FanErasure;
  readonly queue: Pick<QueueStore, "knownRooms" | "forgetFan">;
  readonly newId: NewId;
}

export interface ErasureService {
  /**
   * Erases a fan from the records and from the line of every room. Nobody keeps which pseudonym
   * was whose. It may be repeated, also when it was cut off.
   */
  erase(fan: FanId, act: OperatorAct): Promise<Result<null, FailureOf<"ERASURE_NOT_POSSIBLE">>>;
}

export function createErasureService(
  { fanErasure, queue, newId }: ErasureServiceDependencies,
): ErasureService {
  return {
    async erase(fan, act) {
      if (isPseudonym(fan)) return ok(null);
      // The records come first: a fan who may not be erased keeps the place in line.
      const erased = await fanErasure.erase({ fan, pseudonym: `erased_${newId()}`, act });
      if (!erased.ok) return erased;
      const rooms = [...(await queue.knownRooms()).names];
      while (rooms.length > 0) {
        const next = rooms.splice(0, PARALLEL_ROOMS);
        await Promise.all(next.map((room) => queue.forgetFan(room, fan)));
      }
      return ok(null);
    },
  };
}
