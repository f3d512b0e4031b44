/** A waiting room: its states, its settings, and the rules that the queue follows. */

export const ROOM_STATES = ["CLOSED", "LOBBY", "OPEN", "HELD", "DRAINING"] as const;
export type RoomState = typeof ROOM_STATES[number];

export interface RoomStatePolicy {
  readonly mayJoin: boolean;
  /** Fans who join gather. The opening shuffles all who gathered. */
  readonly gathers: boolean;
  /** Calls and the cron promote the heads of the line. */
  readonly promotes: boolean;
  /** An operator can promote fans although nothing else does. */
  readonly isReleasable: boolean;
  /** The room opens at its opening time. */
  readonly opensByItself: boolean;
  /** An operator who sets this state leaves the opening time as it is; other states remove it. */
  readonly keepsOpening: boolean;
}

/** The state of a room after its opening time. */
export const STATE_AFTER_OPENING: RoomState = "OPEN";

/** In every state an admission ends at its time, and a fan who has a place keeps it. */
export const ROOM_STATE_POLICIES: { readonly [State in RoomState]: RoomStatePolicy } = {
  CLOSED: policy({ opensByItself: true }),
  LOBBY: policy({ mayJoin: true, gathers: true, opensByItself: true, keepsOpening: true }),
  OPEN: policy({ mayJoin: true, promotes: true }),
  HELD: policy({ mayJoin: true, isReleasable: true }),
  DRAINING: policy({ promotes: true }),
};

function policy(allowed: Partial<RoomStatePolicy>): RoomStatePolicy {
  return {
    mayJoin: false,
    gathers: false,
    promotes: false,
    isReleasable: false,
    opensByItself: false,
    keepsOpening: false,
    ...allowed,
  };
}

/** Whether all who gathered before are drawn in this state. */
export function endsGathering({ gathers, mayJoin, promotes }: RoomStatePolicy): boolean {
  return !gathers && (mayJoin || promotes);
}

/**
 * The clocks of the queue and of the room settings differ by less than this. Closer to an opening
 * time, the queue may have opened the room before the settings say so.
 */
export const OPENING_MARGIN_MS = 5_000;

export interface RoomSettings {
  readonly state: RoomState;
  /** When the room opens by itself, in epoch milliseconds. */
  readonly opensAtMs: number | null;
  /** How many may be admitted at once. */
  readonly capacity: number;
  /** How many may be admitted within any minute; null for any number. */
  readonly admissionsPerMinute: number | null;
  readonly admissionTtlMs: number;
  readonly holdTtlMs: number;
  readonly pollMinSeconds: number;
  readonly pollMaxSeconds: number;
  /** Whether a fan gets a new place only with a passed challenge. */
  readonly challengeAtJoin: boolean;
}

/** The values that decide the order of the fans who gather. */
export interface Draw {
  readonly id: string;
  /** 64 hex characters; the key of the order. Its SHA-256 is published before anybody gathers. */
  readonly seed: string;
  /** Makes pseudonyms of fan ids. It stays secret, so that an id does not lead to a pseudonym. */
  readonly salt: string;
}

/** The settings that the queue follows. Of two rules the one with the higher version counts. */
export interface Rules extends RoomSettings {
  readonly version: number;
  /** When the room was made, in epoch milliseconds. Older tokens bring nothing into this room. */
  readonly madeAtMs: number;
  /** The latest draw of the room, held or not. */
  readonly draw: Draw | null;
}

/** The seats that waiting fans can still get. */
export interface Stock {
  /** Seats of the room's concerts that are neither sold nor held, counted up to a bound. */
  readonly available: number;
  /** When the next live hold ends, in epoch milliseconds; null when none is held. */
  readonly returnsAtMs: number | null;
  /** When it was counted, in epoch milliseconds of the box office's clock. */
  readonly asOfMs: number;
}

/** The state at a time: a room that opens by itself is open from `opensAtMs` on. */
export function stateAt(
  { state, opensAtMs }: Pick<RoomSettings, "state" | "opensAtMs">,
  nowMs: number,
): RoomState {
  const { opensByItself } = ROOM_STATE_POLICIES[state];
  return opensByItself && opensAtMs !== null && opensAtMs <= nowMs ? STATE_AFTER_OPENING : state;
}

const MINUTE_MS = 60_000;
/** Intervals are multiples of it, so that sums with a time since 1970 are exact. */
const TICK_MS = 1 / 1024;
/** A burst makes up for this many seconds without a call. */
const CATCH_UP_SECONDS = 1;

export interface AdmissionPace {
  readonly intervalMs: number;
  readonly toleranceMs: number;
}

/**
 * The parameters of the generic cell rate algorithm (GCRA, ITU-T I.371). An admission conforms
 * when the theoretical arrival time is at most `toleranceMs` ahead; it moves that time by
 * `intervalMs`. So any half-open minute has at most (60,000 + tolerance) / interval = `perMinute`
 * admissions. At one moment at most one second's share, `perMinute` / 60, is admitted.
 */
export function admissionPace(perMinute: number | null): AdmissionPace | null {
  if (perMinute === null) return null;
  const burst = Math.max(1, Math.floor((perMinute * CATCH_UP_SECONDS) / 60));
  const intervalMs = Math.ceil(MINUTE_MS / (perMinute - burst + 1) / TICK_MS) * TICK_MS;
  return { intervalMs, toleranceMs: (burst - 1) * intervalMs };
}
