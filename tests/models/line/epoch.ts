import { orderBeforeFirst, type PlaceRef, type RulesSnapshot } from "../../../src/domain/queue.ts";
import {
  ROOM_STATE_POLICIES,
  type RoomState,
  type RoomStatePolicy,
  type Rules,
  stateAt,
} from "../../../src/domain/room.ts";
import type { Draw } from "../../../src/domain/room.ts";
import type { Place, Span } from "./places.ts";

/** What the counts of the stock mean for admissions, as far as it is known. */
export interface KnownStock {
  /** Since when the stock limits admissions; null without a limit. */
  limitedSinceMs: number | null;
  asOfMs: number;
  storedAtMs: number;
  available: number;
  /** When fans bought who had gone in before the limit: a count of earlier does not know of it. */
  unlimitedBuysMs: number[];
  /** When the last count arrived, until the next look. */
  arrivedMs: number | null;
  /** How many more may go in at the least, when nothing ended close to the count; else null. */
  budget: number | null;
  /** False after a failover, or when a wiped room got rules without a count. */
  isKnown: boolean;
}

/** All that is known of a room since its rules came to an empty store. It holds plain data. */
export interface Epoch {
  /** Null until an answer has named it. */
  id: string | null;
  readonly beganMs: number;
  readonly first: number;
  rules: Rules;
  rulesAppliedMs: number;
  /** When rules were applied last, these or older ones. */
  checkedMs: number;
  /** The draw for which fans gather or gathered last, and the last one that was opened. */
  /** The last draw that rules had; null before. */
  draw: Draw | null;
  /** The one before it, which the line uses until all its tickets are given. */
  drawBefore: Draw | null;
  openedDrawId: string | null;
  /** Whether fans who gathered were drawn. */
  hasDrawn: boolean;
  readonly places: Place[];
  readonly byToken: Map<string, Place>;
  readonly latest: Map<string, Place>;
  lastOrder: number;
  readonly rejoined: Set<string>;
  /** Their tokens of earlier epochs bring nothing. */
  readonly erased: Set<string>;
  /** Until then only returned fans go in; 0 when nobody has rejoined. */
  holdUntilMs: number;
  /** The slots given under the present rate. */
  slots: Span[];
  /** When the last slot was given, at the latest. */
  lastSlotMs: number;
  stock: KnownStock;
  called: number;
  near: number;
  /** When a document was heard last, and the one before the limit was last raised. */
  frontMs: number;
  beforeRaiseMs: number;
  mostCapacity: number;
  longestPollEverMs: number;
  /** When it last became longer. */
  longerPollsSinceMs: number;
  /** The longest polls that fans may follow now. */
  longestPolls: { readonly ms: number; readonly untilMs: number }[];
  /** The time that may have been counted as outages, at most. */
  lostMs: number;
  contactMs: number;
  /** The ends of places are kept that ended since. */
  recordsSinceMs: number;
  /** Whether acts of this epoch were lost, and until when documents may be of the lost time. */
  hasLostActs: boolean;
  uncertainUntilMs: number;
}

export function newEpoch(rules: Rules, nowMs: number, hasStock: boolean): Epoch {
  const first = orderBeforeFirst(nowMs);
  return {
    id: null,
    beganMs: nowMs,
    first,
    rules,
    rulesAppliedMs: nowMs,
    checkedMs: nowMs,
    draw: rules.draw,
    drawBefore: rules.draw,
    openedDrawId: null,
    hasDrawn: false,
    places: [],
    byToken: new Map(),
    latest: new Map(),
    lastOrder: first,
    rejoined: new Set(),
    erased: new Set(),
    holdUntilMs: 0,
    slots: [],
    lastSlotMs: -Infinity,
    stock: {
      limitedSinceMs: null,
      unlimitedBuysMs: [],
      asOfMs: -Infinity,
      storedAtMs: -Infinity,
      available: 0,
      arrivedMs: null,
      budget: null,
      isKnown: hasStock,
    },
    called: first,
    near: first,
    frontMs: nowMs,
    beforeRaiseMs: -Infinity,
    mostCapacity: rules.capacity,
    longestPollEverMs: rules.pollMaxSeconds * 1000,
    longerPollsSinceMs: nowMs,
    longestPolls: [],
    lostMs: 0,
    contactMs: nowMs,
    recordsSinceMs: nowMs,
    hasLostActs: false,
    uncertainUntilMs: 0,
  };
}

export function tokenKey({ fan, order }: Pick<PlaceRef, "fan" | "order">): string {
  return `${order}:${fan}`;
}

export function placeOf(epoch: Epoch, ref: PlaceRef): Place | undefined {
  return ref.epoch === epoch.id ? epoch.byToken.get(tokenKey(ref)) : undefined;
}

/**
 * The place of a token that was made before a failover and is not known any more: the number of
 * another gathering of the fan, or the ticket of the draw.
 */
export function placeOfLost(epoch: Epoch, { fan, order }: PlaceRef): Place | undefined {
  const latest = epoch.hasLostActs ? epoch.latest.get(fan) : undefined;
  if (!latest?.draw || latest.state === "OVER") return undefined;
  return order < 0 || latest.order === null ? latest : undefined;
}

export function addToken(epoch: Epoch, place: Place, order: number): void {
  epoch.byToken.set(tokenKey({ fan: place.fan as PlaceRef["fan"], order }), place);
}

export function stateNow({ rules }: Epoch, nowMs: number): RoomState {
  return stateAt(rules, nowMs);
}

/** What the state allows: nobody gathers for a draw whose seed may be known. */
export function allowsNow(epoch: Epoch, nowMs: number): RoomStatePolicy {
  const policy = ROOM_STATE_POLICIES[stateNow(epoch, nowMs)];
  const isOpened = epoch.rules.draw !== null && epoch.rules.draw.id === epoch.openedDrawId;
  return { ...policy, gathers: policy.gathers && !isOpened };
}

/** Whether an answer contains the rules that are in force. */
export function followsRules(epoch: Epoch, told: RulesSnapshot, nowMs: number): boolean {
  const { rules } = epoch;
  return told.state === stateNow(epoch, nowMs) && told.opensAtMs === rules.opensAtMs &&
    told.capacity === rules.capacity && told.holdTtlMs === rules.holdTtlMs &&
    told.admissionsPerMinute === rules.admissionsPerMinute &&
    told.pollMinSeconds === rules.pollMinSeconds && told.pollMaxSeconds === rules.pollMaxSeconds;
}

/** The longest poll that a fan may follow now. */
export function longestPollMs({ rules, longestPolls }: Epoch, nowMs: number): number {
  const old = longestPolls.filter(({ untilMs }) => nowMs < untilMs).map(({ ms }) => ms);
  return Math.max(rules.pollMaxSeconds * 1000, ...old);
}
