import type { Clock } from "../../../src/ports/clock.ts";
import type { Draw, Rules, Stock } from "../../../src/domain/room.ts";
import { PLENTIFUL_STOCK } from "../../../src/domain/limits.ts";
import {
  COUNT_ORDER_MS,
  ISSUED_LOG_SHARE,
  PACE_SAMPLE_MS,
} from "../../../src/domain/queue_bounds.ts";
import { lotOf, pseudonymOf } from "../../contract/queue_store/drawing.ts";
import type { FanId } from "../../../src/domain/ids.ts";
import { allowsNow, type Epoch, longestPollMs, newEpoch, stateNow } from "./epoch.ts";
import type { Laws } from "./laws.ts";
import type { LineSettings } from "./line.ts";
import type { Place } from "./places.ts";

/** A longer time without a call may be an outage for the store. */
const QUIET_MS = 10_000;

/** What happened since the last look at the whole line. */
export interface Period {
  readonly sinceMs: number;
  maxCapacity: number;
  /** Whether fans were promoted at some moment, and how many were released. */
  promotes: boolean;
  released: number;
  /** Whether the stock limits admissions for the whole period, and the rate is the same. */
  isLimited: boolean;
  isOfOneRate: boolean;
  readonly callers: Set<string>;
  readonly ended: Set<Place>;
  readonly created: Set<Place>;
  /** Places that have got a slot. */
  readonly slots: Set<Place>;
  /** Until when only returned fans may go in, at the beginning. */
  readonly holdUntilMs: number;
  calls: number;
}

/** What is known of the line by the answers of its store, and what fans were told. */
export interface Witness {
  readonly laws: Laws;
  readonly settings: LineSettings;
  readonly clock: Clock;
  /** A call may be so late without a loss. */
  readonly graceMs: number;
  epoch: Epoch | null;
  period: Period;
  /** Until when which rules are kept out of a room that was removed. */
  seal: { readonly version: number; readonly untilMs: number } | null;
  /** The epochs that ended when the room was to be removed. */
  sealed: readonly string[];
  /** The epochs of rooms that were deleted: their tokens bring nothing. */
  readonly removed: Set<string>;
}

export function createWitness(
  options: Pick<Witness, "laws" | "settings" | "clock" | "graceMs">,
): Witness {
  return {
    ...options,
    epoch: null,
    period: newPeriod(options.clock()),
    seal: null,
    sealed: [],
    removed: new Set(),
  };
}

export function newPeriod(nowMs: number, holdUntilMs = 0): Period {
  return {
    sinceMs: nowMs,
    maxCapacity: 0,
    promotes: false,
    released: 0,
    isLimited: true,
    isOfOneRate: true,
    callers: new Set(),
    ended: new Set(),
    created: new Set(),
    slots: new Set(),
    holdUntilMs,
    calls: 0,
  };
}

const values = new Map<string, number>();

/** The value of a fan in a draw, as the published rules of the draw have it. */
export function drawValueOf(draw: Draw, fan: string): number {
  const key = `${draw.id} ${fan}`;
  let value = values.get(key);
  if (value === undefined) {
    value = lotOf(draw, pseudonymOf(draw, fan as FanId));
    if (values.size > 10_000) values.clear();
    values.set(key, value);
  }
  return value;
}

/** To be called at each call that reaches the store, before its answer is judged. */
export function contact({ epoch, period, clock, settings }: Witness): void {
  if (!epoch) return;
  const nowMs = clock();
  const gapMs = nowMs - epoch.contactMs;
  // The last upkeep may have been a while before the last call.
  if (gapMs > QUIET_MS) loseTime(epoch, gapMs + PACE_SAMPLE_MS);
  epoch.contactMs = nowMs;
  period.calls++;
  noteOpening(epoch, nowMs);
  noteIssued(epoch, nowMs, settings.waitingTtlMs);
  notePeriod(period, epoch, nowMs);
}

/** A call that no upkeep followed before the silence is dated as if it came after that. */
function loseTime(epoch: Epoch, mostMs: number): void {
  epoch.lostMs += mostMs;
  for (const place of epoch.places) {
    const isDatedLater = place.provenMs >= epoch.contactMs - PACE_SAMPLE_MS;
    if (isDatedLater) place.datedMs = Math.max(place.datedMs, place.provenMs + mostMs);
  }
}

/** Tickets are logged now and then by upkeep, which comes with a call when it is due. */
function noteIssued({ places }: Epoch, nowMs: number, waitingTtlMs: number): void {
  const afterMs = waitingTtlMs * ISSUED_LOG_SHARE + PACE_SAMPLE_MS;
  for (const place of places) {
    const issuedMs = place.lotOpenedMs ?? place.createdMs;
    if (place.loggedMs === Infinity && nowMs >= issuedMs + afterMs) place.loggedMs = nowMs;
  }
}

