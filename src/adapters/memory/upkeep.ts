import type { FanId } from "../../domain/ids.ts";
import { outageBeganMs } from "../../domain/promotion.ts";
import { DRAW_STEP_MS, NEAR_STEP_MS, PACE_SAMPLE_MS } from "../../domain/queue_bounds.ts";
import { admissionPace } from "../../domain/room.ts";
import { age, logIssued } from "./ageing.ts";
import { drawShare, openLot } from "./gathering.ts";
import { lapse } from "./places.ts";
import { promoteHeads, type Promotion, raiseNear } from "./promotion.ts";
import type { Room } from "./room.ts";
import { openByTime, toldMs } from "./rules.ts";

export interface UpkeepOptions {
  /** So many heads are promoted in a state that promotes nobody by itself. */
  readonly release?: number;
  /** The fan who joined by this act. */
  readonly joined?: FanId | null;
}

export interface UpkeepResult {
  readonly expired: number;
  readonly admitted: number;
  readonly more: boolean;
}

/** The part of every act that draws, ends what has lapsed and promotes heads, all bounded. */
export function upkeep(
  room: Room,
  nowMs: number,
  { release = 0, joined = null }: UpkeepOptions = {},
): UpkeepResult {
  const { rules, lobby } = room;
  skipOutage(room, nowMs);
  if (!room.isDeserted || room.parked > 0) room.activeAtMs = nowMs;
  if (rules.opensAtMs <= nowMs) openByTime(rules);
  if (!rules.allows.gathers && (rules.allows.mayJoin || rules.allows.promotes)) {
    openLot(room, nowMs);
  }
  if (lobby.isDrawing) drawShare(room, nowMs);
  let expired = endLapsed(room, nowMs);
  if (nowMs >= room.ageAtMs) expired += age(room, nowMs);
  logIssued(room, nowMs);
  const done = promoteHeads(room, nowMs, { release, joined });
  measure(room, nowMs);
  const isNearHeld = raiseNear(room, nowMs);
  if (nowMs >= room.createdAtMs + room.settings.waitingTtlMs && room.rejoinedWaiting === 0) {
    room.rejoins = false;
    room.rejoined.clear();
  }
  const isOccupied = room.waiting.size + room.turns.size > 0;
  room.actedAtMs = isOccupied ? nowMs : Infinity;
  room.dueMs = nextDue(room, nowMs, done, isNearHeld);
  room.isFrontNew = true;
  return {
    expired: expired + done.overdue,
    admitted: done.promoted,
    more: room.dueMs <= nowMs || lobby.isDrawing,
  };
}

/** After a time in which nobody could call, all deadlines are later by it. */
function skipOutage(room: Room, nowMs: number): void {
  const { actedAtMs, lostMs, farRaisedAtMs } = room;
  const [due] = room.calls.above(actedAtMs - lostMs);
  const isBeforeNow = due !== undefined && due.score <= nowMs - lostMs - PACE_SAMPLE_MS;
  const beganMs = outageBeganMs({
    nowMs,
    actedAtMs,
    dueMs: isBeforeNow ? due.score + lostMs : null,
    farRaisedAtMs,
    toldMs: toldMs(room.rules, nowMs),
  });
  if (beganMs !== null) room.lostMs += nowMs - beganMs;
}

function endLapsed(room: Room, nowMs: number): number {
  let ended = 0;
  for (const set of [room.turns, room.admitted]) {
    for (let left = room.bounds.promotionBatch; left > 0; left--) {
      const first = set.first();
      if (!first || !lapse(room, first.member as FanId, nowMs)) break;
      ended++;
    }
  }
  return ended;
}

/** All tickets of a line that is empty are called. */
function measure(room: Room, nowMs: number): void {
  const { waiting, lobby, speed, holdUntilMs } = room;
  const isEmpty = waiting.size === 0 && nowMs >= holdUntilMs && !lobby.isDrawing;
  if (isEmpty) room.called = Math.max(room.called, room.tickets);
  const isDue = nowMs - speed.sampledAtMs >= PACE_SAMPLE_MS;
  if (isEmpty || isDue) speed.sample(room.called, isEmpty, nowMs);
}

function nextDue(room: Room, nowMs: number, done: Promotion, isNearHeld: boolean): number {
  const { waiting, turns, admitted, lobby } = room;
  const { promoted, allowed, isPartial } = done;
  let dueMs = Math.min(
    (turns.first()?.score ?? Infinity) + room.lostMs,
    admitted.first()?.score ?? Infinity,
    room.ageAtMs,
    room.rules.opensAtMs,
  );
  if (lobby.isDrawing) dueMs = Math.min(dueMs, nowMs + DRAW_STEP_MS);
  if (waiting.size + turns.size > 0) dueMs = Math.min(dueMs, nowMs + PACE_SAMPLE_MS);
  if (waiting.size === 0) return dueMs;
  if (isNearHeld) dueMs = Math.min(dueMs, room.nearAtMs + NEAR_STEP_MS);
  if (isPartial || (lobby.isDrawing && promoted < allowed.now)) dueMs = Math.min(dueMs, nowMs);
  if (nowMs < room.holdUntilMs) dueMs = Math.min(dueMs, room.holdUntilMs);
  if (promoted === allowed.now && promoted < allowed.slots) {
    const { toleranceMs } = admissionPace(room.rules.current.admissionsPerMinute)!;
    dueMs = Math.min(dueMs, Math.max(nowMs + 1, Math.ceil(room.arrivalMs - toleranceMs)));
  }
  return dueMs;
}
