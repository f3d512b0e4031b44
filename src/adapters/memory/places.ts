import type { FanId } from "../../domain/ids.ts";
import { type EndCause, type PlaceRef, RETURNED_ORDERS } from "../../domain/queue.ts";
import { ENDED_KEPT_MS } from "../../domain/queue_bounds.ts";
import type { CalledPlace, Room } from "./room.ts";

/** The order of the fan's place in line or after it; null without a live place. */
export function orderOf({ places, waiting }: Room, fan: FanId): number | null {
  const place = places.get(fan);
  if (place && place.state !== "ENDED") return place.order;
  return waiting.score(fan) ?? null;
}

/** Where a token stands: an order, or a place whose order is not drawn; null when it is over. */
export function resolve(room: Room, { fan, order }: Pick<PlaceRef, "fan" | "order">) {
  const present = orderOf(room, fan);
  if (order < 0) return room.lobby.placeOf(fan, order, present);
  return present === order ? order : null;
}

/** The order of the fan's live place, negative before the draw; null without one. */
export function liveOrder(room: Room, fan: FanId): number | null {
  return room.lobby.gathered.has(fan) ? room.lobby.tokenOrder : orderOf(room, fan);
}

/** The same for a new token: negative for a drawn place too, as in tokens from before the draw. */
export function tokenOrder(room: Room, fan: FanId): number | null {
  const order = liveOrder(room, fan);
  return order === null ? null : room.lobby.tokenOrderOf(order) ?? order;
}

/** The member of `calls`. A token of an earlier place of the fan has another order. */
export function callOf(fan: FanId, score: number): string {
  return `${score}:${fan}`;
}

export function takeFromLine(room: Room, fan: FanId): void {
  const score = room.waiting.score(fan);
  if (score === undefined) return;
  room.waiting.remove(fan);
  room.calls.remove(callOf(fan, score));
  room.proofs.remove(fan);
}

export function park(room: Room, fan: FanId, order: number, nowMs: number): void {
  room.missed++;
  setPlace(room, fan, { state: "PARKED", order });
  room.proofs.add(fan, nowMs);
}

/** A parked fan called: the place is in front of the line, once. */
export function returnToLine(room: Room, fan: FanId, order: number, nowMs: number): void {
  setPlace(room, fan, { state: "RETURNED", order });
  room.waiting.add(fan, RETURNED_ORDERS + ++room.returns);
  room.proofs.add(fan, nowMs);
  room.dueMs = 0;
}

/** Gives a slot to a fan who was taken from the line. */
export function giveSlot(
  room: Room,
  fan: FanId,
  { order, isAgain, deadlineMs }: { order: number; isAgain: boolean; deadlineMs: number },
  nowMs: number,
): void {
  setPlace(room, fan, { state: isAgain ? "CALLED_AGAIN" : "CALLED", order, sinceMs: nowMs });
  room.turns.add(fan, deadlineMs);
  room.speed.recordTurn(isAgain, nowMs);
  room.stock.recordTurn(nowMs);
}

/** The end of the fan's admission, which begins with the first call. Null without a slot. */
export function showUp(room: Room, fan: FanId, nowMs: number): number | null {
  const place = room.places.get(fan);
  if (place?.state === "CALLED" || place?.state === "CALLED_AGAIN") {
    room.turns.remove(fan);
    room.admitted.add(fan, nowMs + room.rules.current.admissionTtlMs);
    setPlace(room, fan, { ...place, state: "ADMITTED" });
  }
  return room.admitted.score(fan) ?? null;
}

/** Ends the fan's turn or admission when its time is over. */
export function lapse(room: Room, fan: FanId, nowMs: number): boolean {
  const isOver = (room.admitted.score(fan) ?? Infinity) <= nowMs;
  const isMissed = (room.turns.score(fan) ?? Infinity) <= nowMs - room.lostMs;
  const place = room.places.get(fan);
  if (isOver) endPlace(room, fan, "ADMISSION_LAPSED", nowMs);
  else if (isMissed && place?.state === "CALLED") {
    freeSlot(room, fan, "TURN_MISSED", nowMs);
    park(room, fan, place.order, nowMs);
  } else if (isMissed) endPlace(room, fan, "TURN_MISSED", nowMs);
  return isOver || isMissed;
}

/** Ends the fan's place in line or after it. */
export function endPlace(room: Room, fan: FanId, cause: EndCause, nowMs: number): void {
  const order = orderOf(room, fan);
  if (order === null) return;
  if (cause === "TURN_MISSED") room.missed++;
  // Why fans left who had only waited is not kept: they are too many.
  const isKept = room.places.has(fan) || cause === "REMOVED" || cause === "SILENT";
  takeFromLine(room, fan);
  freeSlot(room, fan, cause, nowMs);
  forgetEnd(room, fan);
  if (isKept) keepEnd(room, fan, { order, cause, atMs: nowMs });
  else room.lobby.forget(fan);
}

export function keepEnd(
  room: Room,
  fan: FanId,
  end: { readonly order: number; readonly cause: EndCause; readonly atMs: number },
): void {
  setPlace(room, fan, { state: "ENDED", ...end });
  const forgetAtMs = end.atMs + ENDED_KEPT_MS;
  room.proofs.add(fan, forgetAtMs - room.settings.waitingTtlMs);
  room.ageAtMs = Math.min(room.ageAtMs, forgetAtMs);
}

export function forgetEnd(room: Room, fan: FanId): void {
  setPlace(room, fan, null);
  room.proofs.remove(fan);
}

function freeSlot(room: Room, fan: FanId, cause: EndCause, nowMs: number): void {
  const place = room.places.get(fan);
  if (!place || !("sinceMs" in place)) return;
  room.turns.remove(fan);
  room.admitted.remove(fan);
  room.speed.recordEnd(cause, place.sinceMs, nowMs);
  room.stock.recordEnd(place.sinceMs, nowMs);
  room.dueMs = 0;
}

function setPlace(room: Room, fan: FanId, place: CalledPlace | null): void {
  if (room.places.get(fan)?.state === "PARKED") room.parked--;
  if (place?.state === "PARKED") room.parked++;
  if (place) room.places.set(fan, place);
  else room.places.delete(fan);
}
