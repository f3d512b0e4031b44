import type { components } from "@stanchion/client";
import { client } from "../shared/client.ts";

type Schemas = components["schemas"];
export type Reservation = Schemas["Reservation"];
export type Payment = Schemas["Payment"];

/** All that is a fan's own. Lists are whole: a fan has as many entries as seats were held. */
export interface Own {
  readonly balance: Schemas["Balance"];
  readonly reservations: ReadonlyMap<string, Reservation>;
  readonly payments: readonly Payment[];
  readonly tickets: readonly Schemas["Ticket"][];
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}
type Answered<Item> = { data?: Page<Item> | undefined; error?: { code: string } | undefined };

/** Beyond so many pages the oldest entries are left out. */
const MOST_PAGES = 10;
const LIMIT = 100;

/** A refusal ends the loading of the page. */
export class RefusedError extends Error {
  constructor(readonly problem: { readonly code: string } | undefined) {
    super(problem?.code);
  }
}

async function all<Item>(
  read: (query: { limit: number; cursor?: string }) => Promise<Answered<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const { data, error }: Answered<Item> = await read({
      limit: LIMIT,
      ...(cursor === null ? {} : { cursor }),
    });
    if (!data) throw new RefusedError(error);
    items.push(...data.items);
    cursor = data.nextCursor;
    if (cursor === null) break;
  }
  return items;
}

export async function readOwn(): Promise<Own> {
  const [balance, reservations, payments, tickets] = await Promise.all([
    client.GET("/v1/balance"),
    all((query) => client.GET("/v1/reservations", { params: { query } })),
    all((query) => client.GET("/v1/payments", { params: { query } })),
    all((query) => client.GET("/v1/tickets", { params: { query } })),
  ]);
  if (!balance.data) throw new RefusedError(balance.error);
  return {
    balance: balance.data,
    reservations: new Map(reservations.map((each) => [each.reservationId, each])),
    payments,
    tickets,
  };
}
