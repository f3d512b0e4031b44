import { DRAW_VALUES, type Lot } from "../../domain/draw.ts";
import type { FanId } from "../../domain/ids.ts";
import { orderOfGathered, ticketOf } from "../../domain/queue.ts";
import { LOTS_LOOKED_AT } from "../../domain/queue_bounds.ts";
import type { Draw } from "../../domain/room.ts";
import type { DrawnTicket } from "../../ports/queue_store.ts";
import { drawValue } from "../node_crypto/draw_value.ts";
import { pseudonymOf } from "./draw.ts";
import { SortedSet } from "./sorted_set.ts";

/** The tickets of a draw: those after `before` up to `last`. */
interface IssuedLot {
  readonly draw: Draw;
  readonly openedAtMs: number;
  /** The numbers of the last gathering before the draw, and of its own last one. */
  readonly gatheringsBefore: number;
  through: number;
  readonly before: number;
  readonly last: number;
}

/**
 * The fans who gathered before the opening, by their values in the draw. The opening reserves
 * tickets for all of them at once; they get them in bounded shares.
 */
export class Lobby {
  /** Fan → value; the lowest gets the first ticket. */
  readonly gathered = new SortedSet();
  /** How many times fans have gathered. A token of a gathered fan has the number. */
  gatherings = 0;
  isDrawing = false;
  /** The last order that was drawn. */
  drawn = 0;
  /** The draw that follows when all fans of the present one have their tickets. */
  #nextDraw: Draw | null = null;
  /**
   * Fan → `gatherings` when the fan left a gathered place, and the same once back in the lobby. A fan
   * who was erased has a pseudonym in `#left`.
   */
  readonly #left = new Map<string, number>();
  readonly #again = new Map<FanId, number>();
  readonly #lots: IssuedLot[] = [];
  /** That of the present draw, once it has begun. */
  #lot: IssuedLot | null = null;
  /** The pseudonyms of the present draw, in ticket order. */
  #list: string[] = [];

  /** `first` is the order before the first ticket of the epoch. */
  constructor(private readonly first: number, public draw: Draw | null) {}

  /** The order in a token that is made now. */
  get tokenOrder(): number {
    return orderOfGathered(this.first, this.gatherings);
  }

  /** The order in the tokens of a drawn place with this order; undefined for other places. */
  tokenOrderOf(order: number): number | undefined {
    const lots = this.#lots.slice(-LOTS_LOOKED_AT);
    const lot = lots.find(({ before, last }) => order > before && order <= last);
    return lot && orderOfGathered(this.first, lot.through);
  }

  get drawnGatherings(): number {
    return this.#lots.at(-1)?.through ?? 0;
  }

