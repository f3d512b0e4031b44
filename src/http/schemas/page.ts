import { z } from "@hono/zod-openapi";
import type { Page, PageMark } from "../../domain/booking.ts";

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const limitMessage = `must be a whole number from 1 to ${MAX_LIMIT}`;

/** Cursors are opaque to clients: base64url of `atMs.sequence`. */
function cursorOf({ atMs, sequence }: PageMark): string {
  return btoa(`${atMs}.${sequence}`).replaceAll("=", "");
}

function markOf(cursor: string): PageMark | null {
  try {
    const found = /^(\d{1,15})\.(\d{1,15})$/.exec(atob(cursor));
    return found && { atMs: Number(found[1]), sequence: Number(found[2]) };
  } catch {
    return null;
  }
}

/** `?limit=` and `?cursor=`, as a page request. */
export const pageQuery = z.object({
  limit: z.string().regex(/^[1-9]\d{0,2}$/, limitMessage).transform(Number)
    .refine((limit) => limit <= MAX_LIMIT, limitMessage).default(DEFAULT_LIMIT)
    .openapi({ type: "integer", minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT }),
  cursor: z.string().transform((cursor, context) => {
    const mark = markOf(cursor);
    if (!mark) context.addIssue({ code: "custom", message: "must be a nextCursor of this list" });
    return mark;
  }).optional().openapi({ type: "string", description: "The `nextCursor` of the page before." }),
});

export function pageRequest({ limit, cursor }: z.output<typeof pageQuery>) {
  return { limit, after: cursor ?? null };
}

export function pageBody<Item>({ items, next }: Page<Item>) {
  return { items, nextCursor: next && cursorOf(next) };
}

export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
