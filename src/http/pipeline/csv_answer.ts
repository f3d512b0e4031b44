import type { Context } from "hono";
import { accepts } from "hono/accepts";
import Papa from "papaparse";
import { CSV_MEDIA_TYPE } from "./body.ts";

/** What spreadsheets take for the beginning of a formula. A quote before it makes it a text. */
const FORMULA = /^[=+\-@\t\r\n]/;

/** Whether the caller prefers CSV to JSON. */
export function wantsCsv(c: Context): boolean {
  const json = "application/json";
  const options = { header: "Accept", supports: [json, CSV_MEDIA_TYPE], default: json } as const;
  return accepts(c, { ...options, supports: [...options.supports] }) === CSV_MEDIA_TYPE;
}

/** The items of a page as CSV. The cursor of the next page is in a header. */
export function csvAnswer(c: Context, columns: readonly string[], body: unknown): Response {
  const { items, nextCursor } = body as {
    readonly items: readonly object[];
    readonly nextCursor: string | null;
  };
  return c.body(csvText(columns, items), 200, {
    "Content-Type": `${CSV_MEDIA_TYPE}; charset=utf-8; header=present`,
    ...(nextCursor === null ? {} : { "Next-Cursor": nextCursor }),
  });
}

/** RFC 4180: a line of names, and a line for each item. Numbers stay numbers; null is empty. */
export function csvText(columns: readonly string[], items: readonly object[]): string {
  const rows = items.map((item) => {
    const members = item as Record<string, unknown>;
    return columns.map((column) => cellOf(members[column]));
  });
  return Papa.unparse([[...columns], ...rows], { escapeFormulae: FORMULA, newline: "\r\n" }) +
    "\r\n";
}

function cellOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}
