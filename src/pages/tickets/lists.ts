import type { components } from "@stanchion/client";
import { client } from "../shared/client.ts";
import { everyPage } from "../shared/every_page.ts";

type Schemas = components["schemas"];
export type Reservation = Schemas["Reservation"];
export type Payment = Schemas["Payment"];

/** All that is a fan's own. */
export interface Own {
  readonly balance: Schemas["Balance"];
  readonly reservations: ReadonlyMap<string, Reservation>;
  readonly payments: readonly Payment[];
  readonly tickets: readonly Schemas["Ticket"][];
}

const LIMIT = 100;

export async function readOwn(): Promise<{ data?: Own; error?: { code: string } | undefined }> {
  const [balance, reservations, payments, tickets] = await Promise.all([
    client.GET("/v1/balance"),
    everyPage((cursor) =>
      client.GET("/v1/reservations", { params: { query: { limit: LIMIT, ...cursor } } })
    ),
    everyPage((cursor) =>
      client.GET("/v1/payments", { params: { query: { limit: LIMIT, ...cursor } } })
    ),
    everyPage((cursor) =>
      client.GET("/v1/tickets", { params: { query: { limit: LIMIT, ...cursor } } })
    ),
  ]);
  if (!balance.data || !reservations.data || !payments.data || !tickets.data) {
    return { error: balance.error ?? reservations.error ?? payments.error ?? tickets.error };
  }
  return {
    data: {
      balance: balance.data,
      reservations: new Map(reservations.data.map((each) => [each.reservationId, each])),
      payments: payments.data,
      tickets: tickets.data,
    },
  };
}
