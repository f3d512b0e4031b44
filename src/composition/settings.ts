import type { Config } from "../config.ts";
import type { QueueSettings } from "../domain/queue.ts";
import type { RoomSettings } from "../domain/room.ts";

export function queueSettings(config: Config): QueueSettings {
  return {
    showUpMs: config.showUpSeconds * 1000,
    waitingTtlMs: config.waitingTtlSeconds * 1000,
  };
}

/** The first settings of `main`, and the defaults of every new room. */
export function defaultRoomSettings(config: Config): RoomSettings {
  return {
    state: "OPEN",
    opensAtMs: null,
    capacity: config.capacity,
    admissionsPerMinute: null,
    admissionTtlMs: config.admissionTtlSeconds * 1000,
    holdTtlMs: config.holdTtlSeconds * 1000,
    pollMinSeconds: config.pollMinSeconds,
    pollMaxSeconds: config.pollMaxSeconds,
    challengeAtJoin: false,
  };
}
