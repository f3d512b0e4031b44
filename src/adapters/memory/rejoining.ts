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

/** Gives fans of an earlier epoch a place in their old ticket order, once per fan. */
export interface Rejoining {
  /** Whether the token is of an earlier epoch and still gives a place. */
  mayRejoin(earlier: PlaceRef | null, nowMs: number): earlier is PlaceRef;
  /** The order that the token gives in this epoch; null if it gives none. */
  rejoin(
    earlier: PlaceRef | null,
    draw: Draw | null,
    lastTicket: number,
    nowMs: number,
  ): number | null;
  /** How many fans have rejoined since a ticket of this epoch was issued. */
  rejoinedSince(order: number): number;
}

export interface RejoiningOptions {
  readonly epoch: string;
  /** The order before the first ticket of the epoch. */
  readonly first: number;
  /** The end of the time in which fans may rejoin, in epoch milliseconds. */
  readonly untilMs: number;
}

export function createRejoining({ epoch, first, untilMs }: RejoiningOptions): Rejoining {
  /** The used orders of earlier epochs, each with the last ticket that was issued before. */
  const rejoined = new SortedSet();
  const fansWhoRejoined = new Set<FanId>();

  function candidates(fan: FanId, order: number, draw: Draw | null): number[] {
    if (order >= 0) return [orderAfterReset(order, first)];
    const lowest = orderOfGatheredAfterReset(order, drawShare(fan, draw), first);
    return Array.from({ length: DRAW_PROBES }, (_, probe) => lowest + probe);
  }

  function mayRejoin(earlier: PlaceRef | null, nowMs: number): earlier is PlaceRef {
    return earlier !== null && earlier.epoch !== epoch && nowMs < untilMs &&
      !fansWhoRejoined.has(earlier.fan);
  }

  return {
    mayRejoin,
    rejoin(earlier, draw, lastTicket, nowMs) {
      if (!mayRejoin(earlier, nowMs)) return null;
      const { fan } = earlier;
      fansWhoRejoined.add(fan);
      const order = candidates(fan, earlier.order, draw).find((one) => !rejoined.has(String(one)));
      if (order !== undefined) rejoined.add(String(order), lastTicket);
      return order ?? null;
    },
    rejoinedSince: (order) => rejoined.size - rejoined.countBelow(order),
  };
}
