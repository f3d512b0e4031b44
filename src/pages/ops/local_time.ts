import { date, OWN_ZONE } from "../shared/format.ts";
import type { Language } from "../shared/language.ts";

/** The value of a field for a local time, of an instant; empty of null. */
export function localValue(instant: string | null): string {
  if (instant === null) return "";
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The instant of such a value; null of an empty one. */
export function instantOf(local: string): string | null {
  return local === "" ? null : new Date(local).toISOString();
}

/** A date and a time with its seconds, as the operator writes them. */
export function exactTime(language: Language, instant: string): string {
  const tag = navigator.languages.find((one) => one.split("-", 1)[0] === language) ?? language;
  const time = new Intl.DateTimeFormat(tag, { timeZone: OWN_ZONE, timeStyle: "medium" });
  return `${date(language, instant, OWN_ZONE)} ${time.format(new Date(instant))}`;
}
