import type { Page, PageMark, PageRequest } from "../../domain/booking.ts";
import { queryJson, type Sql } from "./sql.ts";

/** A payment `y` as the API shows it. */
export const PAYMENT_JSON = `
  'paymentId', y.payment_id, 'reservationId', y.reservation_id, 'amount', y.amount,
  'status', y.status, 'paidAt', rfc3339(y.paid_at), 'refundedAt', rfc3339(y.refunded_at)`;

interface Listed<Item> {
  readonly items: Item[] | null;
  readonly marks: PageMark[] | null;
}

/**
 * A page of the rows of one owner. The statement takes the owner's id ($1), the mark after which the
 * page begins ($2 ms, $3 sequence, or nulls) and a limit ($4). The limit is one more than the page
 * has, to know whether there is a next page. Null when the statement gives no row.
 */
export async function queryPage<Item>(
  sql: Sql,
  text: string,
  ownerId: string,
  { limit, after }: PageRequest,
  ...more: (string | null)[]
): Promise<Page<Item> | null> {
  const found = await queryJson<Listed<Item>>(sql, text, [
    ownerId,
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
