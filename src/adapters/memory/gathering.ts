import type { FanId } from "../../domain/ids.ts";
import { orderOfGathered, ticketOf } from "../../domain/queue.ts";
import type { Draw } from "../../domain/room.ts";
import type { DrawnTicket } from "../../ports/queue_store.ts";
import { drawValue, pseudonymOf } from "./draw.ts";
import { SortedSet } from "./sorted_set.ts";

/**
 * The fans who gathered before the opening. They are sorted by their draw values from the start, so
 * the opening takes constant time: it reserves the tickets. The fans get them in bounded batches.
 */
export interface Gathering {
  /** The number of fans without a ticket. */
  readonly size: number;
  /** Whether the draw has begun and some fans have no ticket yet. */
  readonly isDrawing: boolean;
  /** The last ticket that was reserved for gathered fans. */
  readonly lastTicket: number;
  has(fan: FanId): boolean;
  /** The number of gathered fans ahead of this fan in the draw. */
  rank(fan: FanId): number;
  pseudonym(fan: FanId): string;
  /** A fan can gather for a new draw only when all fans of the earlier draw have tickets. */
  mayGather(draw: Draw): boolean;
  /** Whether the room has a new draw, so that the draw of the gathered fans must take place. */
  isDrawOver(current: Draw | null): boolean;
  gather(fan: FanId, current: Draw): void;
  /** The order in the token of a gathered fan. A token that is made now is valid. */
  tokenOrder(): number;
  isValidOrder(fan: FanId, order: number): boolean;
  /** Removes the fan and invalidates the fan's tokens. */
  end(fan: FanId): void;
  /** Reserves tickets above `last` for all gathered fans. Returns the last ticket afterwards. */
  beginDraw(last: number): number;
  /** Gives the next fan a ticket; null when no draw is in progress. */
  drawNext(): { readonly fan: FanId; readonly order: number } | null;
  listDraw(aboveTicket: number, limit: number): readonly DrawnTicket[];
}

/** `first` is the order before the first ticket of the epoch. */
export function createGathering(first: number): Gathering {
  const gathered = new SortedSet();
  const pseudonyms = new Map<FanId, string>();
  /** The value of `gatherings` when the tokens of a fan became invalid. */
  const ended = new Map<FanId, number>();
  let gatherings = 0;
  /** The draw of the fans who gathered last. */
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
    get isDrawing() {
      return isDrawing();
    },
    get lastTicket() {
      return lastTicket;
    },
    has: (fan) => gathered.has(fan),
    rank: (fan) => gathered.rank(fan)!,
    pseudonym: (fan) => pseudonyms.get(fan)!,
    mayGather: ({ id }) => !isDrawing() && (gathered.size === 0 || draw?.id === id),
    isDrawOver: (current) => current !== null && draw !== null && draw.id !== current.id,
    gather(fan, current) {
      if (draw?.id !== current.id) list = [];
      draw = current;
      // A token of an earlier draw in this epoch is not valid for this draw.
      if (lastTicket > first) ended.set(fan, gatherings);
      gatherings++;
      const pseudonym = pseudonymOf(fan, current);
      pseudonyms.set(fan, pseudonym);
      gathered.add(fan, drawValue(pseudonym, current));
    },
    tokenOrder: () => orderOfGathered(first, gatherings),
    isValidOrder(fan, order) {
      const number = -order - first;
      return number > (ended.get(fan) ?? 0) && number <= gatherings;
    },
    end(fan) {
      ended.set(fan, gatherings);
      remove(fan);
    },
    beginDraw(last) {
      if (hasBegun || gathered.size === 0) return last;
      hasBegun = true;
      nextTicket = last + 1;
      return lastTicket = last + gathered.size;
    },
    drawNext() {
      if (!isDrawing()) return null;
      const fan = gathered.first()!.member as FanId;
      const order = nextTicket++;
      list.push({ pseudonym: pseudonyms.get(fan)!, ticket: ticketOf(order) });
      remove(fan);
      return { fan, order };
    },
    listDraw(aboveTicket, limit) {
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
