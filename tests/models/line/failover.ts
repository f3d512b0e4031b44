import type { SentAct } from "./acts.ts";
import { FRONT_OUTAGE_TTL_MS } from "../../../src/domain/front.ts";
import type { Looks } from "./looks.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** The store and what is known of it at one moment. */
export interface Saved {
  readonly restore: () => Promise<void>;
  /** They share their places. */
  readonly known: Pick<Witness, "epoch" | "period">;
}

/** Whether a later act brings the store back to the moment before this act. */
export function isSaved(acts: readonly SentAct[], index: number): boolean {
  return acts.some((sent, i) =>
    sent.act === "failover" && Math.max(0, i - sent.losesActs) === index
  );
}

export async function save({ line, witness: { epoch, period } }: World): Promise<Saved> {
  return { restore: await line.save(), known: structuredClone({ epoch, period }) };
}

/**
 * The store is as it was at an earlier moment. Fans have tokens that it does not know, and what they
 * were told since then may not come true.
 */
export async function loseActs({ witness, line }: World, looks: Looks, saved: Saved) {
  await saved.restore();
  const { epoch, period } = structuredClone(saved.known);
  witness.epoch = epoch;
  // The next look sees the slots and ends since the last look before that moment too.
  looks.restart(period);
  if (!epoch) return;
  epoch.hasLostActs = true;
  epoch.uncertainUntilMs = line.clock() + FRONT_OUTAGE_TTL_MS;
  for (const place of epoch.places) {
    place.punctualSinceMs = Infinity;
    place.told = Infinity;
  }
}
