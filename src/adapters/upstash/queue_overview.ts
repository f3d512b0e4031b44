import { isRoomId } from "../../domain/ids.ts";
import type { Overview, RoomOverview } from "../../ports/queue_store.ts";
import type { Reply } from "./client.ts";
import { readFront } from "./queue_front.ts";
import { readSamples } from "./queue_replies.ts";

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
  const [name, gathered, waiting, fields, samples] = reply;
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
    rules: readFront(String(front), nowMs).rules,
    samples: readSamples(samples as readonly Reply[], nowMs),
  };
}
