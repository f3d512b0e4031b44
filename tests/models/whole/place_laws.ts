import type { FanId } from "../../../src/domain/ids.ts";
import type { Hold } from "./fans.ts";
import type { Work } from "./scheduler.ts";
import type { World } from "./world.ts";

/** A payment that was not disturbed has ended the places of its holds. */
export async function checkEnded(
  { laws, redis, tokens, losses }: World,
  work: Work,
  paid: readonly Hold[],
): Promise<void> {
  // A failover may bring the place back.
  if (work.faults > 0 || losses > 0) return;
  for (const { place } of paid) {
    const ref = tokens.verify(place)!;
    // A place that was gathered for has another order after the draw.
    if (ref.order < 0) continue;
    const view = await redis.line.queue.findPlace(ref.room, ref.fan as FanId);
    laws.check(
      "a payment ends the place under which its seats were held",
      view === null || view.epoch !== ref.epoch || view.order !== ref.order,
      () => `${ref.fan} still has ${JSON.stringify(view)}`,
    );
  }
}
