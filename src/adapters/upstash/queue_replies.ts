import { drawBound, type DrawValue } from "../../domain/draw.ts";
import type { Front } from "../../domain/front.ts";
import type { FanId, RoomId } from "../../domain/ids.ts";
import { isRecent, type LineSample } from "../../domain/line_history.ts";
import { pollAfterSeconds } from "../../domain/polling.ts";
import {
  type EndCause,
  type PlaceRef,
  type PositionIs,
  type QueueSettings,
  type RulesSnapshot,
  type Standing,
  ticketOf,
} from "../../domain/queue.ts";
import { ADMISSION_BUCKET_MS } from "../../domain/queue_bounds.ts";
import type {
  DrawnTicket,
  Joined,
  JoinRefusal,
  LastPlace,
  PlaceView,
  QueueCounts,
} from "../../ports/queue_store.ts";
import type { Random } from "../../ports/clock.ts";
import type { Reply } from "./client.ts";
import { readFront } from "./queue_front.ts";

const LAST_MINUTE_MS = 60_000;

export interface StandingReader extends Pick<QueueSettings, "waitingTtlMs"> {
  readonly random: Random;
  readonly drawValue: DrawValue;
  /** Receives the front documents that come along. */
  readonly onFront: (room: RoomId, front: Front) => void;
}

/** Parses the standing in the reply of a script; see `status_fast_path.lua`. */
export function readStanding(
  reader: StandingReader,
  room: RoomId,
  reply: readonly Reply[],
): Standing {
  if (reply[0] === "RESET") return { state: "GONE", reason: "LINE_RESET", endedBecause: null };
  const [atMs, countStock, document] = reply.slice(-3);
  const front = readFront(String(document), Number(atMs));
  reader.onFront(room, front);
  const [state, ...fields] = reply.slice(0, -3);
  switch (state) {
    case "WAITING": {
      const [order, ahead, is, isNear, pollAfter] = fields;
      return waiting(reader, front, countStock === 1, {
        order: Number(order),
        ahead: Number(ahead),
        positionIs: String(is) as PositionIs,
        isNear: isNear === 1,
        pollAfterSeconds: Number(pollAfter),
      });
    }
    case "UNDRAWN":
      return waiting(reader, front, countStock === 1, undrawn(reader, front, String(fields[0])));
    case "GATHERED":
      return {
        state: "GATHERED",
        pseudonym: String(fields[0]),
        rules: front.rules,
        provenAtMs: front.takenAtMs,
        takenAtMs: front.takenAtMs,
      };
    case "ADMITTED": {
      const [order, expiresAtMs] = fields.map(Number);
      const { rules, takenAtMs: provenAtMs } = front;
      return {
        state: "ADMITTED",
        order: order!,
        expiresAtMs: expiresAtMs!,
        rules,
        provenAtMs,
      };
    }
    case "GONE":
      return { state: "GONE", reason: "ENDED", endedBecause: endCause(fields[0]) };
    default:
      throw new Error(`unknown state of a standing: ${JSON.stringify(state)}`);
  }
}

type Place = Pick<
  Standing & { readonly state: "WAITING" },
  "order" | "ahead" | "positionIs" | "isNear" | "pollAfterSeconds"
>;

function waiting(
  { waitingTtlMs }: StandingReader,
  { takenAtMs, speed, rules, seats }: Front,
  countStock: boolean,
  place: Place,
): Standing {
  const times = { provenAtMs: takenAtMs, expiresAtMs: takenAtMs + waitingTtlMs };
  return { state: "WAITING", ...place, ...times, speed, rules, seats, countStock };
}

/** Between the opening and the ticket, the value in the draw bounds the position. */
function undrawn(reader: StandingReader, front: Front, pseudonym: string): Place {
  const { lot, rejoined, called, speed, rules } = front;
  if (!lot) throw new Error("a fan waits for a ticket without a draw");
  const value = Math.max(lot.calledValue, reader.drawValue(pseudonym, lot.seed));
  const ahead = rejoined + drawBound(value, lot, called);
  const context = { waitingTtlMs: reader.waitingTtlMs, random: reader.random() };
  return {
    order: null,
    ahead,
    positionIs: "AT_MOST",
    isNear: false,
    pollAfterSeconds: pollAfterSeconds(ahead, speed.pace, rules, context),
  };
}

export function endCause(reply: Reply | undefined): EndCause | null {
  return reply === "-" ? null : String(reply) as EndCause;
}

