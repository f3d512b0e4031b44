import type { CreatedConcert } from "../api/answers.ts";
import { describeAnswer } from "../api/call.ts";
import type { HttpClient } from "../api/http_client.ts";

const MAX_SCHEDULES = 3;
const SEATS_PER_ROW = 20;
const DAY_MS = 24 * 3600 * 1000;
const FIRST_CONCERT_IN_DAYS = 30;
/** Before now even where the server's clock is slow. */
const SALE_OPENED_BEFORE_MS = 60_000;
const FRONT_PRICE = 149_990;
const CHEAPER_PER_ROW = 9_870;
const LOWEST_PRICE = 30_010;

function createSeats(count: number) {
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

/** The body of POST /v1/admin/concerts: up to three schedules, on sale at once. */
export function rushConcertBody(seats: number, room: string, nowMs: number) {
  const schedules = Math.min(MAX_SCHEDULES, seats);
  return {
    title: "Rush hour",
    description: "A concert of the load test.",
    venue: "Harbour Hall",
    room,
    timeZone: "UTC",
    schedules: Array.from({ length: schedules }, (_, index) => ({
      concertAt: new Date(nowMs + (FIRST_CONCERT_IN_DAYS + index) * DAY_MS).toISOString(),
      reservationAvailableAt: new Date(nowMs - SALE_OPENED_BEFORE_MS).toISOString(),
      seats: createSeats(Math.floor((seats + index) / schedules)),
    })),
  };
}

/** Puts the concert on sale. Returns its id. */
export async function createRushConcert(
  client: HttpClient,
  operatorToken: string,
  room: string,
  seats: number,
  nowMs: number,
): Promise<number> {
  const answer = await client.send<CreatedConcert>({
    name: "operator: concert",
    method: "POST",
    path: "/v1/admin/concerts",
    bearer: operatorToken,
    json: rushConcertBody(seats, room, nowMs),
  });
  if (answer.ok) return answer.body.concertId;
  throw new Error(`the concert could not be created: ${describeAnswer(answer)}`);
}
