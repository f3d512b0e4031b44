import { timeOfCall } from "../../domain/promotion.ts";
import type { FanId } from "../../domain/ids.ts";
import { ISSUED_LOG_SHARE } from "../../domain/queue_bounds.ts";
import { callOf, endPlace, forgetEnd, orderOf } from "./places.ts";
import type { Room } from "./room.ts";

/** Notes now and then which tickets are issued, so that silent fans are found later. */
export function logIssued(room: Room, nowMs: number): void {
  if (nowMs < room.issuedAtMs + room.settings.waitingTtlMs * ISSUED_LOG_SHARE) return;
  room.issuedAtMs = nowMs;
  if (room.tickets === (room.issued.at(-1)?.ticket ?? room.first)) return;
  room.issued.push({ ticket: room.tickets, atMs: nowMs });
}

/**
 * Ends a share of the places that were not proven for the waiting TTL. `proofs` has the fans who
 * proved a far place, returned or are parked. Tickets that were issued so long ago are looked at
 * once: their fans enter `proofs`, unless they are in it. Returns how many places ended.
 */
export function age(room: Room, nowMs: number): number {
  const { settings: { waitingTtlMs }, bounds: { ageingBatch } } = room;
  const silentMs = nowMs - waitingTtlMs;
  const isMoreIssued = lookAtIssued(room, silentMs);
  let [left, ended] = [ageingBatch, 0];
  for (let first; left > 0 && (first = room.proofs.first()); left--) {
    if (first.score > silentMs) break;
    const fan = first.member as FanId;
    const provenAtMs = lastProofMs(room, fan);
    if (room.places.get(fan)?.state === "ENDED") {
      forgetEnd(room, fan);
      room.lobby.forget(fan);
    } else if (provenAtMs > silentMs) room.proofs.add(fan, provenAtMs);
    else if (orderOf(room, fan) === null) room.proofs.remove(fan); // has no ticket yet
    else {
      endPlace(room, fan, "SILENT", nowMs);
      ended++;
    }
  }
  const proofMs = room.proofs.first()?.score ?? nowMs;
  const issuedMs = room.issued[0]?.atMs ?? nowMs;
  const isPartial = isMoreIssued || left === 0;
  room.ageAtMs = isPartial ? nowMs : Math.min(nowMs, proofMs, issuedMs) + waitingTtlMs;
  return ended;
}

/** When the fan proved the place last. 0 when the fan has only joined, as far. */
export function lastProofMs(room: Room, fan: FanId): number {
  const order = room.waiting.score(fan);
  const score = order === undefined ? undefined : room.calls.score(callOf(fan, order));
  return Math.max(room.proofs.score(fan) ?? 0, score === undefined ? 0 : calledAtMs(room, score));
}

/** An outage later than the call does not make the call later. */
function calledAtMs({ outages, lostMs }: Room, score: number): number {
  const calledMs = timeOfCall(score);
  const next = outages.find(({ liveMs }) => calledMs < liveMs);
  return calledMs + (next?.lostBeforeMs ?? lostMs);
}

/** Returns whether more of the tickets are to be looked at. */
function lookAtIssued(room: Room, silentMs: number): boolean {
  const limit = room.issued.findLast(({ atMs }) => atMs <= silentMs)?.ticket;
  if (limit === undefined) return false;
  let left = room.bounds.ageingBatch;
  for (const { member, score } of room.waiting.above(room.agedTo)) {
    if (score > limit || left-- === 0) break;
    if (!room.proofs.has(member)) room.proofs.add(member, 0);
    room.agedTo = score;
  }
  if (left < 0) return true;
  room.agedTo = limit;
  room.issued = room.issued.filter(({ atMs }) => atMs > silentMs);
  return false;
}
