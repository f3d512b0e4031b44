import type { Front } from "../../src/domain/front.ts";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import {
  type LineSpeed,
  orderBeforeFirst,
  type QueueToken,
  type RulesSnapshot,
} from "../../src/domain/queue.ts";

export const AT_MS = Date.UTC(2030, 0, 1);
export const EPOCH = "an epoch";
/** The order before the first ticket of the epoch. */
export const FIRST = orderBeforeFirst(AT_MS);

export const RULES: RulesSnapshot = {
  state: "OPEN",
  opensAtMs: null,
  capacity: 1_000,
  admissionsPerMinute: null,
  holdTtlMs: 300_000,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
};

/** A line whose speed was not measured yet. */
export const UNMEASURED: LineSpeed = {
  pace: 1_000 / 300,
  admitted: 0,
  seatsLeft: null,
  ended: 0,
  slotMs: 0,
  surprise: 0,
  called: 0,
  absent: 0,
};

/** A line of 10,000 in which 1,000 were called, and 1,200 are near. */
export function frontOf(members: Partial<Front> = {}): Front {
  return {
    epoch: EPOCH,
    takenAtMs: AT_MS,
    first: FIRST,
    called: FIRST + 1_000,
    near: FIRST + 1_200,
    waiting: 10_000,
    rejoined: 0,
    isReforming: false,
    speed: UNMEASURED,
    rules: RULES,
    rulesVersion: 1,
    seats: "SOME",
    drawnGatherings: 0,
    lot: null,
    ...members,
  };
}

/** The token of a far fan. */
export function tokenOfFan(members: Partial<QueueToken> = {}): QueueToken {
  return {
    room: MAIN_ROOM,
    fan: "ann" as FanId,
    order: FIRST + 5_000,
    epoch: EPOCH,
    madeAtMs: AT_MS,
    isNear: false,
    pseudonym: null,
    isDrawn: false,
    ...members,
  };
}