function notePeriod(period: Period, epoch: Epoch, nowMs: number): void {
  period.maxCapacity = Math.max(period.maxCapacity, epoch.rules.capacity);
  period.promotes ||= allowsNow(epoch, nowMs).promotes;
  period.isLimited &&= epoch.stock.limitedSinceMs !== null;
}

/** All who gather for the present draw are drawn as soon as nobody gathers any more. */
function noteOpening(epoch: Epoch, nowMs: number): void {
  const { rules } = epoch;
  const hasOpenedByTime = stateNow(epoch, nowMs) !== rules.state;
  if (hasOpenedByTime) epoch.openedDrawId = rules.draw?.id ?? null;
  const { gathers, mayJoin, promotes } = allowsNow(epoch, nowMs);
  if (!gathers && (mayJoin || promotes)) openLot(epoch, nowMs);
}

function openLot(epoch: Epoch, nowMs: number): void {
  const gathered = epoch.places.filter((place) => place.state === "GATHERED");
  for (const place of gathered) {
    place.lotOpenedMs = nowMs;
    place.state = "WAITING";
    place.provenMs = Math.max(place.provenMs, nowMs);
  }
  if (gathered.length === 0) return;
  epoch.openedDrawId = epoch.draw?.id ?? null;
  epoch.hasDrawn = true;
}

/** Rules came to the store. Returns whether they began an epoch. */
export function applied(witness: Witness, rules: Rules, stock: Stock | null): boolean {
  const { clock } = witness;
  const nowMs = clock();
  const known = witness.epoch;
  const isNews = !known || rules.version > known.rules.version;
  if (!known) {
    witness.epoch = newEpoch(rules, nowMs, stock !== null);
    witness.period = newPeriod(nowMs);
  } else {
    contact(witness);
    known.checkedMs = nowMs;
    if (isNews) replaceRules(witness, known, rules, nowMs);
  }
  const epoch = witness.epoch!;
  if (stock && isNews) counted(witness, stock);
  notePeriod(witness.period, epoch, nowMs);
  return !known;
}

function replaceRules(
  { period, settings }: Witness,
  epoch: Epoch,
  rules: Rules,
  nowMs: number,
): void {
  const old = epoch.rules;
  if (old.pollMaxSeconds > rules.pollMaxSeconds) {
    const ms = longestPollMs(epoch, nowMs);
    epoch.longestPolls.push({ ms, untilMs: nowMs + ms + settings.showUpMs });
  }
  if (old.admissionsPerMinute !== rules.admissionsPerMinute) {
    epoch.slots = [];
    period.isOfOneRate = false;
  }
  epoch.rules = rules;
  if (rules.pollMaxSeconds > old.pollMaxSeconds) epoch.longerPollsSinceMs = nowMs;
  epoch.longestPollEverMs = Math.max(epoch.longestPollEverMs, rules.pollMaxSeconds * 1000);
  epoch.rulesAppliedMs = nowMs;
  if (rules.draw && rules.draw.id !== epoch.draw?.id) {
    openLot(epoch, nowMs);
    epoch.drawBefore = epoch.draw ?? rules.draw;
    epoch.draw = rules.draw;
  }
  noteOpening(epoch, nowMs);
}

/** A count of the stock came to the store. */
export function counted({ epoch, clock, period }: Witness, stock: Stock): void {
  if (!epoch) return;
  const nowMs = clock();
  const { asOfMs: newestMs, storedAtMs } = epoch.stock;
  if (stock.asOfMs <= newestMs && nowMs >= storedAtMs && nowMs < storedAtMs + COUNT_ORDER_MS) {
    return;
  }
  const { available, asOfMs } = stock;
  const known = epoch.stock;
  if (available >= PLENTIFUL_STOCK) known.limitedSinceMs = null;
  else if (available === 0) known.limitedSinceMs ??= nowMs;
  known.asOfMs = asOfMs;
  known.storedAtMs = nowMs;
  known.available = available;
  known.isKnown ||= available >= PLENTIFUL_STOCK;
  known.budget = null;
  known.arrivedMs = nowMs;
  if (known.limitedSinceMs === null) period.isLimited = false;
}

/** The fans inside who surely got their slots after the stock began to limit admissions. */
export function limitedInside({ places, stock: { limitedSinceMs } }: Epoch): Place[] {
  if (limitedSinceMs === null) return [];
  return places.filter(({ state, slot }) =>
    state === "ADMITTED" && slot !== null && slot.afterMs > limitedSinceMs
  );
}

/** The state in which a place ends; nothing later changes it. */
export function endPlace(
  place: Place,
  cause: NonNullable<Place["end"]>["cause"],
  afterMs: number,
  byMs: number,
): void {
  if (place.state === "OVER") return;
  place.state = "OVER";
  place.end = { cause, afterMs, byMs };
}
