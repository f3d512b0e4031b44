import { isRecent, type LineSample } from "../../domain/line_history.ts";
import { HISTORY_EARLY_MS, HISTORY_SAMPLES, HISTORY_STEP_MS } from "../../domain/queue_bounds.ts";
import type { Room } from "./room.ts";
import { frontOf } from "./standing.ts";

/** Adds a sample of the line, unless the last one was just now. */
export function noteSample(room: Room, nowMs: number): void {
  if (nowMs - room.notedAtMs < HISTORY_STEP_MS - HISTORY_EARLY_MS) return;
  room.notedAtMs = Math.max(nowMs, room.notedAtMs + HISTORY_STEP_MS);
  const sample: LineSample = {
    front: frontOf(room, nowMs),
    gathered: room.lobby.gathered.size - room.undrawn,
    parked: room.parked,
    admittedTotal: room.speed.turns,
    missedTotal: room.missed,
    tickets: room.tickets,
    seatsAvailable: room.stock.available,
  };
  room.samples = [...room.samples, sample].slice(-HISTORY_SAMPLES);
}

export function recentSamples({ samples }: Room, nowMs: number): LineSample[] {
  return samples.filter(({ front }) => isRecent(front.takenAtMs, nowMs));
}