  get sizes(): Record<string, number> {
    const { gathered: { size: gathered } } = this;
    return { gathered, left: this.#left.size, again: this.#again.size };
  }

  /**
   * Returns false when there is no draw, or the fans of the earlier draw have no tickets yet. `pseudonym`
   * is what an erased fan would be known by.
   */
  gather(fan: FanId, pseudonym: string): boolean {
    if (this.draw === null || this.isDrawing) return false;
    const leftAt = this.#left.get(fan) ?? this.#left.get(pseudonym);
    if (leftAt !== undefined) this.#again.set(fan, leftAt);
    for (const name of [fan, pseudonym]) this.#left.delete(name);
    this.gatherings++;
    this.gathered.add(fan, drawValue(pseudonymOf(fan, this.draw), this.draw.seed));
    return true;
  }

  leave(fan: FanId): void {
    this.gathered.remove(fan);
    this.#left.set(fan, this.gatherings);
  }

  /** Removes all that is known of the fan but the published pseudonym and this one. */
  erase(fan: FanId, pseudonym: string): void {
    const wasHere = this.#left.delete(fan) || this.gathered.has(fan);
    if (wasHere) this.#left.set(pseudonym, this.gatherings);
    this.gathered.remove(fan);
    this.#again.delete(fan);
  }

  /** Must be called when a place has ended and why it ended is not known any more. */
  forget(fan: FanId): void {
    this.#again.delete(fan);
  }

  /** Reserves tickets above `before` for all who gathered. Returns the last reserved one. */
  open(before: number, nowMs: number): number {
    if (this.draw === null || this.isDrawing || this.gathered.size === 0) return before;
    const last = before + this.gathered.size;
    const gatheringsBefore = this.drawnGatherings;
    const { draw, gatherings: through } = this;
    this.#lot = { draw, openedAtMs: nowMs, gatheringsBefore, through, before, last };
    this.#lots.push(this.#lot);
    this.#list = [];
    this.isDrawing = true;
    this.drawn = before;
    return last;
  }

  /** Takes the next fans, at most so many, in ticket order. */
  *drawShare(batch: number): Iterable<{ readonly fan: FanId; readonly order: number }> {
    for (let left = batch; left > 0 && this.gathered.size > 0; left--) {
      const fan = this.gathered.first()!.member as FanId;
      this.gathered.remove(fan);
      this.#list.push(pseudonymOf(fan, this.draw!));
      yield { fan, order: ++this.drawn };
    }
    if (this.gathered.size > 0) return;
    // A ticket of a fan who left between the opening and the draw is nobody's.
    this.drawn = this.#lot!.last;
    this.isDrawing = false;
    this.#left.clear();
    this.replaceDraw(this.#nextDraw);
  }

  /** The next draw takes the place of the present one when that has given all its tickets. */
  replaceDraw(next: Draw | null): void {
    this.#nextDraw = next && next.id !== this.draw?.id ? next : null;
    if (this.#nextDraw === null || this.isDrawing) return;
    this.draw = this.#nextDraw;
    this.#nextDraw = null;
    this.#lot = null;
    this.#list = [];
  }

  /** Where a token stands of a fan whose present order is this one; null when it is over. */
  placeOf(
    fan: FanId,
    tokenOrder: number,
    order: number | null,
  ): number | "GATHERED" | "UNDRAWN" | null {
    if (this.#isOfLeftPlace(fan, tokenOrder)) return null;
    const number = -tokenOrder - this.first;
    if (number > this.gatherings) this.#gatheredUpTo(number);
    const gathers = this.gathered.has(fan) && !this.isDrawing;
    const lot = this.#lotOf(tokenOrder) ?? (gathers ? undefined : this.#lots.at(-1));
    if (lot && order !== null && order > lot.before && order <= lot.last) return order;
    if (!this.gathered.has(fan)) return null;
    if (!lot) return "GATHERED";
    return this.isDrawing && lot === this.#lot ? "UNDRAWN" : null;
  }

  /**
   * A failover lost the gatherings up to this one. Later ones need other numbers. In the middle of a
   * draw nobody gathers, so that the lost ones were of this draw.
   */
  #gatheredUpTo(number: number): void {
    this.gatherings = number;
    if (this.isDrawing) this.#lot!.through = number;
  }

  /** Whether an ended place with this order is the one of the token. */
  isOf(fan: FanId, tokenOrder: number, order: number): boolean {
    if (order > 0) return this.placeOf(fan, tokenOrder, order) === order;
    return tokenOrder >= order && !this.#isOfLeftPlace(fan, tokenOrder) &&
      this.#lotOf(tokenOrder) === this.#lotOf(order);
  }

  /** Whether the fan has left the gathered place of the token and gathered again. */
  #isOfLeftPlace(fan: FanId, tokenOrder: number): boolean {
    return -tokenOrder - this.first <= (this.#again.get(fan) ?? 0);
  }

  #lotOf(tokenOrder: number): IssuedLot | undefined {
    return this.#lots.find(({ through }) => -tokenOrder - this.first <= through);
  }

  /** The present draw as far fans need it, while some of its fans wait. */
  front(called: number, near: number): Lot | null {
    if (!this.#lot || called >= this.#lot.last) return null;
    const { draw, openedAtMs, gatheringsBefore, before, last } = this.#lot;
    const valueAt = (order: number): number => {
      if (order <= before) return 0;
      const pseudonym = this.#list[order - before - 1];
      return pseudonym === undefined ? DRAW_VALUES : drawValue(pseudonym, draw.seed);
    };
    const calledValue = valueAt(called);
    const nearValue = valueAt(Math.min(near, this.drawn));
    const tickets = last - before;
    const { seed } = draw;
    return { seed, gatheringsBefore, openedAtMs, before, tickets, calledValue, nearValue };
  }

  list(aboveTicket: number, limit: number): DrawnTicket[] {
    const before = ticketOf(this.#lot?.before ?? 0);
    const from = Math.max(0, aboveTicket - before);
    return this.#list.slice(from, from + limit)
      .map((pseudonym, i) => ({ pseudonym, ticket: before + from + i + 1 }));
  }
}
