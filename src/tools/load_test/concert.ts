import type { CreatedConcert } from "./answers.ts";
import type { Wire } from "./wire.ts";

const MAX_DATES = 3;
const SEATS_PER_ROW = 20;
const DAY_MS = 24 * 3600 * 1000;
const FRONT_PRICE = 149_990;
const CHEAPER_PER_ROW = 9_870;
const LOWEST_PRICE = 30_010;

function seatsOf(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / SEATS_PER_ROW);
    return {
      seatNumber: index + 1,
      price: Math.max(LOWEST_PRICE, FRONT_PRICE - row * CHEAPER_PER_ROW),
      section: "Stalls",
      row: String(row + 1),
      x: index % SEATS_PER_ROW + 1,
      y: row + 1,
    };
  });
}

/** A concert over several dates, whose sale has just opened. */
export function concertOf(seats: number, room: string, nowMs: number) {
  const dates = Math.min(MAX_DATES, seats);
  return {
    title: "Rush hour",
    description: "A sale for a crowd that is not there.",
    venue: "Harbour Hall",
    room,
    timeZone: "UTC",
    schedules: Array.from({ length: dates }, (_, index) => ({
      concertAt: new Date(nowMs + (30 + index) * DAY_MS).toISOString(),
      reservationAvailableAt: new Date(nowMs - 60_000).toISOString(),
      seats: seatsOf(Math.floor((seats + index) / dates)),
    })),
  };
}

/** Puts it on offer; gives its id. */
export async function openSale(
  wire: Wire,
  operatorToken: string,
  room: string,
  seats: number,
  nowMs: number,
): Promise<number> {
  const answer = await wire.ask<CreatedConcert>({
    name: "operator: concert",
    method: "POST",
    path: "/v1/admin/concerts",
    bearer: operatorToken,
    json: concertOf(seats, room, nowMs),
  });
  if (answer?.ok) return answer.body.concertId;
  throw new Error(`the concert could not be put on offer: ${answer?.problem.code ?? "no answer"}`);
}
