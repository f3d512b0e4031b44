import { MAIN_ROOM } from "../domain/ids.ts";
import type { Catalogue, NewSeat } from "../ports/catalogue.ts";

const DAY_MS = 24 * 3600 * 1000;
const ROWS = ["A", "B", "C", "D"];
const SEATS_PER_ROW = 10;
/** 19:30 in Seoul, from the beginning of the day in UTC. */
const EVENING_MS = 10.5 * 3600 * 1000;

/** Creates a small concert on sale: two schedules of forty seats. Front rows cost more. */
export async function openDemoSale(catalogue: Catalogue, nowMs: number): Promise<void> {
  await catalogue.create({
    title: "Night Train",
    description: "The demo sale: two evenings, forty seats each.",
    venue: "Harbour Hall",
    room: MAIN_ROOM,
    timeZone: "Asia/Seoul",
    schedules: [30, 31].map((days) => ({
      concertAt: new Date((Math.floor(nowMs / DAY_MS) + days) * DAY_MS + EVENING_MS).toISOString(),
      reservationAvailableAt: new Date(nowMs).toISOString(),
      seats: demoSeats(),
    })),
  }, null);
}

function demoSeats(): NewSeat[] {
  return ROWS.flatMap((row, rowIndex) =>
    Array.from({ length: SEATS_PER_ROW }, (_, index) => ({
      seatNumber: rowIndex * SEATS_PER_ROW + index + 1,
      label: String(index + 1),
      price: 140_000 - rowIndex * 20_000,
      section: "Stalls",
      row,
      x: index + 1,
      y: rowIndex + 1,
    }))
  );
}
