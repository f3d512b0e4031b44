import type { EndCause } from "../../../src/domain/queue.ts";
import type { Draw } from "../../../src/domain/room.ts";

export type PlaceState = "GATHERED" | "WAITING" | "RETURNED" | "ADMITTED" | "PARKED" | "OVER";

/** Something that happened after one moment and at the latest at another, in epoch milliseconds. */
export interface Span {
  readonly afterMs: number;
  readonly byMs: number;
}

/** A time by which the fan was to call, and how much of an outage could have been counted then. */
export interface Due {
  readonly atMs: number;
  readonly lostMs: number;
}

/** What is known of one place from what the store has answered. */
export interface Place {
  readonly fan: string;
  readonly createdMs: number;
  /** The draw for which the fan gathered, and what the fan has in it. */
  readonly draw: Draw | null;
  readonly value: number;
  readonly pseudonym: string | null;
  readonly isRejoined: boolean;
  /** The order of the ticket; null while it is not known. */
  order: number | null;
  state: PlaceState;
  /** When the draw began for which the fan gathered; null before. */
  lotOpenedMs: number | null;
  /** Whether the fan was called, and whether a turn was missed. */
  wasCalled: boolean;
  wasMissed: boolean;
  /** Whether the fan got another slot after a missed turn. */
  wasCalledAgain: boolean;
  hasShownUp: boolean;
  /** Whether the fan has bought, although the end of the place may be lost. */
  hasPaid: boolean;
  /** The end of the admission, once the fan has shown up. */
  expiresAtMs: number | null;
  slot: Span | null;
  /** When the fan was parked; null if never. */
  parked: Span | null;
  /** When the store last had a sign of the fan. */
  provenMs: number;
  /** To which time the store may date that sign; later than `provenMs` after an outage. */
  datedMs: number;
  /** When the ticket was certainly in the log of issued tickets; Infinity before. */
  loggedMs: number;
  /** By when a near fan was told to call. */
  due: Due | null;
  /** When the order was first seen to be near. */
  nearSeen: Due | null;
  /** Whether a token may have ended the place of which it is not known whether it is of the place. */
  isUncertain: boolean;
  /** How the place ended: null while it lives; "UNKNOWN" if several things may have ended it. */
  end: (Span & { cause: EndCause | "UNKNOWN" }) | null;

  /** What the fan was told: of the number ahead, of being near, of the next call. */
  told: number;
  toldMs: number;
  isNear: boolean;
  toldCallMs: number;
  /** By when the next call must come; the time to show up is added. */
  callByMs: number;
  /** After an outage a call may come until then. */
  excusedUntilMs: number;
  /** Since when the fan has called as told without a break; Infinity if the last call was late. */
  punctualSinceMs: number;
}

export function newPlace(
  fixed: Pick<
    Place,
    "fan" | "createdMs" | "draw" | "value" | "pseudonym" | "isRejoined" | "order" | "state"
  >,
): Place {
  return {
    ...fixed,
    lotOpenedMs: null,
    wasCalled: false,
    wasMissed: false,
    wasCalledAgain: false,
    hasShownUp: false,
    hasPaid: false,
    expiresAtMs: null,
    slot: null,
    parked: null,
    provenMs: fixed.createdMs,
    datedMs: fixed.createdMs,
    loggedMs: Infinity,
    due: null,
    nearSeen: null,
    isUncertain: false,
    end: null,
    told: Infinity,
    toldMs: fixed.createdMs,
    isNear: false,
    toldCallMs: fixed.createdMs,
    callByMs: fixed.createdMs,
    excusedUntilMs: 0,
    punctualSinceMs: Infinity,
  };
}

export function isOver({ state, hasShownUp, expiresAtMs }: Place, nowMs: number): boolean {
  return state === "OVER" || (hasShownUp && expiresAtMs! <= nowMs);
}

/** Whether the fan calls as told, so that the place is safe. `graceMs`: a call may be so late. */
export function isPunctual(
  { punctualSinceMs, callByMs, excusedUntilMs }: Place,
  nowMs: number,
  graceMs: number,
): boolean {
  return punctualSinceMs <= nowMs && nowMs <= Math.max(callByMs, excusedUntilMs) + graceMs;
}

/** Whether nothing can have ended the place unseen. */
export function surelyLives(
  place: Place,
  nowMs: number,
  { graceMs, waitingTtlMs }: { readonly graceMs: number; readonly waitingTtlMs: number },
): boolean {
  if (isOver(place, nowMs) || place.isUncertain) return false;
  if (isPunctual(place, nowMs, graceMs) || place.hasShownUp) return true;
  switch (place.state) {
    case "GATHERED":
    case "WAITING":
      return (place.state === "GATHERED" && place.lotOpenedMs === null) ||
        nowMs < place.provenMs + waitingTtlMs;
    case "PARKED":
      return nowMs < place.parked!.afterMs + waitingTtlMs;
    case "ADMITTED":
      return !place.wasMissed && nowMs < place.slot!.afterMs + waitingTtlMs;
    default:
      return false;
  }
}

/** Whether one place is in front of the other by what is known. */
export function isBefore(one: Place, other: Place): boolean {
  if (one.order !== null && other.order !== null) return one.order < other.order;
  if (one.draw !== null && one.draw.id === other.draw?.id) return one.value < other.value;
  // Whoever joins after an opening stands behind all who gathered before it.
  return one.order === null && one.lotOpenedMs !== null && !other.isRejoined &&
    other.createdMs > one.lotOpenedMs;
}
