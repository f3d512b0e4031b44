import { DRAW_VALUES, type Lot } from "../../domain/draw.ts";
import type { FanId } from "../../domain/ids.ts";
import { ticketOf } from "../../domain/queue.ts";
import type { Draw } from "../../domain/room.ts";
import type { DrawnTicket } from "../../ports/queue_store.ts";
import { drawValue, pseudonymOf } from "./draw.ts";
import { callOf, enterLine, forgetEnd, orderOf } from "./places.ts";
import type { Room } from "./room.ts";
import { toldMs } from "./rules.ts";
import { SortedSet } from "./sorted_set.ts";

/** The tickets of a draw: those after `before` up to `last`. */
interface IssuedLot {
  /** The number of gatherings until the draw. */
  readonly through: number;
  readonly gatheringsBefore: number;
  readonly openedAtMs: number;
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
  /** How many times fans have gathered. A token of a gathered fan names the number. */
  gatherings = 0;
  /** The draw that follows when all fans of the present one have their tickets. */
  nextDraw: Draw | null = null;
  /** Fan → `gatherings` when the fan left a gathered place, and the same once back in the lobby. */
  readonly left = new Map<FanId, number>();
  readonly again = new Map<FanId, number>();
  readonly lots: IssuedLot[] = [];
  /** That of the present draw, once it has begun. */
  lot: IssuedLot | null = null;
  isDrawing = false;
  /** The last order that was drawn. */
  drawn = 0;
  /** The pseudonyms of the latest draw, in ticket order. */
  list: string[] = [];

  constructor(public draw: Draw | null) {}
}

/** Returns false when there is no draw, or the fans of the earlier draw have no tickets yet. */
export function gather(room: Room, fan: FanId): boolean {
  const { lobby } = room;
  if (lobby.draw === null || lobby.isDrawing) return false;
  forgetEnd(room, fan);
  const leftAt = lobby.left.get(fan);
  if (leftAt !== undefined) lobby.again.set(fan, leftAt);
  lobby.left.delete(fan);
  lobby.gatherings++;
  lobby.gathered.add(fan, drawValue(pseudonymOf(fan, lobby.draw), lobby.draw));
  return true;
}

export function leaveLobby({ lobby }: Room, fan: FanId): void {
  lobby.gathered.remove(fan);
  lobby.again.delete(fan);
  lobby.left.set(fan, lobby.gatherings);
}

/** Reserves tickets for all who gathered. Whoever joins later stands behind them. */
export function openLot(room: Room, nowMs: number): void {
  const { lobby } = room;
  if (lobby.isDrawing || lobby.gathered.size === 0) return;
  const before = room.tickets;
  const last = before + lobby.gathered.size;
  const gatheringsBefore = drawnGatherings(lobby);
  const through = lobby.gatherings;
  lobby.lot = { through, gatheringsBefore, openedAtMs: nowMs, before, last };
  lobby.lots.push(lobby.lot);
  lobby.isDrawing = true;
  lobby.drawn = before;
  lobby.list = [];
  room.tickets = last;
  room.issued.push({ ticket: last, atMs: nowMs });
  room.rules.openedDraw = lobby.draw!.id;
}

/** Gives the next fans their tickets. A fan who is near at once was told to call soon enough. */
export function drawShare(room: Room, nowMs: number): void {
  const { lobby } = room;
  for (let left = room.bounds.drawBatch; left > 0 && lobby.gathered.size > 0; left--) {
    const fan = lobby.gathered.first()!.member as FanId;
    const order = ++lobby.drawn;
    lobby.gathered.remove(fan);
    enterLine(room, fan, order);
    lobby.list.push(pseudonymOf(fan, lobby.draw!));
    const callByMs = nowMs - room.lostMs + toldMs(room.rules, nowMs);
    if (order <= room.near) room.calls.add(callOf(fan, order), callByMs);
  }
  if (lobby.gathered.size > 0) return;
  lobby.isDrawing = false;
  lobby.left.clear();
  replaceDraw(room, lobby.nextDraw);
}

/** Another draw ends the gathering for the present one. */
export function replaceDraw({ lobby }: Room, next: Draw | null): void {
  lobby.nextDraw = next && next.id !== lobby.draw?.id ? next : null;
  if (lobby.nextDraw === null || lobby.isDrawing) return;
  lobby.draw = lobby.nextDraw;
  lobby.nextDraw = null;
  lobby.lot = null;
  lobby.list = [];
}

/** What a token of a fan who gathered stands for: an order after the draw; null when it is over. */
export function placeOfGathered(
  room: Room,
  fan: FanId,
  tokenOrder: number,
): number | "GATHERED" | "UNDRAWN" | null {
  const { lobby } = room;
  const number = -tokenOrder - room.first;
  if (number <= (lobby.again.get(fan) ?? 0)) return null;
  const lot = lotOf(lobby, number);
  if (!lot) return lobby.gathered.has(fan) ? "GATHERED" : null;
  const order = orderOf(room, fan);
  if (order !== null && order > lot.before && order <= lot.last) return order;
  const isUndrawn = lobby.isDrawing && lot === lobby.lot && lobby.gathered.has(fan);
  return isUndrawn ? "UNDRAWN" : null;
}

/** Whether the order of an ended place is of the gathering of this token, drawn or not. */
export function isOfGathering(room: Room, tokenOrder: number, order: number): boolean {
  if (tokenOrder >= 0 || order < 0) return tokenOrder < 0 && tokenOrder >= order;
  const lot = lotOf(room.lobby, -tokenOrder - room.first);
  return lot !== undefined && order > lot.before && order <= lot.last;
}

function lotOf({ lots }: Lobby, number: number): IssuedLot | undefined {
  return lots.find(({ through }) => number <= through);
}

export function drawnGatherings({ lots }: Lobby): number {
  return lots.at(-1)?.through ?? 0;
}

/** The latest draw as far as far fans need it, while some of its fans wait. */
export function frontLot({ lobby, called, near }: Room): Lot | null {
  const { draw, list, lot } = lobby;
  if (!draw || !lot || called >= lot.last) return null;
  const { gatheringsBefore, openedAtMs, before, last } = lot;
  function valueAt(order: number): number {
    if (order <= before) return 0;
    const pseudonym = list[order - before - 1];
    return pseudonym === undefined ? DRAW_VALUES : drawValue(pseudonym, draw!);
  }
  return {
    seed: draw.seed,
    gatheringsBefore,
    openedAtMs,
    before,
    tickets: last - before,
    calledValue: valueAt(called),
    nearValue: valueAt(near),
  };
}

/** The published list: the latest draw in ticket order, above a ticket. */
export function listDraw({ lobby }: Room, aboveTicket: number, limit: number): DrawnTicket[] {
  const before = ticketOf(lobby.lot?.before ?? 0);
  const from = Math.max(0, aboveTicket - before);
  return lobby.list.slice(from, from + limit)
    .map((pseudonym, i) => ({ pseudonym, ticket: before + from + i + 1 }));
}
