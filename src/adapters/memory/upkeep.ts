import type { FanId } from "../../domain/ids.ts";
import { callScore, dueOfCall, lastScoreDueBy, outageMs } from "../../domain/promotion.ts";
import {
  DRAW_STEP_MS,
  NEAR_STEP_MS,
  OUTAGES_KEPT,
  PACE_SAMPLE_MS,
} from "../../domain/queue_bounds.ts";
import { admissionPace } from "../../domain/room.ts";
import { age, logIssued } from "./ageing.ts";
import { callOf, lapse } from "./places.ts";
import { promoteHeads, type Promotion, type PromotionOptions, raiseNear } from "./promotion.ts";
import type { Room } from "./room.ts";

export interface UpkeepResult {
  readonly expired: number;
  readonly admitted: number;
  readonly more: boolean;
}

/** The part of every act that draws, ends what has lapsed and promotes heads, all bounded. */
export function upkeep(room: Room, nowMs: number, options: PromotionOptions = {}): UpkeepResult {
  const { rules, lobby, waiting, turns } = room;
  skipOutage(room, nowMs);
  if (!room.isDeserted || room.parked > 0) room.activeAtMs = nowMs;
  if (rules.opensAtMs <= nowMs) rules.openByTime();
  const { gathers, mayJoin, promotes } = rules.allows;
  if (!gathers && (mayJoin || promotes)) openLobby(room, nowMs);
  if (lobby.isDrawing) drawShare(room, nowMs);
  const lapsed = endLapsed(room, nowMs);
  const aged = nowMs >= room.ageAtMs ? age(room, nowMs) : 0;
  logIssued(room, nowMs);
  const done = promoteHeads(room, nowMs, options);
  callEmptyLine(room, nowMs);
  const isMoving = rules.allows.promotes && room.stock.budget !== 0;
  room.speed.measure(rules.snapshot, isMoving, nowMs);
  const isNearLate = raiseNear(room, nowMs);
  if (nowMs >= room.createdAtMs + room.settings.waitingTtlMs && room.rejoinedWaiting === 0) {
    room.rejoins = false;
    room.rejoined.clear();
  }
  room.actedAtMs = waiting.size + turns.size > 0 ? nowMs : Infinity;
  room.dueMs = nextDue(room, nowMs, done, isNearLate);
  room.isFrontNew = true;
  const more = room.dueMs <= nowMs || lobby.isDrawing;
  return { expired: lapsed + aged + done.overdue, admitted: done.promoted, more };
}

/** Reserves tickets for all who gathered. Fans who join later are behind them. */
export function openLobby(room: Room, nowMs: number): void {
  const last = room.lobby.open(room.tickets, nowMs);
  if (last === room.tickets) return;
  room.tickets = last;
  room.issued.push({ ticket: last, atMs: nowMs });
  room.rules.openedDraw = room.lobby.draw!.id;
}

function skipOutage(room: Room, nowMs: number): void {
  const { actedAtMs, lostMs, farRaisedAtMs, settings } = room;
  const dueMs = firstDueMs(room, nowMs);
  const toldMs = room.rules.toldMs(actedAtMs - lostMs);
  const outage = outageMs({ nowMs, actedAtMs, dueMs, farRaisedAtMs, toldMs, ...settings });
  if (outage === 0) return;
  const began = { liveMs: nowMs - lostMs - outage, lostBeforeMs: lostMs };
  room.outages = [...room.outages, began].slice(-OUTAGES_KEPT);
  room.lostMs += outage;
  room.speed.leaveOut(outage);
}

/** By when the first fan was to call since the last act: one who waits near, or was called. */
function firstDueMs({ calls, turns, actedAtMs, lostMs, settings }: Room, nowMs: number) {
  const [call] = calls.above(lastScoreDueBy(actedAtMs - lostMs));
  const [turn] = turns.above(actedAtMs - lostMs + settings.showUpMs);
  const first = Math.min(
    call ? dueOfCall(call.score) : Infinity,
    turn ? turn.score - settings.showUpMs : Infinity,
  ) + lostMs;
  return first <= nowMs - PACE_SAMPLE_MS ? first : null;
}

/** A fan who is near at once was asked to call within the longest polling interval. */
function drawShare(room: Room, nowMs: number): void {
  const liveMs = nowMs - room.lostMs;
  const score = callScore(liveMs, room.rules.toldMs(liveMs) / 1000);
  for (const { fan, order } of room.lobby.drawShare(room.bounds.drawBatch)) {
    room.waiting.add(fan, order);
    if (order <= room.near) room.calls.add(callOf(fan, order), score);
  }
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
function callEmptyLine(room: Room, nowMs: number): void {
  const { waiting, lobby, holdUntilMs } = room;
  const isEmpty = waiting.size === 0 && nowMs >= holdUntilMs && !lobby.isDrawing;
  if (isEmpty) room.called = Math.max(room.called, room.tickets);
}

function nextDue(room: Room, nowMs: number, done: Promotion, isNearLate: boolean): number {
  const { waiting, turns, admitted, lobby, holdUntilMs } = room;
  const { promoted, allowed, isPartial } = done;
  const times = [
    (turns.first()?.score ?? Infinity) + room.lostMs,
    admitted.first()?.score ?? Infinity,
    room.ageAtMs,
    room.rules.opensAtMs,
  ];
  if (lobby.isDrawing) times.push(nowMs + DRAW_STEP_MS);
  if (waiting.size + turns.size > 0) times.push(nowMs + PACE_SAMPLE_MS);
  // The tickets of an empty line are called then.
  if (nowMs < holdUntilMs) times.push(holdUntilMs);
  if (waiting.size === 0) return Math.min(...times);
  if (isNearLate) times.push(room.nearAtMs + NEAR_STEP_MS);
  if (isPartial) times.push(nowMs);
  if (promoted === allowed.now && allowed.now < allowed.slots) {
    const { toleranceMs } = admissionPace(room.rules.current.admissionsPerMinute)!;
    times.push(Math.max(nowMs + 1, Math.ceil(room.arrivalMs - toleranceMs)));
  }
  return Math.min(...times);
}
