import type { FanId } from "../../domain/ids.ts";
import { ISSUED_LOG_SHARE } from "../../domain/queue_bounds.ts";
import { callOf, endPlace, forgetEnd } from "./places.ts";
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
 * once: the fans without a proof enter `proofs`. A near fan is proven by the deadline in `calls`.
 */
export function age(room: Room, nowMs: number): number {
  const { waitingTtlMs } = room.settings;
  const { ageingBatch } = room.bounds;
  const silentMs = nowMs - waitingTtlMs;
  const isMoreIssued = lookAtIssued(room, silentMs);
  let looked = 0;
  let ended = 0;
  for (const { member } of firstOf(room.proofs.above(-Infinity), ageingBatch)) {
    const fan = member as FanId;
    if (room.proofs.score(fan)! > silentMs) break;
    looked++;
    if (room.places.get(fan)?.state === "ENDED") {
      forgetEnd(room, fan);
      continue;
    }
    const provenMs = calledByMs(room, fan);
    if (provenMs > silentMs) room.proofs.add(fan, provenMs);
    else {
      endPlace(room, fan, "SILENT", nowMs);
      ended++;
    }
  }
  const firstMs = Math.min(
    nowMs,
    room.proofs.first()?.score ?? Infinity,
    room.issued[0]?.atMs ?? Infinity,
  );
  room.ageAtMs = isMoreIssued || looked === ageingBatch ? nowMs : firstMs + waitingTtlMs;
  return ended;
}

/** Until when the place was proven for certain, in epoch milliseconds; Infinity when it is fresh. */
export function provenUntilMs(room: Room, fan: FanId, order: number): number {
  const proofMs = Math.max(room.proofs.score(fan) ?? 0, calledByMs(room, fan));
  if (proofMs > 0) return proofMs;
  return room.issued.find(({ ticket }) => ticket >= order)?.atMs ?? Infinity;
}

/** When the near fan was told to call; -Infinity for a fan who is far. */
function calledByMs({ waiting, calls, lostMs }: Room, fan: FanId): number {
  return (calls.score(callOf(fan, waiting.score(fan)!)) ?? -Infinity) + lostMs;
}

function lookAtIssued(room: Room, silentMs: number): boolean {
  const limit = room.issued.findLast(({ atMs }) => atMs <= silentMs)?.ticket;
  if (limit === undefined) return false;
  const { ageingBatch } = room.bounds;
  let looked = 0;
  for (const { member, score } of firstOf(room.waiting.above(room.agedTo), ageingBatch)) {
    if (score > limit) break;
    if (!room.proofs.has(member)) room.proofs.add(member, 0);
    room.agedTo = score;
    looked++;
  }
  if (looked === ageingBatch) return true;
  room.agedTo = limit;
  room.issued = room.issued.filter(({ atMs }) => atMs > silentMs);
  return false;
}

/** A copy, so that the set may change meanwhile. */
function firstOf<Item>(items: Iterable<Item>, limit: number): Item[] {
  return Iterator.from(items).take(limit).toArray();
}
