import { drawBound } from "../../domain/draw.ts";
import type { Front } from "../../domain/front.ts";
import type { FanId } from "../../domain/ids.ts";
import { pollAfterSeconds } from "../../domain/polling.ts";
import type { PlaceRef, PositionIs, Standing } from "../../domain/queue.ts";
import { pseudonymOf } from "./draw.ts";
import { drawnGatherings, frontLot, isOfGathering, placeOfGathered } from "./gathering.ts";
import { callOf, lapse, orderOf, returnToLine, showUp } from "./places.ts";
import type { Room } from "./room.ts";
import { upkeep, type UpkeepOptions } from "./upkeep.ts";

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
  options?: UpkeepOptions,
): Standing {
  const { nowMs } = moment;
  if (nowMs >= room.dueMs) upkeep(room, nowMs, options);
  const standing = standingOf(room, ref, moment);
  if (nowMs < room.dueMs) return standing;
  // A fan who returned gets a free slot at once.
  upkeep(room, nowMs);
  return standing.state === "WAITING" ? standingOf(room, ref, moment) : standing;
}

/** What the token stands for: an order, or a place of which the order is not drawn. */
export function resolve(room: Room, { fan, order }: PlaceRef) {
  if (order < 0) return placeOfGathered(room, fan, order);
  return orderOf(room, fan) === order ? order : null;
}

export function isReforming({ rejoins, holdUntilMs }: Room, nowMs: number): boolean {
  return rejoins || nowMs < holdUntilMs;
}

/** How many stand before a waiting fan with this order. Returned fans count in no position. */
export function positionOf(
  room: Room,
  fan: FanId,
  order: number | null,
  nowMs: number,
): { ahead: number; positionIs: PositionIs } {
  const { waiting, lobby, called, near, first, bounds } = room;
  const atMost = isReforming(room, nowMs) ? "AT_LEAST" : "AT_MOST";
  const rejoined = room.rejoinedWaiting;
  if (order === null) {
    const bound = drawBound(lobby.gathered.score(fan)!, frontLot(room)!, called);
    return { ahead: bound + rejoined, positionIs: atMost };
  }
  const rank = waiting.rank(fan)!;
  if (waiting.score(fan)! < 0) return { ahead: rank, positionIs: "EXACT" };
  const withoutReturned = rank - waiting.countBelow(0);
  if (order <= first) return { ahead: withoutReturned, positionIs: "AT_LEAST" };
  const ahead = order - called - 1 + rejoined;
  if (order > near || ahead > bounds.exactAhead) return { ahead, positionIs: atMost };
  const positionIs = atMost === "AT_LEAST" ? atMost : "EXACT";
  return { ahead: Math.min(ahead, withoutReturned), positionIs };
}

export function frontOf(room: Room, nowMs: number): Front {
  const { lobby, rules } = room;
  return {
    epoch: room.epoch,
    takenAtMs: nowMs,
    first: room.first,
    called: room.called,
    near: room.near,
    waiting: room.waiting.size + (lobby.isDrawing ? lobby.gathered.size : 0),
    rejoined: room.rejoinedWaiting,
    isReforming: isReforming(room, nowMs),
    speed: room.speed.snapshot(nowMs),
    rules: rules.snapshot,
    rulesVersion: rules.current.version,
    seats: room.stock.outlook,
    drawnGatherings: drawnGatherings(lobby),
    lot: frontLot(room),
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
    return { state: "GATHERED", pseudonym, rules, provenAtMs: nowMs };
  }
  if (order === "UNDRAWN") return waiting(room, ref, null, moment);
  const expiresAtMs = showUp(room, fan, nowMs);
  if (expiresAtMs !== null) return { state: "ADMITTED", order, expiresAtMs, rules };
  if (room.places.get(fan)?.state === "PARKED") returnToLine(room, fan, order, nowMs);
  return waiting(room, ref, order, moment);
}

/** A near fan is told when to call; the answer to a far fan is a proof of the place. */
function waiting(
  room: Room,
  { fan }: PlaceRef,
  order: number | null,
  { nowMs, random }: Moment,
): Standing {
  const { waitingTtlMs } = room.settings;
  const rules = room.rules.snapshot;
  const speed = room.speed.snapshot(nowMs);
  const { ahead, positionIs } = positionOf(room, fan, order, nowMs);
  const after = pollAfterSeconds(ahead, speed.pace, rules, { waitingTtlMs, random });
  const isNear = order !== null && order <= room.near;
  if (isNear) {
    room.calls.add(callOf(fan, room.waiting.score(fan)!), nowMs - room.lostMs + after * 1000);
  } else if (order !== null) room.proofs.add(fan, nowMs);
  return {
    state: "WAITING",
    order,
    ahead,
    positionIs,
    isNear,
    pollAfterSeconds: after,
    expiresAtMs: nowMs + waitingTtlMs,
    provenAtMs: nowMs,
    speed,
    rules,
    seats: room.stock.outlook,
    countStock: false,
  };
}

function gone(room: Room, { fan, order }: PlaceRef): Standing {
  const place = room.places.get(fan);
  const isOfToken = place?.state === "ENDED" &&
    (place.order === order || isOfGathering(room, order, place.order));
  return { state: "GONE", reason: "ENDED", endedBecause: isOfToken ? place.cause : null };
}
