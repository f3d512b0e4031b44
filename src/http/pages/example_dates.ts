const DAY_MS = 24 * 3_600_000;
/** The day on which the examples of the OpenAPI document are right as they are written. */
export const EXAMPLE_DAY = "2026-12-01";

/** The UTC day of a time, such as 2026-12-01. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The same text on another day: every date of its times is moved by as many days. */
export function withDatesOf(day: string, text: string): string {
  const laterMs = Date.parse(day) - Date.parse(EXAMPLE_DAY);
  if (laterMs % DAY_MS !== 0) throw new Error(`${day} is no day`);
  return text.replaceAll(
    /\b(2026-1[12]-\d\d)(?=T)/g,
    (date) => dayOf(Date.parse(date) + laterMs),
  );
}
