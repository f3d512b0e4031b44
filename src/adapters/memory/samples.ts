import { isRecent, type LineSample } from "../../domain/line_history.ts";
import { HISTORY_SAMPLES, HISTORY_STEP_MS } from "../../domain/queue_bounds.ts";
import type { Room } from "./room.ts";
import { frontOf } from "./standing.ts";

/** Adds a sample of the line, unless the last one was just now. */
export function noteSample(room: Room, nowMs: number): void {
  const lastMs = room.samples.at(-1)?.front.takenAtMs ?? 0;
  if (nowMs - lastMs < HISTORY_STEP_MS) return;
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
