import { callScore } from "../../domain/promotion.ts";
import { drawBound } from "../../domain/draw.ts";
import type { Front } from "../../domain/front.ts";
import type { FanId } from "../../domain/ids.ts";
import { pollAfterSeconds } from "../../domain/polling.ts";
import type { PlaceRef, PositionIs, Standing } from "../../domain/queue.ts";
import { pseudonymOf } from "./draw.ts";
import { callOf, lapse, resolve, returnToLine, showUp } from "./places.ts";
import type { PromotionOptions } from "./promotion.ts";
import type { Room } from "./room.ts";
import { upkeep } from "./upkeep.ts";

export interface Moment {
  readonly nowMs: number;
  /** Uniform in [0, 1). */
  readonly random: number;
}

/** Where the place of a token stands. Asking is a call of its fan. */
export function answer(
  room: Room,
  ref: PlaceRef,
  moment: Moment,
  options?: PromotionOptions,
): Standing {
  const { nowMs } = moment;
  if (nowMs >= room.dueMs) upkeep(room, nowMs, options);
  const standing = standingOf(room, ref, moment);
  // A fan who returned gets a free slot at once.
  if (room.dueMs > 0) return standing;
  upkeep(room, nowMs);
  return standing.state === "WAITING" ? standingOf(room, ref, moment) : standing;
}

export function frontOf(room: Room, nowMs: number): Front {
  const { epoch, first, called, near, waiting, lobby, speed, rules, stock } = room;
  return {
    epoch,
    takenAtMs: nowMs,
    first,
    called,
    near,
    waiting: waiting.size + room.undrawn,
    rejoined: room.rejoinedWaiting,
    isReforming: room.isReforming(nowMs),
    speed: speed.snapshot(stock.budget, nowMs),
    rules: rules.snapshot,
    rulesVersion: rules.current.version,
    seats: stock.outlook,
    drawnGatherings: lobby.drawnGatherings,
    lot: lobby.front(called, near),
  };
}

function standingOf(room: Room, ref: PlaceRef, moment: Moment): Standing {
  const { nowMs } = moment;
  const { fan } = ref;
  lapse(room, fan, nowMs);
  const order = resolve(room, ref);
  if (order === null) return gone(room, ref);
  const rules = room.rules.snapshot;
  if (order === "GATHERED") {
    const pseudonym = pseudonymOf(fan, room.lobby.draw!);
    return { state: "GATHERED", pseudonym, rules, provenAtMs: nowMs, takenAtMs: nowMs };
  }
  if (order === "UNDRAWN") {
    room.proofs.add(fan, nowMs);
    return waiting(room, null, undrawnPosition(room, fan, nowMs), moment);
  }
  const expiresAtMs = showUp(room, fan, nowMs);
  if (expiresAtMs !== null) {
    return { state: "ADMITTED", order, expiresAtMs, rules, provenAtMs: nowMs };
  }
  if (room.places.get(fan)?.state === "PARKED") returnToLine(room, fan, order, nowMs);
  const standing = waiting(room, order, positionOf(room, fan, order, nowMs), moment);
  if (!standing.isNear) room.proofs.add(fan, nowMs);
  else {
    const call = callOf(fan, room.waiting.score(fan)!);
    const liveMs = nowMs - room.lostMs;
    const score = callScore(liveMs, standing.pollAfterSeconds);
    // A call that is sent twice, or from two tabs, does not bring the time forward by which the fan
    // was to call. The entry keeps the time of the earlier call then, so this one needs a proof.
    const earlier = room.calls.score(call);
    // Until the first answer as near arrives, the fan calls as an answer to a far place says.
    const longest = Math.max(standing.pollAfterSeconds, room.rules.toldMs(liveMs) / 1000);
    if (earlier === undefined) room.calls.add(call, callScore(liveMs, longest));
    else if (earlier < score) room.calls.add(call, score);
    else if (earlier > score) room.proofs.add(fan, nowMs);
  }
  return standing;
}

interface Position {
  readonly ahead: number;
  readonly positionIs: PositionIs;
}

/** How many stand before the fan. Returned fans count in nobody else's position. */
function positionOf(room: Room, fan: FanId, order: number, nowMs: number): Position {
  const { waiting, called, near, first, bounds, lobby } = room;
  const isReforming = room.isReforming(nowMs);
  const rank = waiting.rank(fan)!;
  if (waiting.score(fan)! < 0) return { ahead: rank, positionIs: "EXACT" };
  const inLine = rank - room.returnedWaiting;
  if (order <= first) return { ahead: inLine, positionIs: "AT_LEAST" };
  const ahead = order - called - 1 + room.rejoinedWaiting;
  // Those who are not drawn yet stand in front of later tickets, and not in `waiting`.
  const highest = lobby.isDrawing ? Math.min(near, lobby.drawn) : near;
  const isExact = order <= highest && ahead <= bounds.exactAhead;
  const positionIs = isReforming ? "AT_LEAST" : isExact ? "EXACT" : "AT_MOST";
  return { ahead: isExact ? Math.min(ahead, inLine) : ahead, positionIs };
}

function undrawnPosition(room: Room, fan: FanId, nowMs: number): Position {
  const { lobby, called, near } = room;
  const bound = drawBound(lobby.gathered.score(fan)!, lobby.front(called, near)!, called);
  const positionIs = room.isReforming(nowMs) ? "AT_LEAST" : "AT_MOST";
  return { ahead: bound + room.rejoinedWaiting, positionIs };
}

function waiting(
  room: Room,
  order: number | null,
  position: Position,
  { nowMs, random }: Moment,
): Standing & { state: "WAITING" } {
  const { waitingTtlMs } = room.settings;
  const rules = room.rules.snapshot;
  const speed = room.speed.snapshot(room.stock.budget, nowMs);
  return {
    state: "WAITING",
    order,
    ...position,
    isNear: order !== null && order <= room.near,
    pollAfterSeconds: pollAfterSeconds(position.ahead, speed.pace, rules, { waitingTtlMs, random }),
    expiresAtMs: nowMs + waitingTtlMs,
    provenAtMs: nowMs,
    speed,
    rules,
    seats: room.stock.outlook,
    countStock: false,
  };
}

function gone({ places, lobby }: Room, { fan, order }: PlaceRef): Standing {
  const place = places.get(fan);
  const isOfToken = place?.state === "ENDED" &&
    (place.order === order || (order < 0 && lobby.isOf(fan, order, place.order)));
  return { state: "GONE", reason: "ENDED", endedBecause: isOfToken ? place.cause : null };
}
