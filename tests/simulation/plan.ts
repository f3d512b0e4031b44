import type { RoomSettings } from "../../src/domain/room.ts";

/** A sale in virtual time. Times are ms since its beginning. */
export interface SalePlan {
  readonly seed: number;
  readonly fans: number;
  /** All fans join within this time. */
  readonly joinOverMs: number;
  readonly room: RoomSettings;
  readonly showUpMs: number;
  readonly waitingTtlMs: number;
  /** The mean length of an admission that is used; exponential. */
  readonly sessionMs: number;
  /** The share of fans who join and never call again. */
  readonly ghosts: number;
  /** The share of fans who stop calling once they were answered as near. */
  readonly vanishing: number;
  /** The share of admitted fans who leave without buying. */
  readonly leaving: number;
  /** Seats of the sale; null when the line knows no stock. */
  readonly seats: number | null;
  readonly locations: number;
  readonly isolatesPerLocation: number;
  /** Whether the isolates of a location share front documents. */
  readonly sharesFronts: boolean;
  readonly untilMs: number;
  /** Admissions a minute are counted from here to the end. */
  readonly measureFromMs: number;
  /** The store does not answer between these times. */
  readonly outage?: { readonly fromMs: number; readonly untilMs: number };
  /** A length of an admission in multiples of `sessionMs`; exponential without it. */
  readonly sessionShape?: (random: () => number) => number;
  /** Each poll is late by up to this time; 0 without it. */
  readonly latenessMs?: number;
  /** Fans join at so many moments; evenly without it. */
  readonly joinBursts?: number;
  /** Admissions end only at multiples of this time. */
  readonly endsEveryMs?: number;
  /** No admission ends between these times; each ends as much later. */
  readonly stall?: { readonly fromMs: number; readonly untilMs: number };
  /** The share of admitted fans who never end their admission, which lapses. */
  readonly lapsing?: number;
  /** Seats that come back after the sell-out. */
  readonly returns?: readonly { readonly atMs: number; readonly seats: number }[];
  /** Changes of the room's settings, in the order of their times. */
  readonly changes?: readonly { readonly atMs: number; readonly room: Partial<RoomSettings> }[];
}

export const DEFAULT_ROOM: RoomSettings = {
  state: "OPEN",
  opensAtMs: null,
  capacity: 1000,
  admissionsPerMinute: null,
  admissionTtlMs: 900_000,
  holdTtlMs: 300_000,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
};

/** The sale of the comparisons: 20,000 fans, 200 slots of 100 s each. */
export const SMALL_SALE: SalePlan = {
  seed: 1,
  fans: 20_000,
  joinOverMs: 60_000,
  room: { ...DEFAULT_ROOM, capacity: 200 },
  showUpMs: 60_000,
  waitingTtlMs: 21_600_000,
  sessionMs: 100_000,
  ghosts: 0,
  vanishing: 0,
  leaving: 0,
  seats: null,
  locations: 4,
  isolatesPerLocation: 2,
  sharesFronts: false,
  untilMs: 3_000_000,
  measureFromMs: 600_000,
};

/** What a sale did. */
export interface SaleResult {
  admitted: number;
  admissionsPerMinute: number;
  joins: number;
  polls: number;
  /** Polls that asked the queue, and those of them that proved a far place. */
  asked: number;
  proofs: number;
  fronts: number;
  ends: number;
  /** Requests to the store in the busiest second. */
  busiestSecond: number;
  /** Laws: none of these may be above 0. */
  inversions: number;
  rises: number;
  falseGone: number;
  /** Fans who polled as told and lost their turn. */
  parkedHonest: number;
  /** The most fans with a slot at a moment, and the longest time a slot idled while fans waited. */
  mostInside: number;
  longestIdleMs: number;
  /** Told estimates, each with the wait that followed, in seconds. */
  waits: { ahead: number; told: number; low: number; high: number; real: number }[];
}

export function emptyResult(): SaleResult {
  return {
    admitted: 0,
    admissionsPerMinute: 0,
    joins: 0,
    polls: 0,
    asked: 0,
    proofs: 0,
    fronts: 0,
    ends: 0,
    busiestSecond: 0,
    inversions: 0,
    rises: 0,
    falseGone: 0,
    parkedHonest: 0,
    mostInside: 0,
    longestIdleMs: 0,
    waits: [],
  };
}
