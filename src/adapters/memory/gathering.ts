import type { FanId } from "../../domain/ids.ts";
import { orderOfGathered, ticketOf } from "../../domain/queue.ts";
import type { Draw } from "../../domain/room.ts";
import type { DrawnTicket } from "../../ports/queue_store.ts";
import { drawValue, pseudonymOf } from "./draw.ts";
import { SortedSet } from "./sorted_set.ts";

/**
 * Who gathered before the opening. They stand in the order of the draw from the first, so that the
 * opening takes no time: it reserves their tickets, which they are given in bounded batches.
 */
export function gathering(first: number) {
  const gathered = new SortedSet();
  const pseudonyms = new Map<FanId, string>();
  /** The number of the last gathering of fans whose older tokens are no good any more. */
  const ended = new Map<FanId, number>();
  let gatherings = 0;
  /** Of those who gather, or gathered last. */
  let draw: Draw | null = null;
  let hasBegun = false;
  let nextTicket = first + 1;
  let lastTicket = first;
  let list: DrawnTicket[] = [];

  const isDrawing = () => hasBegun && gathered.size > 0;

  function remove(fan: FanId): void {
    gathered.remove(fan);
    pseudonyms.delete(fan);
    if (gathered.size === 0) hasBegun = false;
  }

  return {
    get size() {
      return gathered.size;
    },
    /** Whether the draw was opened, and some have no ticket yet. */
    get isDrawing() {
      return isDrawing();
    },
    /** The last ticket that was reserved for those who gathered. */
    get lastTicket() {
      return lastTicket;
    },
    has: (fan: FanId) => gathered.has(fan),
    rank: (fan: FanId) => gathered.rank(fan)!,
    pseudonym: (fan: FanId) => pseudonyms.get(fan)!,
    /** Of each draw those who gathered are to have their tickets before others gather. */
    mayGather: ({ id }: Draw) => !isDrawing() && (gathered.size === 0 || draw?.id === id),
    /** Whether the room has another draw by now: then that of those who gathered is over. */
    isOver: (present: Draw | null) => present !== null && draw !== null && draw.id !== present.id,
    gather(fan: FanId, present: Draw): void {
      if (draw?.id !== present.id) list = [];
      draw = present;
      // A token from an earlier draw of this epoch is none of this one.
      if (lastTicket > first) ended.set(fan, gatherings);
      gatherings++;
      const pseudonym = pseudonymOf(fan, present);
      pseudonyms.set(fan, pseudonym);
      gathered.add(fan, drawValue(pseudonym, present));
    },
    /** The order in a token of whoever gathered, good from now on. */
    order: () => orderOfGathered(first, gatherings),
    isGood(fan: FanId, order: number): boolean {
      const number = -order - first;
      return number > (ended.get(fan) ?? 0) && number <= gatherings;
    },
    end(fan: FanId): void {
      ended.set(fan, gatherings);
      remove(fan);
    },
    /** Reserves tickets above `last` for all; gives the last ticket afterwards. */
    begin(last: number): number {
      if (hasBegun || gathered.size === 0) return last;
      hasBegun = true;
      nextTicket = last + 1;
      return lastTicket = last + gathered.size;
    },
    /** Gives the next one a ticket. */
    drawNext(): { fan: FanId; order: number } | null {
      if (!isDrawing()) return null;
      const fan = gathered.first()!.member as FanId;
      const order = nextTicket++;
      list.push({ pseudonym: pseudonyms.get(fan)!, ticket: ticketOf(order) });
      remove(fan);
      return { fan, order };
    },
    published(aboveTicket: number, limit: number): readonly DrawnTicket[] {
      let from = 0;
      for (let to = list.length; from < to;) {
        const middle = Math.floor((from + to) / 2);
        if (list[middle]!.ticket > aboveTicket) to = middle;
        else from = middle + 1;
      }
      return list.slice(from, from + limit);
    },
  };
}

export type Gathering = ReturnType<typeof gathering>;
