import type { FanId } from "../../domain/ids.ts";
import {
  type Allowance,
  allowance,
  correctedArrival,
  dueOfCall,
  nearLimit,
  showUpDeadline,
} from "../../domain/promotion.ts";
import { NEAR_STEP_MS } from "../../domain/queue_bounds.ts";
import { admissionPace } from "../../domain/room.ts";
import { callOf, endPlace, giveSlot, park, takeFromLine } from "./places.ts";
import type { Room } from "./room.ts";

export interface PromotionOptions {
  /** So many heads are promoted in a state that promotes nobody by itself. */
  readonly release?: number;
  /** The fan who joined by this act: alone in line, this fan gets a free slot with any stock. */
  readonly joined?: FanId | null;
}

export interface Promotion {
  readonly allowed: Allowance;
  readonly promoted: number;
  /** Fans who should have called before their turn came. */
  readonly overdue: number;
  /** Whether the batch was used up. */
  readonly isPartial: boolean;
}

/** Takes heads from the line while there are free slots. Absent fans get none. */
export function promoteHeads(
  room: Room,
  nowMs: number,
  { release = 0, joined = null }: PromotionOptions,
): Promotion {
  const { rules: { allows, current }, waiting, stock, lobby, bounds } = room;
  const noRate = { intervalMs: 0, toleranceMs: 0 };
  const rate = { nowMs, ...admissionPace(current.admissionsPerMinute) ?? noRate };
  const arrivalMs = correctedArrival({ ...rate, arrivalMs: room.arrivalMs });
  const isAlone = joined !== null && waiting.size === 1 && waiting.has(joined) && !lobby.isDrawing;
  const allowed = allowance({
    ...rate,
    arrivalMs,
    capacity: current.capacity,
    admitted: room.inside,
    promotes: allows.promotes,
    release: allows.isReleasable ? release : 0,
    budget: allows.promotes && stock.budget !== null && !isAlone ? stock.budget : null,
  });
  let [promoted, overdue] = [0, 0];
  while (promoted < allowed.now && promoted + overdue < bounds.promotionBatch) {
    const head = headOf(room, nowMs);
    if (!head) break;
    if (takeHead(room, head, isAlone, nowMs)) promoted++;
    else overdue++;
  }
  const from = promoted > 0 ? Math.max(arrivalMs, nowMs) : arrivalMs;
  room.arrivalMs = from + promoted * rate.intervalMs;
  return { allowed, promoted, overdue, isPartial: promoted + overdue === bounds.promotionBatch };
}

/** Raises the limit of those who are near. Returns whether it is to be raised later. */
export function raiseNear(room: Room, nowMs: number): boolean {
  const { called, speed, lobby, tickets, near, settings: { showUpMs } } = room;
  const sinceMs = nowMs - room.lostMs;
  const toldMs = room.rules.toldMs(sinceMs);
  const limit = nearLimit(called, speed.pace, { toldMs, showUpMs }, room.bounds);
  const wanted = lobby.isDrawing ? Math.min(limit, lobby.drawn) : limit;
  if (wanted <= near) return false;
  if (nowMs < room.nearAtMs + NEAR_STEP_MS) return true;
  if (Math.min(wanted, tickets) > Math.min(near, tickets)) room.farRaisedAtMs = nowMs;
  room.near = wanted;
  room.nearAtMs = nowMs;
  // Of the limits that have stood for a window only the last one is of use.
  const vetted = room.raises.findLastIndex((raise) => raise.sinceMs <= sinceMs - toldMs - showUpMs);
  room.raises = [...room.raises.slice(Math.max(0, vetted)), { near: wanted, sinceMs }];
  return false;
}

/** Nobody passes those who are not drawn yet, nor those who may rejoin after a reset. */
function headOf({ waiting, lobby, holdUntilMs }: Room, nowMs: number) {
  const head = waiting.first();
  if (!head || head.score < 0) return head;
  return nowMs < holdUntilMs || (lobby.isDrawing && head.score > lobby.drawn) ? undefined : head;
}

/** Takes a head from the line. Returns whether the fan got a slot. */
function takeHead(
  room: Room,
  { member, score }: { member: string; score: number },
  isAlone: boolean,
  nowMs: number,
): boolean {
  const fan = member as FanId;
  const liveMs = nowMs - room.lostMs;
  const call = room.calls.score(callOf(fan, score));
  const deadlineMs = showUpDeadline({
    dueMs: call === undefined ? null : dueOfCall(call),
    nearSinceMs: room.raises.find(({ near }) => near >= score)?.sinceMs ?? liveMs,
    showUpMs: room.settings.showUpMs,
    windowMs: room.windowMs(nowMs),
    nowMs: liveMs,
  });
  const isAgain = score < 0;
  const order = isAgain ? room.places.get(fan)!.order : score;
  takeFromLine(room, fan);
  if (!isAgain) countCalled(room, order, { hasSlot: deadlineMs !== null, isAlone });
  if (deadlineMs !== null) giveSlot(room, fan, { order, isAgain, deadlineMs }, nowMs);
  else if (isAgain) endPlace(room, fan, "TURN_MISSED", nowMs);
  else park(room, fan, order, nowMs);
  return deadlineMs !== null;
}

/** An order of an earlier epoch is called although `called` is above it. */
function countCalled(
  room: Room,
  order: number,
  { hasSlot, isAlone }: { readonly hasSlot: boolean; readonly isAlone: boolean },
): void {
  const isRejoined = order <= room.first;
  // Who found a free slot says nothing of those who wait.
  if (!isAlone) room.speed.recordCalled(isRejoined ? 1 : order - room.called, hasSlot);
  if (!isRejoined) room.called = order;
}
