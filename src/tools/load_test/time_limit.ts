import type { RoomSettings } from "./api/answers.ts";
import { CLOSES_TAB, WALKS_AWAY } from "./crowd/fan_traits.ts";

const BASE_SECONDS = 180;
/** 20,000 fans take 0.019 s each where crowd and production path share two busy cores. */
const SECONDS_PER_FAN = 0.05;
/** Held seats return to the queue when their hold lapses, and another fan may leave with them. */
const RETURNS_OF_HELD_SEATS = 4;
/** The default of SHOW_UP_SECONDS, for servers whose setting is not known. */
const DEFAULT_SHOW_UP_SECONDS = 60;

export interface TimeLimitParts {
  readonly fans: number;
  /** Percent. */
  readonly noShows: number;
  readonly lobbySeconds: number;
  readonly room: Omit<RoomSettings, "pollMinSeconds">;
  /** Null: not known. */
  readonly showUpSeconds: number | null;
}

/**
 * Seconds that a crowd may take by the settings of its room, so that only a queue that does not move
 * reaches the limit. Fans who leave without a word delay the sale: an absent fan keeps a slot for
 * POLL_MAX_SECONDS + SHOW_UP_SECONDS, a fan who walks away for ADMISSION_TTL_SECONDS, and the seats
 * of the latter return after HOLD_TTL_SECONDS.
 */
export function timeLimitSeconds(parts: TimeLimitParts): number {
  const { fans, noShows, lobbySeconds, room, showUpSeconds } = parts;
  const turnSeconds = room.pollMaxSeconds + (showUpSeconds ?? DEFAULT_SHOW_UP_SECONDS);
  const slotSecondsPerFan = (noShows / 100 + CLOSES_TAB) * turnSeconds +
    WALKS_AWAY * room.admissionTtlSeconds;
  const rateSeconds = room.admissionsPerMinute === null ? 0 : 60 * fans / room.admissionsPerMinute;
  return Math.ceil(
    BASE_SECONDS + SECONDS_PER_FAN * fans + lobbySeconds + rateSeconds +
      fans * slotSecondsPerFan / room.capacity +
      RETURNS_OF_HELD_SEATS * (room.holdTtlSeconds + turnSeconds) + room.admissionTtlSeconds,
  );
}
