import type { FanId } from "../../domain/ids.ts";
import { callScore } from "../../domain/promotion.ts";
import {
  type EndCause,
  orderAfterReset,
  orderForRejoin,
  orderOfGatheredAfterReset,
  type PlaceRef,
  type QueueToken,
} from "../../domain/queue.ts";
import { RULES_CHECK_MS } from "../../domain/queue_bounds.ts";
import type { Joined, JoinOptions, JoinRefusal } from "../../ports/queue_store.ts";
import { drawShare, pseudonymOf } from "./draw.ts";
import {
  callOf,
  endPlace,
  forgetEnd,
  keepEnd,
  lapse,
  orderOf,
  resolve,
  tokenOrder,
} from "./places.ts";
import type { Room } from "./room.ts";
import { answer, type Moment } from "./standing.ts";
import { upkeep } from "./upkeep.ts";

export function join(
  room: Room,
  fan: FanId,
  earlier: QueueToken | null,
  moment: Moment,
  { acceptUncheckedRules = false, hasPassedChallenge = false }: JoinOptions,
): Joined | JoinRefusal {
  const { nowMs } = moment;
  if (nowMs >= room.dueMs) upkeep(room, nowMs);
  const live = joined(room, fan, moment, false);
  if (live && live.standing.state !== "GONE") return live;
  const isUnchecked = nowMs - room.rules.checkedAtMs > RULES_CHECK_MS;
  if (isUnchecked && !acceptUncheckedRules && room.isDeserted) {
    return { refused: "UNCHECKED_RULES" };
  }
  const refusal = addPlace(room, fan, earlier, hasPassedChallenge, nowMs);
  if (refusal) return refusal;
  return joined(room, fan, moment, true)!;
}

/** Ends all places before any promotion, so that no place is promoted only to be ended. */
export function endPlaces(
  room: Room,
  refs: readonly PlaceRef[],
  cause: EndCause,
  nowMs: number,
): void {
  if (nowMs >= room.rules.opensAtMs) upkeep(room, nowMs);
  for (const ref of refs) {
    const order = resolve(room, ref);
    if (order === null) continue;
    room.activeAtMs = nowMs;
    if (typeof order === "number") {
      lapse(room, ref.fan, nowMs);
      endPlace(room, ref.fan, cause, nowMs);
    } else {
      room.lobby.leave(ref.fan);
      const end = { order: room.lobby.tokenOrder, cause, atMs: nowMs };
      if (cause === "REMOVED") keepEnd(room, ref.fan, end);
      else room.lobby.forget(ref.fan);
    }
  }
  // The tickets of a line that became empty are called.
  if (nowMs >= room.dueMs || room.waiting.size === 0) upkeep(room, nowMs);
}

/** Ends the fan's place, and removes all that the room has of the fan. */
export function forgetFan(room: Room, fan: FanId, nowMs: number): void {
  if (nowMs >= room.rules.opensAtMs) upkeep(room, nowMs);
  if (orderOf(room, fan) !== null) room.activeAtMs = nowMs;
  endPlace(room, fan, "LEFT", nowMs);
  forgetEnd(room, fan);
  room.lobby.erase(fan, markOf(room, fan));
  if (takesEarlier(room, nowMs)) room.rejoined.add(markOf(room, fan));
  if (nowMs >= room.dueMs || room.waiting.size === 0) upkeep(room, nowMs);
}

function joined(room: Room, fan: FanId, moment: Moment, created: boolean): Joined | null {
  const order = tokenOrder(room, fan);
  if (order === null) return null;
  const place = { room: room.id, fan, order, epoch: room.epoch };
  return {
    created,
    place,
    standing: answer(room, place, moment, { joined: created ? fan : null }),
  };
}

/** Gives the fan a new place. Returns why not when the fan gets none. */
function addPlace(
  room: Room,
  fan: FanId,
  earlier: QueueToken | null,
  hasPassedChallenge: boolean,
  nowMs: number,
): JoinRefusal | null {
  const { allows: { mayJoin, gathers }, current: { challengeAtJoin }, refusal } = room.rules;
  const rejoined = rejoin(room, fan, earlier, nowMs);
  if (rejoined === null && !mayJoin) return refusal;
  // Who has a place, or gets the old order back, has passed a challenge before.
  if (rejoined === null && challengeAtJoin && !hasPassedChallenge) return { refused: "CHALLENGE" };
  const gathered = rejoined === null && gathers;
  if (gathered && !room.lobby.gather(fan, markOf(room, fan))) return refusal;
  forgetEnd(room, fan);
  if (gathered) return null;
  const order = rejoined ?? ++room.tickets;
  room.waiting.add(fan, order);
  // Far places are found by the log of issued tickets.
  if (order <= room.near) {
    room.proofs.add(fan, nowMs);
    room.calls.add(callOf(fan, order), callScore(nowMs - room.lostMs, 0));
  }
  // The first in line may be admitted at once.
  if (rejoined !== null || order === room.called + 1) room.dueMs = 0;
  return null;
}

/**
 * Whether a token of an earlier epoch may bring its order. The first draw of the epoch ends that:
 * else nobody who has such a token would need to gather.
 */
function takesEarlier({ lobby, createdAtMs, settings }: Room, nowMs: number): boolean {
  return lobby.drawnGatherings === 0 && nowMs < createdAtMs + settings.waitingTtlMs;
}

/** What an erased fan, or one who rejoined, is known by: no name of the fan. */
function markOf({ epoch }: Room, fan: FanId): string {
  return pseudonymOf(fan, { salt: epoch });
}

/** The order that a token of an earlier epoch gives in this one, once for each fan. */
function rejoin(
  room: Room,
  fan: FanId,
  earlier: QueueToken | null,
  nowMs: number,
): number | null {
  const { epoch, first, createdAtMs, rules, settings: { waitingTtlMs } } = room;
  if (earlier === null || earlier.epoch === epoch || rules.allows.gathers) return null;
  if (!takesEarlier(room, nowMs) || room.rejoined.has(markOf(room, fan))) return null;
  const { madeAtMs } = earlier;
  if (madeAtMs <= createdAtMs - waitingTtlMs || madeAtMs < rules.current.madeAtMs) return null;
  room.rejoined.add(markOf(room, fan));
  room.rejoins = true;
  room.holdUntilMs = createdAtMs + room.windowMs(nowMs);
  const order = orderForRejoin(earlier);
  if (order >= 0) return orderAfterReset(order, first);
  return orderOfGatheredAfterReset(order, drawShare(fan, room.lobby.draw), first);
}
