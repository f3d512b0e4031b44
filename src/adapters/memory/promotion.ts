import type { FanId } from "../../domain/ids.ts";
import {
  type Allowance,
  allowance,
  arrivalFrom,
  nearLimit,
  showUpDeadline,
} from "../../domain/promotion.ts";
import { NEAR_STEP_MS } from "../../domain/queue_bounds.ts";
import { admissionPace } from "../../domain/room.ts";
import { call, callOf, endPlace, park, takeFromLine } from "./places.ts";
import type { Room } from "./room.ts";

export interface Promotion {
  readonly allowed: Allowance;
  /** Fans who got a slot, and fans whose turn was over before it came. */
  readonly promoted: number;
  readonly overdue: number;
  /** Whether the batch was used up. */
  readonly isPartial: boolean;
}

/** Takes heads from the line while there are free slots. Absent fans get none. */
export function promoteHeads(
  room: Room,
  nowMs: number,
  { release, joined }: { release: number; joined: FanId | null },
): Promotion {
  const { promotes, isReleasable } = room.rules.allows;
  const { intervalMs, toleranceMs } = admissionPace(room.rules.current.admissionsPerMinute) ??
    { intervalMs: 0, toleranceMs: 0 };
  const rate = { nowMs, intervalMs, toleranceMs, arrivalMs: room.arrivalMs };
  const allowed = allowance({
    ...rate,
    capacity: room.rules.current.capacity,
    admitted: room.inside,
    promotes,
    release: isReleasable ? release : 0,
    budget: promotes ? budgetFor(room, joined) : null,
  });
  let promoted = 0;
  let left = room.bounds.promotionBatch;
  let overdue = 0;
  for (; promoted < allowed.now && left > 0; left--) {
    const head = headOf(room, nowMs);
    if (!head) break;
    if (callHead(room, head, nowMs)) promoted++;
    else overdue++;
  }
  room.arrivalMs = arrivalFrom(rate) + promoted * intervalMs;
  return { allowed, promoted, overdue, isPartial: left === 0 };
}

/** Near is whoever may be called within the window. Returns whether the limit is to be raised. */
export function raiseNear(room: Room, nowMs: number): boolean {
  const { called, speed, lobby, tickets, near } = room;
  const window = room.windowMs(nowMs);
  const limit = nearLimit(called, speed.pace, window, room.bounds);
  const wanted = lobby.isDrawing ? Math.min(limit, lobby.drawn) : limit;
  if (wanted <= near) return false;
  if (nowMs < room.nearAtMs + NEAR_STEP_MS) return true;
  if (Math.min(wanted, tickets) > Math.min(near, tickets)) room.farRaisedAtMs = nowMs;
  room.near = wanted;
  room.nearAtMs = nowMs;
  const sinceMs = nowMs - room.lostMs;
  // Of the limits that have stood for a window only the last one is of use.
  const vetted = room.raises.findLastIndex((raise) => raise.sinceMs <= sinceMs - window);
  room.raises = [...room.raises.slice(Math.max(0, vetted)), { near: wanted, sinceMs }];
  return false;
}

/** A fan who joins an empty line is admitted into a free slot even if no seat is left. */
function budgetFor({ stock, waiting, lobby }: Room, joined: FanId | null): number | null {
  const budget = stock.budget;
  const isAlone = joined !== null && waiting.size === 1 && waiting.has(joined) && !lobby.isDrawing;
  return budget !== null && isAlone ? Math.max(1, budget) : budget;
}

/** Nobody passes those who are not drawn yet, nor those who may rejoin after a reset. */
function headOf({ waiting, lobby, holdUntilMs }: Room, nowMs: number) {
  const head = waiting.first();
  if (!head || head.score < 0) return head;
  return nowMs < holdUntilMs || (lobby.isDrawing && head.score > lobby.drawn) ? undefined : head;
}

/** Takes a head from the line. Returns whether the fan got a slot. */
function callHead(
  room: Room,
  { member, score }: { member: string; score: number },
  nowMs: number,
): boolean {
  const fan = member as FanId;
  const isAgain = score < 0;
  const liveMs = nowMs - room.lostMs;
  const deadlineMs = showUpDeadline({
    dueMs: room.calls.score(callOf(fan, score)) ?? null,
    nearSinceMs: room.raises.find(({ near }) => near >= score)?.sinceMs ?? liveMs,
    showUpMs: room.settings.showUpMs,
    windowMs: room.windowMs(nowMs),
    nowMs: liveMs,
  });
  const order = isAgain ? room.places.get(fan)!.order : score;
  takeFromLine(room, fan);
  if (!isAgain) countCalled(room, order, deadlineMs !== null);
  if (deadlineMs !== null) call(room, fan, { order, isAgain, deadlineMs }, nowMs);
  else if (isAgain) endPlace(room, fan, "TURN_MISSED", nowMs);
  else park(room, fan, order, nowMs);
  return deadlineMs !== null;
}

/** Whoever rejoined is called once more than the orders of this epoch. */
function countCalled(room: Room, order: number, isPromoted: boolean): void {
  const { speed } = room;
  const passed = order <= room.first ? 1 : order - room.called;
  if (order <= room.first) speed.sampledCalled--;
  room.called = Math.max(room.called, order);
  speed.called += passed;
  if (isPromoted) speed.promoted++;
}
