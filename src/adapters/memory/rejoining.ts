import type { FanId } from "../../domain/ids.ts";
import {
  DRAW_PROBES,
  orderAfterReset,
  orderOfGatheredAfterReset,
  type PlaceRef,
} from "../../domain/queue.ts";
import type { Draw } from "../../domain/room.ts";
import { drawShare } from "./draw.ts";
import { SortedSet } from "./sorted_set.ts";

/** Places in old ticket order for those who were in line before the store was wiped. */
export function rejoining(
  { epoch, first, untilMs }: { epoch: string; first: number; untilMs: number },
) {
  /** Orders of earlier epochs that were used, by the last ticket given out by then. */
  const rejoined = new SortedSet();
  const fansWhoRejoined = new Set<FanId>();

  function candidates(fan: FanId, order: number, draw: Draw | null): number[] {
    if (order >= 0) return [orderAfterReset(order, first)];
    const lowest = orderOfGatheredAfterReset(order, drawShare(fan, draw), first);
    return Array.from({ length: DRAW_PROBES }, (_, probe) => lowest + probe);
  }

  /** Whether a token is of an earlier epoch and still counts: once per fan. */
  function mayRejoin(earlier: PlaceRef | null, nowMs: number): earlier is PlaceRef {
    return earlier !== null && earlier.epoch !== epoch && nowMs < untilMs &&
      !fansWhoRejoined.has(earlier.fan);
  }

  return {
    mayRejoin,
    /** The order that a token of an earlier epoch gives, once per fan; null if it gives none. */
    rejoin(
      earlier: PlaceRef | null,
      draw: Draw | null,
      lastTicket: number,
      nowMs: number,
    ): number | null {
      if (!mayRejoin(earlier, nowMs)) return null;
      const { fan } = earlier;
      fansWhoRejoined.add(fan);
      const order = candidates(fan, earlier.order, draw).find((one) => !rejoined.has(String(one)));
      if (order !== undefined) rejoined.add(String(order), lastTicket);
      return order ?? null;
    },
    /** How many have rejoined in front of a ticket of this epoch since it was given out. */
    since: (order: number) => rejoined.size - rejoined.countBelow(order),
  };
}
