/** A waiting room: its states, its settings, and what the line is ruled by. */

/**
 * - CLOSED: nobody joins, nobody is promoted.
 * - LOBBY: whoever joins gathers until the opening, when all who gathered are shuffled.
 * - OPEN: fans join, and heads of the line are promoted.
 * - HELD: fans join, nobody is promoted.
 * - DRAINING: nobody joins, heads of the line are promoted.
 *
 * In every state the clocks of the admitted run on, and a fan who has a place keeps it.
 */
export const ROOM_STATES = ["CLOSED", "LOBBY", "OPEN", "HELD", "DRAINING"] as const;
export type RoomState = typeof ROOM_STATES[number];

export interface RoomSettings {
  readonly state: RoomState;
  /** When a CLOSED or LOBBY room opens by itself, in epoch milliseconds. */
  readonly opensAtMs: number | null;
  /** How many may be admitted at once. */
  readonly capacity: number;
  /** How many may be admitted within any minute; null for any number. */
  readonly admissionsPerMinute: number | null;
  readonly admissionTtlMs: number;
  readonly holdTtlMs: number;
  readonly pollMinSeconds: number;
  readonly pollMaxSeconds: number;
}

/** What decides the order of those who gather. */
export interface Draw {
  readonly id: string;
  /** 64 hex characters; the key of the order. Its SHA-256 is published before anybody gathers. */
  readonly seed: string;
  /** Makes pseudonyms out of fans; never published, or a user's name would lead to a pseudonym. */
  readonly salt: string;
}

/** The settings as the line follows them: of two the one of the higher version counts. */
export interface Rules extends RoomSettings {
  readonly version: number;
  /** The latest draw of the room, whether it was held or is still to come. */
  readonly draw: Draw | null;
}

/** Seats that waiting fans may hope for. */
export interface Stock {
  /** Seats of the room's concerts that are neither sold nor held, counted up to a bound. */
  readonly available: number;
  /** When the next live hold ends, in epoch milliseconds; null when none is held. */
  readonly returnsAtMs: number | null;
  /** When it was counted, in epoch milliseconds of the box office's clock. */
  readonly asOfMs: number;
}

/** What has become of a room whose settings name a time. */
export function stateAt(
  { state, opensAtMs }: Pick<RoomSettings, "state" | "opensAtMs">,
  nowMs: number,
): RoomState {
  const opens = state === "CLOSED" || state === "LOBBY";
  return opens && opensAtMs !== null && opensAtMs <= nowMs ? "OPEN" : state;
}

const MINUTE_MS = 60_000;
/** Intervals are multiples of it, so that added to a time since 1970 they lose nothing. */
const TICK_MS = 1 / 1024;
/** Admissions that no call came for are caught up with for so many seconds. */
const CATCH_UP_SECONDS = 1;

export interface AdmissionPace {
  readonly intervalMs: number;
  readonly toleranceMs: number;
}

/**
 * The generic cell rate algorithm (ITU-T I.371): an admission may go ahead when the theoretical
 * time of the next one is at most `toleranceMs` away, and moves that time on by `intervalMs`. In
 * any half-open minute at most (60,000 + tolerance) / interval fans are admitted, which is
 * `perMinute`; at once at most one second's share.
 */
export function admissionPace(perMinute: number | null): AdmissionPace | null {
  if (perMinute === null) return null;
  const burst = Math.max(1, Math.floor((perMinute * CATCH_UP_SECONDS) / 60));
  const intervalMs = Math.ceil(MINUTE_MS / (perMinute - burst + 1) / TICK_MS) * TICK_MS;
  return { intervalMs, toleranceMs: (burst - 1) * intervalMs };
}
