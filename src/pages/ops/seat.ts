import type { MapSeat } from "@stanchion/client";

/** A AVAILABLE, H HELD, S SOLD, B BLOCKED. */
export type SeatLetter = "A" | "H" | "S" | "B";

/** A seat of the map with its status. */
export interface Seat extends MapSeat {
  readonly letter: SeatLetter;
}

export interface ScheduleRef {
  readonly concertId: number;
  readonly scheduleId: number;
}
