import type { ApiBox } from "./api_box.ts";

export interface SaleOptions {
  /** Seats of each date. */
  readonly dates?: readonly number[];
  readonly price?: number;
  readonly description?: string;
  /** From now; below zero for a sale that has opened. */
  readonly opensInMs?: number;
  /** Whose admitted may buy. */
  readonly room?: string;
}

export interface Sale {
  readonly concertId: number;
  readonly schedules: readonly { scheduleId: number; seatIds: number[] }[];
}

const DAY_MS = 24 * 3600 * 1000;

/** Puts a concert on offer through the API. */
export async function putOnSale(box: ApiBox, options: SaleOptions = {}): Promise<Sale> {
  const { dates = [10], price = 1000, opensInMs = -1000, room = "main" } = options;
  const { description = "" } = options;
  const { body } = await box.call("POST", "/v1/admin/concerts", {
    operator: true,
    json: {
      title: "Night Train",
      description,
      room,
      schedules: dates.map((seats, index) => ({
        concertAt: new Date(box.clock() + (30 + index) * DAY_MS).toISOString(),
        reservationAvailableAt: new Date(box.clock() + opensInMs).toISOString(),
        seats: Array.from({ length: seats }, (_, seat) => ({ seatNumber: seat + 1, price })),
      })),
    },
  });
  return {
    concertId: body.concertId,
    schedules: body.schedules.map((
      { scheduleId, seats }: { scheduleId: number; seats: { seatId: number }[] },
    ) => ({ scheduleId, seatIds: seats.map(({ seatId }) => seatId) })),
  };
}

/** Holds seats of the sale's date `index`, as an admitted fan, and gives the reservation ids. */
export async function holdSeats(
  box: ApiBox,
  fan: string,
  place: string,
  sale: Sale,
  seatIds: readonly number[],
  index = 0,
): Promise<string[]> {
  const { scheduleId } = sale.schedules[index]!;
  const { status, body, text } = await box.call("POST", "/v1/reservations", {
    fan,
    place,
    json: { concertId: sale.concertId, scheduleId, seatIds },
  });
  if (status !== 201) throw new Error(`no hold: ${text}`);
  return body.reservations.map(({ reservationId }: { reservationId: string }) => reservationId);
}

export async function charge(box: ApiBox, fan: string, amount: number): Promise<void> {
  const { status, text } = await box.call("POST", "/v1/balance/charges", {
    fan,
    key: `charge-${encodeURIComponent(fan)}-${amount}-${box.clock()}`,
    json: { amount },
  });
  if (status !== 201) throw new Error(`no charge: ${text}`);
}

/** Pays for the reservations, with a key of their own unless one is given. */
export function pay(
  box: ApiBox,
  fan: string,
  reservationIds: readonly string[],
  key = `pay-${reservationIds.join("-").slice(0, 200)}`,
) {
  return box.call("POST", "/v1/payments", { fan, key, json: { reservationIds } });
}
