import type { FanId } from "../../domain/ids.ts";
import { type EndCause, RETURNED_ORDERS } from "../../domain/queue.ts";
import { ENDED_KEPT_MS } from "../../domain/queue_bounds.ts";
import type { CalledPlace, Room } from "./room.ts";

/** The order of the fan's place in line or after it; null without a live place. */
export function orderOf({ places, waiting }: Room, fan: FanId): number | null {
  const place = places.get(fan);
  if (place && place.state !== "ENDED") return place.order;
  return waiting.score(fan) ?? null;
}

/** The member of `calls`. A token of an earlier place of the fan has another order. */
export function callOf(fan: FanId, score: number): string {
  return `${score}:${fan}`;
}

export function enterLine(room: Room, fan: FanId, order: number): void {
  forgetEnd(room, fan);
  room.waiting.add(fan, order);
}

export function takeFromLine(room: Room, fan: FanId): void {
  const score = room.waiting.score(fan);
  if (score === undefined) return;
  room.waiting.remove(fan);
  room.calls.remove(callOf(fan, score));
  room.proofs.remove(fan);
}

export function park(room: Room, fan: FanId, order: number, nowMs: number): void {
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
export function call(
  room: Room,
  fan: FanId,
  { order, isAgain, deadlineMs }: { order: number; isAgain: boolean; deadlineMs: number },
  nowMs: number,
): void {
  setPlace(room, fan, { state: isAgain ? "CALLED_AGAIN" : "CALLED", order, sinceMs: nowMs });
  room.turns.add(fan, deadlineMs);
  room.speed.recordTurn(nowMs);
  room.stock.recordTurn();
}

/** The end of the fan's admission, which begins with the first call. Null without a slot. */
export function showUp(room: Room, fan: FanId, nowMs: number): number | null {
  const place = room.places.get(fan);
  if (place && room.turns.remove(fan)) {
    setPlace(room, fan, { ...place, state: "ADMITTED" } as CalledPlace);
    room.admitted.add(fan, nowMs + room.rules.current.admissionTtlMs);
  }
  return room.admitted.score(fan) ?? null;
}

/** Ends the fan's turn or admission when its time is over. */
export function lapse(room: Room, fan: FanId, nowMs: number): boolean {
  const endsMs = room.admitted.score(fan) ?? Infinity;
  const deadlineMs = room.turns.score(fan) ?? Infinity;
  if (endsMs <= nowMs) endPlace(room, fan, "ADMISSION_LAPSED", nowMs);
  else if (deadlineMs <= nowMs - room.lostMs) missTurn(room, fan, nowMs);
  else return false;
  return true;
}

/** Ends the fan's place in line or after it. The cause is kept for a while, not of LEFT waiting. */
export function endPlace(room: Room, fan: FanId, cause: EndCause, nowMs: number): void {
  const order = orderOf(room, fan);
  if (order === null) return;
  const isKept = room.places.has(fan) || cause === "REMOVED" || cause === "SILENT";
  takeFromLine(room, fan);
  freeSlot(room, fan, cause, nowMs);
  room.lobby.again.delete(fan);
  forgetEnd(room, fan);
  if (isKept) keepEnd(room, fan, order, cause, nowMs);
}

export function keepEnd(
  room: Room,
  fan: FanId,
  order: number,
  cause: EndCause,
  nowMs: number,
): void {
  setPlace(room, fan, { state: "ENDED", order, atMs: nowMs, cause });
  room.proofs.add(fan, nowMs + ENDED_KEPT_MS - room.settings.waitingTtlMs);
}

export function forgetEnd(room: Room, fan: FanId): void {
  setPlace(room, fan, null);
  room.proofs.remove(fan);
}

function missTurn(room: Room, fan: FanId, nowMs: number): void {
  const { state, order } = room.places.get(fan)!;
  if (state === "CALLED_AGAIN") return endPlace(room, fan, "TURN_MISSED", nowMs);
  freeSlot(room, fan, "TURN_MISSED", nowMs);
  park(room, fan, order, nowMs);
}

function freeSlot(room: Room, fan: FanId, cause: EndCause, nowMs: number): void {
  if (!room.turns.remove(fan) && !room.admitted.remove(fan)) return;
  const { sinceMs } = room.places.get(fan) as CalledPlace & { state: "CALLED" };
  room.speed.recordEnd(cause, sinceMs, nowMs);
  room.stock.recordEnd(sinceMs, nowMs);
  room.dueMs = 0;
}

function setPlace(room: Room, fan: FanId, place: CalledPlace | null): void {
  if (room.places.get(fan)?.state === "PARKED") room.parked--;
  if (place?.state === "PARKED") room.parked++;
  if (place) room.places.set(fan, place);
  else room.places.delete(fan);
}
