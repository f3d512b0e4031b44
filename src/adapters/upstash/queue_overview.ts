import { isRoomId } from "../../domain/ids.ts";
import type { CalledSince } from "../../domain/line_history.ts";
import type { Overview, RoomOverview } from "../../ports/queue_store.ts";
import type { Reply } from "./client.ts";
import { readFront } from "./queue_front.ts";
import { readSample } from "./queue_replies.ts";

/** See `overview.lua`. */
export function readOverview([now, activeRooms, ...rooms]: readonly Reply[]): Overview {
  const nowMs = Number(now);
  return {
    activeRooms: Number(activeRooms),
    rooms: rooms.flatMap((room) => readRoom(room as readonly Reply[], nowMs) ?? []),
  };
}

/** Null of a room that has nothing yet but its layout. */
function readRoom(reply: readonly Reply[], nowMs: number): RoomOverview | null {
  const [name, gathered, waiting, fields, called] = reply;
  const room = String(name);
  const [front, ...others] = fields as readonly Reply[];
  if (!front || !isRoomId(room)) return null;
  // A field that was never set is null, and counts as 0.
  const [inside, parked, tickets, first, admitted, missed, returned, ...rest] = others.map(Number);
  const [stockAtMs, seats, tickedAtMs, drawing] = rest;
  const isDrawing = drawing === 1;
  return {
    room,
    gathered: isDrawing ? 0 : Number(gathered),
    // From the opening on those who gathered wait.
    waiting: Number(waiting) + (isDrawing ? Number(gathered) : 0),
    admitted: inside!,
    parked: parked!,
    joinedTotal: tickets! - first!,
    admittedTotal: admitted!,
    missedTotal: missed!,
    returnedTotal: returned!,
    seatsAvailable: stockAtMs! > 0 ? seats! : null,
    lastTickAtMs: tickedAtMs || null,
    front: readFront(String(front), nowMs),
    tickets: tickets!,
    recentlyCalled: readCalled(called as readonly Reply[]),
  };
}

function readCalled([sample, ...times]: readonly Reply[]): CalledSince | null {
  if (sample === undefined) return null;
  const [beforeMs, before, afterMs, after] = times.map(Number);
  return {
    sample: readSample(String(sample)),
    before: { takenAtMs: beforeMs!, called: before! },
    after: { takenAtMs: afterMs!, called: after! },
  };
}
