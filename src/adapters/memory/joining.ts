import type { FanId } from "../../domain/ids.ts";
import {
  orderAfterReset,
  orderOfGathered,
  orderOfGatheredAfterReset,
  type QueueToken,
} from "../../domain/queue.ts";
import { RULES_CHECK_MS } from "../../domain/queue_bounds.ts";
import type { Joined, JoinRefusal } from "../../ports/queue_store.ts";
import { drawShare } from "./draw.ts";
import { gather } from "./gathering.ts";
import { enterLine, orderOf } from "./places.ts";
import type { Room } from "./room.ts";
import { closed } from "./rules.ts";
import { answer, type Moment } from "./standing.ts";
import { upkeep } from "./upkeep.ts";

export function join(
  room: Room,
  fan: FanId,
  earlier: QueueToken | null,
  moment: Moment,
  acceptUncheckedRules = false,
): Joined | JoinRefusal {
  const { nowMs } = moment;
  if (nowMs >= room.dueMs) upkeep(room, nowMs);
  const live = joined(room, fan, moment, false);
  if (live && live.standing.state !== "GONE") return live;
  const isUnchecked = nowMs - room.rules.checkedAtMs > RULES_CHECK_MS;
  if (isUnchecked && !acceptUncheckedRules && room.isDeserted) {
    return { refused: "UNCHECKED_RULES" };
  }
  if (!addPlace(room, fan, earlier, nowMs)) return closed(room.rules);
  room.activeAtMs = nowMs;
  return joined(room, fan, moment, true)!;
}

/** The order in a token of the fan's live place that is made now; null without one. */
export function tokenOrder(room: Room, fan: FanId): number | null {
  const { gathered, gatherings } = room.lobby;
  if (gathered.has(fan)) return orderOfGathered(room.first, gatherings);
  return orderOf(room, fan);
}

function joined(room: Room, fan: FanId, moment: Moment, created: boolean): Joined | null {
  const order = tokenOrder(room, fan);
  if (order === null) return null;
  const place = { room: room.id, fan, order, epoch: room.epoch };
  const standing = answer(room, place, moment, { joined: created ? fan : null });
  return { created, place, standing };
}

/** Gives the fan a new place. Returns false when nobody may join. */
function addPlace(room: Room, fan: FanId, earlier: QueueToken | null, nowMs: number): boolean {
  const { mayJoin, gathers } = room.rules.allows;
  const rejoined = rejoin(room, fan, earlier, nowMs);
  if (rejoined === null && !mayJoin) return false;
  if (rejoined === null && gathers) return gather(room, fan);
  const order = rejoined ?? ++room.tickets;
  enterLine(room, fan, order);
  if (rejoined !== null) room.proofs.add(fan, nowMs);
  // The first in line may be admitted at once.
  if (rejoined !== null || order === room.called + 1) room.dueMs = 0;
  return true;
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
  if (nowMs >= createdAtMs + waitingTtlMs || room.rejoined.has(fan)) return null;
  const { order, madeAtMs } = earlier;
  if (madeAtMs <= createdAtMs - waitingTtlMs || madeAtMs < rules.current.madeAtMs) return null;
  room.rejoined.add(fan);
  room.rejoins = true;
  room.holdUntilMs = createdAtMs + room.windowMs(nowMs);
  if (order >= 0) return orderAfterReset(order, first);
  return orderOfGatheredAfterReset(order, drawShare(fan, room.lobby.draw), first);
}
