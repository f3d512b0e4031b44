import type { Page, PageMark, PageRequest } from "../../domain/booking.ts";
import { queryJson, type Sql } from "./sql.ts";

/** The API's shape of a payment `y`. */
export const PAYMENT_JSON = `
  'paymentId', y.payment_id, 'reservationId', y.reservation_id, 'amount', y.amount,
  'status', y.status, 'paidAt', rfc3339(y.paid_at)`;

interface Listed<Item> {
  readonly items: Item[] | null;
  readonly marks: PageMark[] | null;
}

/**
 * A page of what is `whose`: the statement takes whose ($1), the mark to go on from ($2 ms, $3
 * sequence, or nulls) and a limit ($4). It is asked for one row more than the page has, to know
 * whether there is a next page. Null when the statement gives no row at all.
 */
export async function queryPage<Item>(
  sql: Sql,
  text: string,
  whose: string,
  { limit, after }: PageRequest,
  ...more: (string | null)[]
): Promise<Page<Item> | null> {
  const found = await queryJson<Listed<Item>>(sql, text, [
    whose,
    after ? String(after.atMs) : null,
    after ? String(after.sequence) : null,
    String(limit + 1),
    ...more,
  ]);
  if (!found) return null;
  const items = found.items ?? [];
  const next = items.length > limit ? found.marks?.[limit - 1] ?? null : null;
  return { items: items.slice(0, limit), next };
}
