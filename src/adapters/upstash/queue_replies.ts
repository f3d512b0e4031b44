import type { FanId, RoomId } from "../../domain/ids.ts";
import { type Standing, ticketOf } from "../../domain/queue.ts";
import type {
  DrawnTicket,
  Joined,
  JoinRefusal,
  PlaceView,
  QueueCounts,
} from "../../ports/queue_store.ts";
import type { Reply } from "./client.ts";
import { readRules } from "./queue_rules.ts";

/** The length of a pseudonym in the published list. */
const PSEUDONYM_LENGTH = 16;

/** Parses the standing in the reply of a script; see `standing.lua`. */
export function readStanding([state, ...fields]: readonly Reply[]): Standing {
  switch (state) {
    case "W": {
      const [ahead, rank, expiresAtMs, promoted, overMs] = fields.map(Number);
      const { seats, ...rules } = readRules(String(fields[6]));
      return {
        state: "WAITING",
        order: numberOrNull(fields[5]),
        ahead: ahead!,
        aheadIsExact: ahead === rank,
        expiresAtMs: expiresAtMs!,
        pace: { promoted: promoted!, overMs: overMs! },
        rules,
        seats,
        countStock: fields[7] === 1,
      };
    }
    case "L": {
      const { seats: _, ...rules } = readRules(String(fields[1]));
      return { state: "GATHERED", pseudonym: String(fields[0]), rules };
    }
    case "A": {
      const { seats: _, ...rules } = readRules(String(fields[2]));
      return { state: "ADMITTED", order: Number(fields[1]), expiresAtMs: Number(fields[0]), rules };
    }
    case "G":
      return { state: "GONE", reason: "ENDED" };
    case "X":
      return { state: "GONE", reason: "LINE_RESET" };
    default:
      throw new Error(`unknown state of a standing: ${JSON.stringify(state)}`);
  }
}

export function readJoined(
  room: RoomId,
  fan: FanId,
  [created, ...fields]: readonly Reply[],
): Joined | JoinRefusal {
  if (created === "-") return { refused: "NO_RULES" };
  if (created === "C") {
    const { state, opensAtMs } = readRules(String(fields[0]));
    return { refused: "CLOSED", state, opensAtMs };
  }
  const [epoch, order, ...standing] = fields;
  const place = { room, fan, order: Number(order), epoch: String(epoch) };
  return { created: created === 1, place, standing: readStanding(standing) };
}

export function readCounts(fields: readonly Reply[]): QueueCounts | null {
  if (fields.length === 0) return null;
  const [gathered, waiting, admitted, parked, admittedLastMinute] = fields.map(Number);
  const { seats: _, ...rules } = readRules(String(fields[7]));
  return {
    gathered: gathered!,
    waiting: waiting!,
    admitted: admitted!,
    parked: parked!,
    admittedLastMinute: admittedLastMinute!,
    lastTickAtMs: numberOrNull(fields[5]),
    epoch: fields[6] === "" ? null : String(fields[6]),
    rules,
  };
}

const VIEW_STATES: Readonly<Record<string, PlaceView["state"]>> = {
  L: "GATHERED",
  W: "WAITING",
  A: "ADMITTED",
  P: "PARKED",
};

export function readPlaceView([letter, ...fields]: readonly Reply[]): PlaceView | null {
  const state = VIEW_STATES[String(letter)];
  if (!state) return null;
  const [epoch, order, ticketField, ahead, endsAtMs] = fields;
  const ticketOrder = numberOrNull(ticketField);
  return {
    state,
    epoch: String(epoch),
    order: Number(order),
    ticket: ticketOrder === null ? null : ticketOf(ticketOrder),
    ahead: numberOrNull(ahead),
    expiresAtMs: numberOrNull(endsAtMs),
  };
}

/** A page of the published list: the first ticket, and the pseudonyms of consecutive tickets. */
export function readList([firstTicket, pseudonyms]: readonly Reply[]): DrawnTicket[] {
  const text = String(pseudonyms);
  return Array.from({ length: text.length / PSEUDONYM_LENGTH }, (_, i) => ({
    pseudonym: text.slice(i * PSEUDONYM_LENGTH, (i + 1) * PSEUDONYM_LENGTH),
    ticket: Number(firstTicket) + i,
  }));
}

export function numberOrNull(reply: Reply | undefined): number | null {
  return reply === "" || reply === undefined ? null : Number(reply);
}