export function readJoined(
  reader: StandingReader,
  { room, fan }: { readonly room: RoomId; readonly fan: FanId },
  reply: readonly Reply[],
): Joined | JoinRefusal {
  const [first, second] = reply;
  if (first === "NO_RULES" || first === "UNCHECKED_RULES" || first === "CHALLENGE") {
    return { refused: first };
  }
  if (first === "CLOSED") {
    const { state, opensAtMs }: RulesSnapshot = JSON.parse(String(second));
    return { refused: "CLOSED", state, opensAtMs };
  }
  const [created, epoch, order, ...standing] = reply;
  const place: PlaceRef = { room, fan, order: Number(order), epoch: String(epoch) };
  return { created: created === 1, place, standing: readStanding(reader, room, standing) };
}

export function readCounts(reply: readonly Reply[]): QueueCounts | null {
  if (reply.length === 0) return null;
  const [gathered, waiting, admitted, parked] = reply.map(Number);
  const [recent, atMs, tickedAtMs, epoch, document] = reply.slice(4);
  const { rules, rulesVersion } = readFront(String(document), Number(atMs));
  return {
    gathered: gathered!,
    waiting: waiting!,
    admitted: admitted!,
    parked: parked!,
    admittedLastMinute: admittedLastMinute(String(recent), Number(atMs)),
    lastTickAtMs: Number(tickedAtMs) || null,
    epoch: String(epoch),
    rules,
    rulesVersion,
  };
}

/** Null of a room without rules; see `promote.lua`. */
export function readHistory([nowMs, ...samples]: readonly Reply[]): LineSample[] | null {
  if (nowMs === undefined) return null;
  return samples.map((sample) => readSample(String(sample)))
    .filter(({ front }) => isRecent(front.takenAtMs, Number(nowMs)))
    .sort((one, other) => one.front.takenAtMs - other.front.takenAtMs);
}

type StoredSample = [
  atMs: number,
  tickets: string,
  called: string,
  moves: number,
  gathered: number,
  parked: number,
  admittedTotal: number,
  missedTotal: number,
  seats: number,
  front: string,
];

export function readSample(text: string): LineSample {
  const stored: StoredSample = JSON.parse(text);
  const [atMs, tickets, , , gathered, parked, admittedTotal, missedTotal, seats, front] = stored;
  return {
    front: readFront(front, atMs),
    gathered,
    parked,
    admittedTotal,
    missedTotal,
    tickets: Number(tickets),
    seatsAvailable: seats < 0 ? null : seats,
  };
}

function admittedLastMinute(recent: string, nowMs: number): number {
  const entries: readonly (readonly [bucket: number, admitted: number])[] = JSON.parse(recent);
  return Object.values(entries)
    .filter(([bucket]) => bucket * ADMISSION_BUCKET_MS > nowMs - LAST_MINUTE_MS)
    .reduce((sum, [, admitted]) => sum + admitted, 0);
}

/** Null without a live place. */
export function readPlaceView(
  reader: StandingReader,
  [state, ...fields]: readonly Reply[],
): PlaceView | null {
  if (state === undefined || state === "ENDED") return null;
  if (state === "UNDRAWN") {
    const [epoch, order, pseudonym, atMs, document] = fields;
    const { ahead } = undrawn(reader, readFront(String(document), Number(atMs)), String(pseudonym));
    const place = { epoch: String(epoch), order: Number(order), ticket: null, expiresAtMs: null };
    return { state: "WAITING", ...place, ahead };
  }
  const [epoch, order, ticketOrder, ahead, expiresAtMs] = fields;
  const ofTicket = numberOrNull(ticketOrder);
  return {
    state: String(state) as PlaceView["state"],
    epoch: String(epoch),
    order: Number(order),
    ticket: ofTicket === null ? null : ticketOf(ofTicket),
    ahead: numberOrNull(ahead),
    expiresAtMs: numberOrNull(expiresAtMs),
  };
}

/** Null when the fan has a live place, or nothing is known. */
export function readLastPlace([state, ...fields]: readonly Reply[]): LastPlace | null {
  if (state !== "ENDED") return null;
  const [order, endedAtMs, cause] = fields;
  return {
    order: Number(order),
    ticket: Number(order) < 0 ? null : ticketOf(Number(order)),
    endedBecause: String(cause) as EndCause,
    endedAtMs: Number(endedAtMs),
  };
}

/** A page of the published list: the first ticket, and the pseudonyms of consecutive tickets. */
export function readList([firstTicket, ...pseudonyms]: readonly Reply[]): DrawnTicket[] {
  return pseudonyms.map((pseudonym, i) => ({
    pseudonym: String(pseudonym),
    ticket: Number(firstTicket) + i,
  }));
}

export function numberOrNull(reply: Reply | undefined): number | null {
  return reply === "" || reply === undefined ? null : Number(reply);
}
