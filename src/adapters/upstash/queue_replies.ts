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

/** Characters of a pseudonym in the published list. */
const PSEUDONYM_LENGTH = 16;

/** Reads what a script of the line tells a fan. */
export function readStanding([state, ...told]: readonly Reply[]): Standing {
  switch (state) {
    case "W": {
      const [ahead, rank, expiresAtMs, promoted, overMs] = told.map(Number);
      const { seats, ...rules } = readRules(String(told[6]));
      return {
        state: "WAITING",
        order: numberOrNull(told[5]),
        ahead: ahead!,
        aheadIsExact: ahead === rank,
        expiresAtMs: expiresAtMs!,
        pace: { promoted: promoted!, overMs: overMs! },
        rules,
        seats,
        countStock: told[7] === 1,
      };
    }
    case "L": {
      const { seats: _, ...rules } = readRules(String(told[1]));
      return { state: "GATHERED", pseudonym: String(told[0]), rules };
    }
    case "A": {
      const { seats: _, ...rules } = readRules(String(told[2]));
      return { state: "ADMITTED", order: Number(told[1]), expiresAtMs: Number(told[0]), rules };
    }
    case "G":
      return { state: "GONE", reason: "ENDED" };
    case "X":
      return { state: "GONE", reason: "LINE_RESET" };
    default:
      throw new Error(`the line told ${JSON.stringify(state)}`);
  }
}

export function readJoined(
  room: RoomId,
  fan: FanId,
  [created, ...told]: readonly Reply[],
): Joined | JoinRefusal {
  if (created === "-") return { refused: "NO_RULES" };
  if (created === "C") {
    const { state, opensAtMs } = readRules(String(told[0]));
    return { refused: "CLOSED", state, opensAtMs };
  }
  const [epoch, order, ...standing] = told;
  const place = { room, fan, order: Number(order), epoch: String(epoch) };
  return { created: created === 1, place, standing: readStanding(standing) };
}

export function readCounts(told: readonly Reply[]): QueueCounts | null {
  if (told.length === 0) return null;
  const [gathered, waiting, admitted, parked, admittedLastMinute] = told.map(Number);
  const { seats: _, ...rules } = readRules(String(told[7]));
  return {
    gathered: gathered!,
    waiting: waiting!,
    admitted: admitted!,
    parked: parked!,
    admittedLastMinute: admittedLastMinute!,
    lastTickAtMs: numberOrNull(told[5]),
    epoch: told[6] === "" ? null : String(told[6]),
    rules,
  };
}

const SEEN: Readonly<Record<string, PlaceView["state"]>> = {
  L: "GATHERED",
  W: "WAITING",
  A: "ADMITTED",
  P: "PARKED",
};

export function readPlaceView([letter, ...told]: readonly Reply[]): PlaceView | null {
  const state = SEEN[String(letter)];
  if (!state) return null;
  const [epoch, order, ofTicket, ahead, endsAtMs] = told;
  const ticketOrder = numberOrNull(ofTicket);
  return {
    state,
    epoch: String(epoch),
    order: Number(order),
    ticket: ticketOrder === null ? null : ticketOf(ticketOrder),
    ahead: numberOrNull(ahead),
    expiresAtMs: numberOrNull(endsAtMs),
  };
}

/** A page of the published list: its pseudonyms follow each other, from one ticket on. */
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
