import { type AnyAnswer, outcomeOf, type Trouble } from "./asking.ts";

/** A page of a list as CSV. */
export type CsvPage = (cursor: string | undefined) => Promise<
  AnyAnswer<unknown> & { readonly response: Response }
>;

export const AS_CSV = { Accept: "text/csv" };
/** The most pages of a download; a page has a thousand lines. */
const MOST_PAGES = 500;

/** Puts all pages into one file, which the browser saves. Returns what went wrong, or null. */
export async function downloadCsv(name: string, page: CsvPage): Promise<Trouble | null> {
  const parts: string[] = [];
  let cursor: string | undefined;
  for (let number = 0; number < MOST_PAGES; number++) {
    let next: string | null = null;
    const outcome = await outcomeOf(async () => {
      const answer = await page(cursor);
      next = answer.response.headers.get("Next-Cursor");
      return answer;
    });
    if ("trouble" in outcome) return outcome.trouble;
    const text = String(outcome.data);
    // Each page has the line of names.
    parts.push(number === 0 ? text : text.slice(text.indexOf("\r\n") + 2));
    if (next === null) break;
    cursor = next;
  }
  const link = document.createElement("a");
  // Spreadsheets take a file without this mark for one of an old encoding.
  const url = URL.createObjectURL(new Blob(["\ufeff", ...parts], { type: "text/csv" }));
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return null;
}
