import type { FanId, RoomId } from "./ids.ts";

/** What a queue token stands for: one ticket of one fan in one epoch of one room. */
export interface PlaceRef {
  readonly room: RoomId;
  readonly fan: FanId;
  /** Where the ticket stands in the order; lower goes first. See `ticketOf`. */
  readonly order: number;
  /** The random value the room was given with its first key; it differs once the store was wiped. */
  readonly epoch: string;
}

export type GoneReason = "ENDED" | "LINE_RESET";

/** How fast the line has been moving: promotions out of the line, and the time they took. */
export interface Pace {
  readonly promoted: number;
  readonly overMs: number;
}

/** One fan's standing, as the queue store tells it. Times are epoch milliseconds. */
export type Standing =
  | {
    readonly state: "WAITING";
    readonly ahead: number;
    readonly aheadIsExact: boolean;
    readonly expiresAtMs: number;
    readonly pace: Pace;
  }
  | { readonly state: "ADMITTED"; readonly expiresAtMs: number }
  | { readonly state: "GONE"; readonly reason: GoneReason };

/** The rules of one room. */
export interface LineSettings {
  readonly capacity: number;
  readonly admissionTtlMs: number;
  readonly showUpMs: number;
  readonly waitingTtlMs: number;
  readonly pollMinSeconds: number;
  readonly pollMaxSeconds: number;
}

/** How long a fan promoted by somebody else's call has to make a call of their own. */
export function showUpWindowMs(settings: LineSettings): number {
  return settings.pollMaxSeconds * 1000 + settings.showUpMs;
}

/**
 * Orders go on from epoch to epoch: each begins at a multiple of the span, one further for every
 * step of time. So a ticket of an earlier epoch stands, as it is, ahead of every ticket of a later
 * one. The orders fit into a double until the year 2106.
 */
export const TICKET_SPAN = 2 ** 25;
export const EPOCH_STEP_MS = 16_000;

/** The order before that of the first ticket of an epoch that begins now. */
export function orderBeforeFirst(epochBeganMs: number): number {
  return Math.floor(epochBeganMs / EPOCH_STEP_MS) * TICKET_SPAN;
}

/** The order in a new epoch, of tickets above `first`, of a ticket from an earlier one. */
export function orderAfterReset(order: number, first: number): number {
  // Only an epoch that began within the same step has orders like the new one's.
  return order < first ? order : first - TICKET_SPAN + ((order - first) % TICKET_SPAN);
}

/** The number on the ticket, from 1; it survives a reset. */
export function ticketOf(order: number): number {
  return order % TICKET_SPAN;
}

/** A rate needs this many promotions behind it before it is believed. */
const MIN_MEASURED_PROMOTIONS = 5;
const MIN_MEASURED_MS = 1000;
/** Assumed time for the admitted to turn over once, before anything was measured. */
const ASSUMED_TURNOVER_SECONDS = 300;

function measuredPerSecond(pace: Pace): number | null {
  if (pace.promoted < MIN_MEASURED_PROMOTIONS || pace.overMs < MIN_MEASURED_MS) return null;
  return pace.promoted / (pace.overMs / 1000);
}

/** Seconds until a fan with `ahead` others in front is admitted. */
export function estimatedWaitSeconds(ahead: number, pace: Pace, capacity: number): number {
  const perSecond = measuredPerSecond(pace);
  return perSecond === null
    ? Math.floor(ahead / capacity) * ASSUMED_TURNOVER_SECONDS
    : Math.ceil(ahead / perSecond);
}

/** A fan asks again after this share of the wait that is left. */
const POLL_SHARE_OF_WAIT = 0.2;
/** Polls are spread over this share of the interval, and a second, so that none ask in step. */
const POLL_JITTER = 0.2;
const MIN_POLL_JITTER_SECONDS = 1;

/**
 * When to ask again, in whole seconds between the bounds: in proportion to the wait, so sooner
 * near the front; and twice, at the least, within the silence that ends a place. `random` is
 * uniform in [0, 1).
 */
export function pollAfterSeconds(
  ahead: number,
  pace: Pace,
  settings: LineSettings,
  random: number,
): number {
  const perSecond = measuredPerSecond(pace) ?? settings.capacity / ASSUMED_TURNOVER_SECONDS;
  const keepsPlace = Math.max(1, Math.floor(settings.waitingTtlMs / 2000));
  const min = Math.min(settings.pollMinSeconds, keepsPlace);
  const max = Math.min(settings.pollMaxSeconds, keepsPlace);
  const highest = Math.min(max / (1 + POLL_JITTER), max - MIN_POLL_JITTER_SECONDS);
  const base = Math.max(min, Math.min(highest, POLL_SHARE_OF_WAIT * (ahead / perSecond)));
  const jitter = Math.max(MIN_POLL_JITTER_SECONDS, POLL_JITTER * base);
  return Math.min(max, Math.round(base + jitter * random));
}

/** The line answer of the API: whatever does not apply is null. */
export interface LineAnswer {
  readonly state: "WAITING" | "ADMITTED" | "GONE";
  readonly ticket: number;
  readonly position: number | null;
  readonly ahead: number | null;
  readonly positionIsExact: boolean | null;
  readonly estimatedWaitSeconds: number | null;
  readonly pollAfterSeconds: number | null;
  readonly expiresAt: string | null;
  readonly reason: GoneReason | null;
}

export function lineAnswer(
  order: number,
  standing: Standing,
  settings: LineSettings,
  random: number,
): LineAnswer {
  const nothing: LineAnswer = {
    state: standing.state,
    ticket: ticketOf(order),
    position: null,
    ahead: null,
    positionIsExact: null,
    estimatedWaitSeconds: null,
    pollAfterSeconds: null,
    expiresAt: null,
    reason: null,
  };
  switch (standing.state) {
    case "WAITING":
      return {
        ...nothing,
        position: standing.ahead + 1,
        ahead: standing.ahead,
        positionIsExact: standing.aheadIsExact,
        estimatedWaitSeconds: estimatedWaitSeconds(
          standing.ahead,
          standing.pace,
          settings.capacity,
        ),
        pollAfterSeconds: pollAfterSeconds(standing.ahead, standing.pace, settings, random),
        expiresAt: new Date(standing.expiresAtMs).toISOString(),
      };
    case "ADMITTED":
      return { ...nothing, expiresAt: new Date(standing.expiresAtMs).toISOString() };
    case "GONE":
      return { ...nothing, reason: standing.reason };
  }
}
