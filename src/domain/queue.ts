import type { FanId, RoomId } from "./ids.ts";
import type { RoomState } from "./room.ts";

/** What a queue token stands for: one ticket of one fan in one epoch of one room. */
export interface PlaceRef {
  readonly room: RoomId;
  readonly fan: FanId;
  /**
   * Where the ticket stands in the order; lower goes first. See `ticketOf`. Negative for whoever
   * gathered before the opening, who has no ticket until the draw: see `orderOfGathered`.
   */
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

/** What a standing tells of the room's rules as they are at that moment. */
export interface RulesTold {
  readonly state: RoomState;
  readonly opensAtMs: number | null;
  readonly capacity: number;
  readonly admissionsPerMinute: number | null;
  readonly holdTtlMs: number;
  readonly pollMinSeconds: number;
  readonly pollMaxSeconds: number;
}

/** Whether anything is left to wait for: NONE, all is sold; HELD, what is held may come back. */
export type SeatsToHopeFor = "SOME" | "HELD" | "NONE";

/** One fan's standing, as the queue store tells it. Times are epoch milliseconds. */
export type Standing =
  | {
    readonly state: "WAITING";
    /** Of the ticket; null until those who gathered have drawn theirs. */
    readonly order: number | null;
    readonly ahead: number;
    readonly aheadIsExact: boolean;
    readonly expiresAtMs: number;
    readonly pace: Pace;
    readonly rules: RulesTold;
    readonly seats: SeatsToHopeFor;
    /** Whoever is told so has the stock counted again; one caller every few seconds is. */
    readonly countStock: boolean;
  }
  /** Before the opening. The place does not age until then. */
  | {
    readonly state: "GATHERED";
    /** By which the fan finds the ticket in the published list. */
    readonly pseudonym: string;
    readonly rules: RulesTold;
  }
  | {
    readonly state: "ADMITTED";
    readonly order: number;
    readonly expiresAtMs: number;
    readonly rules: RulesTold;
  }
  | { readonly state: "GONE"; readonly reason: GoneReason };

/** The rules that all rooms share, set where Stanchion is deployed. */
export interface LineSettings {
  readonly showUpMs: number;
  readonly waitingTtlMs: number;
}

/** How long a fan promoted by somebody else's call has to make a call of their own. */
export function showUpWindowMs(showUpMs: number, pollMaxSeconds: number): number {
  return pollMaxSeconds * 1000 + showUpMs;
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

/**
 * What stands for the order of the `number`th who gathered in an epoch of tickets above `first`,
 * also once a ticket is drawn: in the token, in a reservation.
 */
export function orderOfGathered(first: number, number: number): number {
  return -(first + number);
}

/**
 * The order, after a reset, of whoever had gathered: by the draw, and ahead of every ticket of the
 * epoch in which they gathered. `share` is the fan's value in the draw, from 0 to below 1.
 */
export function orderOfGatheredAfterReset(order: number, share: number, first: number): number {
  const before = Math.floor(-order / TICKET_SPAN) * TICKET_SPAN - TICKET_SPAN;
  const within = 1 + Math.floor(share * (TICKET_SPAN - DRAW_PROBES - 1));
  // An epoch that began within the same step has its tickets within the span before `first`.
  return Math.min(before, first - 2 * TICKET_SPAN) + within;
}

/** Where two such orders are the same, the later fan takes the next free one of so many. */
export const DRAW_PROBES = 16;

/** A rate needs this many promotions behind it before it is believed. */
const MIN_MEASURED_PROMOTIONS = 5;
const MIN_MEASURED_MS = 1000;
/** Assumed time for the admitted to turn over once, before anything was measured. */
const ASSUMED_TURNOVER_SECONDS = 300;

function measuredPerSecond(pace: Pace): number | null {
  if (pace.promoted < MIN_MEASURED_PROMOTIONS || pace.overMs < MIN_MEASURED_MS) return null;
  return pace.promoted / (pace.overMs / 1000);
}

function allowedPerSecond({ admissionsPerMinute }: RulesTold): number {
  return admissionsPerMinute === null ? Infinity : admissionsPerMinute / 60;
}

/** Seconds until a fan with `ahead` others in front is admitted, and no sooner than the rules allow. */
export function estimatedWaitSeconds(ahead: number, pace: Pace, rules: RulesTold): number {
  const measured = measuredPerSecond(pace);
  const byPace = measured === null
    ? Math.floor(ahead / rules.capacity) * ASSUMED_TURNOVER_SECONDS
    : Math.ceil(ahead / measured);
  return Math.max(byPace, Math.ceil(ahead / allowedPerSecond(rules)));
}

/** A fan asks again after this share of the wait that is left. */
const POLL_SHARE_OF_WAIT = 0.2;
/** Polls are spread over this share of the interval, and a second, so that none ask in step. */
const POLL_JITTER = 0.2;
const MIN_POLL_JITTER_SECONDS = 1;

/** When an answer is given, and what it draws on beside the standing. */
export interface Clockwork {
  readonly waitingTtlMs: number;
  readonly nowMs: number;
  /** Uniform in [0, 1). */
  readonly random: number;
}

/** The bounds of polling: twice, at the least, within the silence that ends a place. */
function pollBounds(rules: RulesTold, waitingTtlMs: number): { min: number; max: number } {
  const keepsPlace = Math.max(1, Math.floor(waitingTtlMs / 2000));
  return {
    min: Math.min(rules.pollMinSeconds, keepsPlace),
    max: Math.min(rules.pollMaxSeconds, keepsPlace),
  };
}

/**
 * When to ask again, in whole seconds between the bounds: in proportion to the wait, so sooner
 * near the front.
 */
export function pollAfterSeconds(
  ahead: number,
  pace: Pace,
  rules: RulesTold,
  { waitingTtlMs, random }: Omit<Clockwork, "nowMs">,
): number {
  const assumed = rules.capacity / ASSUMED_TURNOVER_SECONDS;
  const perSecond = Math.min(measuredPerSecond(pace) ?? assumed, allowedPerSecond(rules));
  const { min, max } = pollBounds(rules, waitingTtlMs);
  const highest = Math.min(max / (1 + POLL_JITTER), max - MIN_POLL_JITTER_SECONDS);
  const base = Math.max(min, Math.min(highest, POLL_SHARE_OF_WAIT * (ahead / perSecond)));
  const jitter = Math.max(MIN_POLL_JITTER_SECONDS, POLL_JITTER * base);
  return Math.min(max, Math.round(base + jitter * random));
}

/**
 * When whoever gathered asks again: at the longest pace, or, when the room opens before that, some
 * seconds after the opening. The root spreads the crowd: of all who last asked evenly over the
 * interval before the opening, no second after it gets more than twice its even share.
 */
export function gatheredPollAfterSeconds(rules: RulesTold, clockwork: Clockwork): number {
  const { waitingTtlMs, nowMs, random } = clockwork;
  const { min, max } = pollBounds(rules, waitingTtlMs);
  const opening = Math.ceil(((rules.opensAtMs ?? Infinity) - nowMs) / 1000);
  if (opening <= 0 || opening >= max) {
    return pollAfterSeconds(Infinity, { promoted: 0, overMs: 0 }, rules, clockwork);
  }
  const after = opening + 1 + Math.floor(Math.sqrt(random) * (max - opening));
  return Math.max(min, Math.min(max, after));
}

export type WaitReason = "LOBBY" | "HELD" | "CLOSED" | "SOLD_OUT";

/** The line answer of the API: whatever does not apply is null, or missing where it is optional. */
export interface LineAnswer {
  readonly state: "WAITING" | "ADMITTED" | "GONE";
  readonly ticket: number | null;
  readonly position: number | null;
  readonly ahead: number | null;
  readonly positionIsExact: boolean | null;
  readonly estimatedWaitSeconds: number | null;
  readonly pollAfterSeconds: number | null;
  readonly expiresAt: string | null;
  readonly reason: GoneReason | WaitReason | null;
  /** While the room is not open yet. */
  readonly opensAt?: string;
  /** Before the draw. */
  readonly pseudonym?: string;
  /** With SOLD_OUT: whether what is held may come back. */
  readonly seatsMayReturn?: boolean;
}

/** Why nobody is promoted just now. */
function waitReason({ state }: RulesTold, seats: SeatsToHopeFor): WaitReason | null {
  if (state === "CLOSED" || state === "LOBBY") return state;
  if (seats !== "SOME") return "SOLD_OUT";
  return state === "HELD" ? state : null;
}

function opening({ state, opensAtMs }: RulesTold): { opensAt?: string } {
  const isToCome = (state === "CLOSED" || state === "LOBBY") && opensAtMs !== null;
  return isToCome ? { opensAt: new Date(opensAtMs).toISOString() } : {};
}

/** `order` is of the token: a standing that has none of its own is of that place. */
export function lineAnswer(order: number, standing: Standing, clockwork: Clockwork): LineAnswer {
  const nothing = {
    ticket: null,
    position: null,
    ahead: null,
    positionIsExact: null,
    estimatedWaitSeconds: null,
    pollAfterSeconds: null,
    expiresAt: null,
    reason: null,
  };
  switch (standing.state) {
    case "WAITING": {
      const { ahead, pace, rules, seats } = standing;
      const reason = waitReason(rules, seats);
      return {
        state: "WAITING",
        ...nothing,
        ticket: standing.order === null ? null : ticketOf(standing.order),
        position: ahead + 1,
        ahead,
        positionIsExact: standing.aheadIsExact,
        estimatedWaitSeconds: estimatedWaitSeconds(ahead, pace, rules),
        pollAfterSeconds: pollAfterSeconds(ahead, pace, rules, clockwork),
        expiresAt: new Date(standing.expiresAtMs).toISOString(),
        reason,
        ...opening(rules),
        ...(reason === "SOLD_OUT" ? { seatsMayReturn: seats === "HELD" } : {}),
      };
    }
    case "GATHERED":
      return {
        state: "WAITING",
        ...nothing,
        pollAfterSeconds: gatheredPollAfterSeconds(standing.rules, clockwork),
        reason: standing.rules.state === "CLOSED" ? "CLOSED" : "LOBBY",
        ...opening(standing.rules),
        pseudonym: standing.pseudonym,
      };
    case "ADMITTED":
      return {
        state: "ADMITTED",
        ...nothing,
        ticket: ticketOf(standing.order),
        expiresAt: new Date(standing.expiresAtMs).toISOString(),
      };
    case "GONE":
      return {
        state: "GONE",
        ...nothing,
        ticket: order < 0 ? null : ticketOf(order),
        reason: standing.reason,
      };
  }
}
