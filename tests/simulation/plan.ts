import type { RoomSettings } from "../../src/domain/room.ts";

export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

export function isWithin(span: Span | undefined, sinceMs: number): boolean {
  return span !== undefined && sinceMs >= span.fromMs && sinceMs < span.untilMs;
}

/** A sale in virtual time. Times are ms since its beginning. */
export interface SalePlan {
  readonly seed: number;
  readonly fans: number;
  /** All fans join within this time, evenly or at so many moments. */
  readonly joinOverMs: number;
  readonly joinBursts?: number;
  readonly room: RoomSettings;
  readonly showUpMs: number;
  readonly waitingTtlMs: number;
  /** The mean time from the admission to the payment; exponential without another shape. */
  readonly sessionMs: number;
  /** A length of a session in multiples of `sessionMs`. */
  readonly sessionShape?: (random: () => number) => number;
  /** Sessions end only at multiples of this time. */
  readonly endsEveryMs?: number;
  /** Each poll is late by up to this time. */
  readonly latenessMs?: number;
  /** No session ends between these times; each ends as much later. */
  readonly stall?: Span;
  /** The share of fans who join and never call again. */
  readonly ghosts: number;
  /** The share of fans who stop calling once they were answered as near. */
  readonly vanishing: number;
  /** The share of admitted fans who leave without buying. */
  readonly leaving: number;
  /** The share of admitted fans whose admission lapses. */
  readonly lapsing: number;
  /**
   * The share of admitted fans whose calls between admission and payment are played. Their numbers
   * count for all.
   */
  readonly shoppers: number;
  /** Seats of the sale; null when there are enough for all. */
  readonly seats: number | null;
  readonly seatsPerFan: number;
  /** Seats that come back. */
  readonly returns?: readonly { readonly atMs: number; readonly seats: number }[];
  readonly locations: number;
  readonly isolatesPerLocation: number;
  /** Whether the isolates of a location share front documents, as on a custom domain. */
  readonly sharesFronts: boolean;
  readonly untilMs: number;
  /** The store does not answer between these times. */
  readonly outage?: Span;
  /** Changes of the room's settings, in the order of their times. */
  readonly changes?: readonly { readonly atMs: number; readonly room: Partial<RoomSettings> }[];
}

/** The default settings; see `docs/settings.md`. */
export const DEFAULT_ROOM: RoomSettings = {
  state: "OPEN",
  opensAtMs: null,
  capacity: 1000,
  admissionsPerMinute: null,
  admissionTtlMs: 900_000,
  holdTtlMs: 300_000,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
  challengeAtJoin: false,
};
const DEFAULTS = {
  showUpMs: 60_000,
  waitingTtlMs: 21_600_000,
  ghosts: 0,
  vanishing: 0,
  leaving: 0,
  lapsing: 0,
  shoppers: 0,
  seats: null,
  seatsPerFan: 2,
  sharesFronts: false,
};

/** The sale of the comparisons: 20,000 fans, 200 slots of 100 s each. */
export const SMALL_SALE: SalePlan = {
  ...DEFAULTS,
  seed: 1,
  fans: 20_000,
  joinOverMs: 60_000,
  room: { ...DEFAULT_ROOM, capacity: 200 },
  sessionMs: 100_000,
  locations: 4,
  isolatesPerLocation: 2,
  untilMs: 3_000_000,
};

const MINUTE_MS = 60_000;
export const LARGE_CROWD = 1_000_000;
/** A buyer takes five minutes, those who would pass the end of the admission less. */
const LARGE_SALE = {
  ...DEFAULTS,
  joinOverMs: 20 * MINUTE_MS,
  sessionMs: 5 * MINUTE_MS,
  locations: 50,
  isolatesPerLocation: 4,
};

export interface LargeSaleOptions {
  readonly fans: number;
  readonly seed: number;
  readonly sharesFronts: boolean;
}

/** A number of the sale of a million, for a smaller crowd. */
function scaled(number: number, fans: number): number {
  return Math.max(1, Math.round(number * fans / LARGE_CROWD));
}

/** 1,000,000 fans for 50,000 seats, at the default settings, until two hours have passed. */
export function seatSale({ fans, seed, sharesFronts }: LargeSaleOptions): SalePlan {
  return {
    ...LARGE_SALE,
    ...{ fans, seed, sharesFronts },
    room: { ...DEFAULT_ROOM, capacity: scaled(DEFAULT_ROOM.capacity, fans) },
    seats: scaled(50_000, fans),
    shoppers: 1,
    untilMs: 120 * MINUTE_MS,
  };
}

/**
 * 1,000,000 fans are admitted in turn, 15,000 at once. They come over an hour: more joins and
 * admissions together would pass 10,000 commands a second.
 */
export function everybodySale({ fans, seed, sharesFronts }: LargeSaleOptions): SalePlan {
  return {
    ...LARGE_SALE,
    ...{ fans, seed, sharesFronts },
    joinOverMs: 60 * MINUTE_MS,
    room: { ...DEFAULT_ROOM, capacity: scaled(15_000, fans) },
    seats: scaled(2_100_000, fans),
    shoppers: 0.1,
    untilMs: 400 * MINUTE_MS,
  };
}
