import type { FanId, RoomId } from "./ids.ts";
import type { RoomState } from "./room.ts";

/** One ticket of one fan in one epoch of one room. */
export interface PlaceRef {
  readonly room: RoomId;
  readonly fan: FanId;
  /**
   * The order of the ticket; a lower one is admitted first. See `ticketOf`. It is negative for a
   * fan who gathered before the opening and has no ticket until the draw: see `orderOfGathered`.
   */
  readonly order: number;
  /** A random value that is made with the room's first key. It differs after a wipe. */
  readonly epoch: string;
}

/** The content of a queue token. */
export interface QueueToken extends PlaceRef {
  /** When the queue made the token, which proves the place; epoch milliseconds of its clock. */
  readonly madeAtMs: number;
  /** Whether the fan was answered as near. The queue itself answers such a token, always. */
  readonly isNear: boolean;
  /** Of a fan who gathered; null for a fan who has a ticket. */
  readonly pseudonym: string | null;
  /** Whether the draw gave the ticket. */
  readonly isDrawn: boolean;
}

export type GoneReason = "ENDED" | "LINE_RESET";

/** Why a place ended. */
export const END_CAUSES = [
  "PAID",
  "LEFT",
  "ADMISSION_LAPSED",
  "TURN_MISSED",
  "REMOVED",
  "SILENT",
] as const;
export type EndCause = typeof END_CAUSES[number];

/** What is measured of turns and orders. Those of earlier samples count less. */
export interface TurnTally {
  /** Turns that were used and are over: paid, left, lapsed or removed. */
  readonly ended: number;
  /** The time for which slots were held, together, without that of missed turns. */
  readonly slotMs: number;
  /** How unevenly turns end: the sum of (ended − expected)² of the samples. */
  readonly surprise: number;
  /** Orders called, and those of them whose fan had gone or did not show up. */
  readonly called: number;
  readonly absent: number;
}

/** The measured speed of the line. */
export interface LineSpeed extends TurnTally {
  /** The expected number of orders called a second; 0 while nobody is admitted. */
  readonly pace: number;
  /** Fans who hold a slot now. */
  readonly admitted: number;
  /** How many more fans the stock allows; null without a limit. */
  readonly seatsLeft: number | null;
}

/** The part of the room's rules that an answer needs, at the moment of the call. */
export interface RulesSnapshot {
  readonly state: RoomState;
  readonly opensAtMs: number | null;
  readonly capacity: number;
  readonly admissionsPerMinute: number | null;
  readonly holdTtlMs: number;
  readonly pollMinSeconds: number;
  readonly pollMaxSeconds: number;
}

/** NONE: all seats are sold. HELD: no seat is free, but held seats may come back. */
export type StockOutlook = "SOME" | "HELD" | "NONE";

/** AT_LEAST: the line re-forms after a reset, and fans may still rejoin in front. */
export type PositionIs = "EXACT" | "AT_MOST" | "AT_LEAST";

/** The state of one fan's place in the queue store. Times are epoch milliseconds. */
export type Standing =
  | {
    readonly state: "WAITING";
    /** The order of the ticket; null until the draw has reached this fan. */
    readonly order: number | null;
    /** Null while the store does not answer, and `positionIs` with it. */
    readonly ahead: number | null;
    readonly positionIs: PositionIs | null;
    /** Whether the fan can be admitted before the next poll; see `near` of `Front`. */
    readonly isNear: boolean;
    readonly pollAfterSeconds: number;
    /** Silence until then does not end the place. */
    readonly expiresAtMs: number;
    /** When the place was proven last. */
    readonly provenAtMs: number;
    readonly speed: LineSpeed;
    readonly rules: RulesSnapshot;
    readonly seats: StockOutlook;
    /** True for one caller every few seconds, who must have the stock counted again. */
    readonly countStock: boolean;
  }
  /** Before the opening. The place does not age until then. */
  | {
    readonly state: "GATHERED";
    /** Identifies the fan's ticket in the published list of the draw. */
    readonly pseudonym: string;
    readonly rules: RulesSnapshot;
    readonly provenAtMs: number;
    /** When the rules were read. */
    readonly takenAtMs: number;
  }
  | {
    readonly state: "ADMITTED";
    readonly order: number;
    readonly expiresAtMs: number;
    readonly rules: RulesSnapshot;
    /** The time of the answer, by the store's clock. */
    readonly provenAtMs: number;
  }
  | {
    readonly state: "GONE";
    readonly reason: GoneReason;
    /** Null when it is not known any more. */
    readonly endedBecause: EndCause | null;
  };

/** The settings that all rooms of a deployment share. */
export interface QueueSettings {
  readonly showUpMs: number;
  readonly waitingTtlMs: number;
}

/** The time in which everybody calls once: the longest poll and the time to show up. */
export function callWindowMs(showUpMs: number, pollMaxSeconds: number): number {
  return pollMaxSeconds * 1000 + showUpMs;
}

/**
 * Orders increase from epoch to epoch: an epoch begins at a multiple of the span, and the multiple
 * is the number of time steps since 1970. So a ticket of an earlier epoch is ahead of every ticket
 * of a later one without a conversion. The orders fit into a double until the year 2106.
 */
export const TICKET_SPAN = 2 ** 25;
export const EPOCH_STEP_MS = 16_000;

/** The order just before the first ticket of an epoch. */
export function orderBeforeFirst(epochBeganMs: number): number {
  return Math.floor(epochBeganMs / EPOCH_STEP_MS) * TICKET_SPAN;
}

/**
 * The order with which a token of an earlier epoch rejoins: negative when the draw decides, so that
 * fans whose tokens are older than their tickets rejoin among the others of the draw.
 */
export function orderForRejoin({ order, isDrawn }: QueueToken): number {
  return isDrawn ? -Math.abs(order) : order;
}

/** The order that a ticket of an earlier epoch has in a new epoch with tickets above `first`. */
export function orderAfterReset(order: number, first: number): number {
  // Orders overlap only if the earlier epoch began in the same time step.
  return order <= first ? order : first - TICKET_SPAN + ((order - first) % TICKET_SPAN);
}

/** The ticket number, from 1. It stays the same after a reset. */
export function ticketOf(order: number): number {
  return order % TICKET_SPAN;
}

/**
 * The order in the token of the `number`th fan who gathered in an epoch of tickets above `first`.
 * The token and the reservations keep it after the draw.
 */
export function orderOfGathered(first: number, number: number): number {
  return -(first + number);
}

/**
 * The order that a fan who had gathered has after a reset: in the order of the draw, and ahead of
 * every ticket of the epoch in which the fan gathered. `share` is the fan's value in the draw, from
 * 0 to below 1.
 */
export function orderOfGatheredAfterReset(order: number, share: number, first: number): number {
  const before = Math.floor(-order / TICKET_SPAN) * TICKET_SPAN - TICKET_SPAN;
  const within = 1 + Math.floor(share * (TICKET_SPAN - 2));
  // An epoch that began in the same time step has its tickets in the span before `first`.
  return Math.min(before, first - 2 * TICKET_SPAN) + within;
}

/** A fan who missed the turn and came back stands before all orders, in the order of returning. */
export const RETURNED_ORDERS = -(2 ** 52);

/** Fans who are not admitted yet, before and after the draw. */
export function waitingCount(
  { gathered, waiting }: { readonly gathered: number; readonly waiting: number },
): number {
  return gathered + waiting;
}
