import { z } from "@hono/zod-openapi";
import type { Page, PageMark } from "../../domain/booking.ts";
import { nextCursorSchema } from "./common.ts";

export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 100;
/** The most rows of a page as CSV. It is also the number of rows where no limit is named. */
export const MAX_CSV_ROWS = 10_000;

/** Two whole numbers that say where a page ends. */
type Numbers = readonly [number, number];

/** Cursors are opaque to clients: base64url of two numbers. */
export function cursorOf([first, second]: Numbers): string {
  return btoa(`${first}.${second}`).replaceAll("=", "");
}

function numbersOf(cursor: string): Numbers | null {
  try {
    const found = /^(\d{1,15})\.(\d{1,15})$/.exec(atob(cursor));
    return found && [Number(found[1]), Number(found[2])];
  } catch {
    return null;
  }
}

/** `?limit=` from 1 to `max`. */
export function limitQuery(max: number, byDefault: number) {
  const message = `must be a whole number from 1 to ${max}`;
  return z.string().regex(/^[1-9]\d{0,4}$/, message).transform(Number)
    .refine((limit) => limit <= max, message).default(byDefault)
    .openapi({ type: "integer", minimum: 1, maximum: max, default: byDefault });
}

/** `?cursor=`, as the mark that the numbers stand for. */
export function cursorQuery<Mark>(markOf: (numbers: Numbers) => Mark) {
  return z.string().transform((cursor, context) => {
    const numbers = numbersOf(cursor);
    if (!numbers) {
      context.addIssue({ code: "custom", message: "must be a nextCursor of this list" });
    }
    return numbers && markOf(numbers);
  }).optional().openapi({
    type: "string",
    description:
      "The `nextCursor` of the page before, and no other value; absent for the first page.",
  });
}

/** `?limit=` and `?cursor=`, as a page request. */
export const pageQuery = z.object({
  limit: limitQuery(MAX_LIMIT, DEFAULT_LIMIT),
  cursor: cursorQuery(([atMs, sequence]): PageMark => ({ atMs, sequence })),
});

/** The same for an answer as CSV. */
export const csvPageQuery = pageQuery.extend({
  limit: limitQuery(MAX_CSV_ROWS, MAX_CSV_ROWS).openapi({
    description: `1 to ${MAX_LIMIT}, by default ${DEFAULT_LIMIT}; as CSV 1 to ${MAX_CSV_ROWS}, ` +
      "by default all of these.",
  }),
});

/** For the descriptions of lists that are answered as CSV too. */
export const CSV_NOTE = "With `Accept: text/csv` the answer is CSV (RFC 4180). Each text that a " +
  "spreadsheet would take for a formula has a quote before it. Pages follow each other by the " +
  "header `Next-Cursor`.";

export function pageRequest({ limit, cursor }: z.output<typeof pageQuery>) {
  return { limit, after: cursor ?? null };
}

export function pageBody<Item>({ items, next }: Page<Item>) {
  return { items, nextCursor: next && cursorOf([next.atMs, next.sequence]) };
}

export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: nextCursorSchema });
}
