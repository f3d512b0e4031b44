import type { Language } from "./language.ts";

/** The fan's own kind of the language, such as English as Britain writes it. */
function tagOf(language: Language): string {
  return navigator.languages.find((tag) => tag.split("-", 1)[0] === language) ?? language;
}

const TAGS = { en: tagOf("en"), ko: tagOf("ko") };
/** Of currencies whose names differ from their signs abroad. */
const formats = new Map<string, Intl.NumberFormat>();

export function count(language: Language, value: number): string {
  return value.toLocaleString(TAGS[language]);
}

/** An amount in the smallest unit of the currency. */
export function money(language: Language, currency: string, amount: number): string {
  // So prices are written in Korea.
  if (language === "ko" && currency === "KRW") return `${count(language, amount)}원`;
  const name = `${language} ${currency}`;
  let format = formats.get(name);
  if (!format) {
    format = new Intl.NumberFormat(TAGS[language], { style: "currency", currency });
    formats.set(name, format);
  }
  const { maximumFractionDigits: digits = 0 } = format.resolvedOptions();
  return format.format(amount / 10 ** digits);
}

export const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function inZone(
  language: Language,
  at: string,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): string {
  return new Intl.DateTimeFormat(TAGS[language], { timeZone, ...options }).format(new Date(at));
}

const HALF_YEAR_MS = 183 * 86_400_000;

/** Whether nobody wonders which year is meant. */
const isSoon = (at: string) => Math.abs(Date.parse(at) - Date.now()) < HALF_YEAR_MS;

/** Such as Thu, 24 Dec; with the year where it is far away. */
export function date(language: Language, at: string, timeZone: string): string {
  return inZone(language, at, timeZone, {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(isSoon(at) ? {} : { year: "numeric" }),
  });
}

/** Such as 19:00. */
export function time(language: Language, at: string, timeZone: string): string {
  return inZone(language, at, timeZone, { hour: "numeric", minute: "2-digit" });
}

/** The name of the zone at that time, such as GMT+9. */
export function zone(language: Language, at: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat(TAGS[language], { timeZone, timeZoneName: "short" })
    .formatToParts(new Date(at));
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}

export function dateAndTime(language: Language, at: string, timeZone: string): string {
  return `${date(language, at, timeZone)} ${time(language, at, timeZone)}`;
}

/** The same moment where the fan is, without a date that is the same; null if clocks show the same. */
export function ownTime(language: Language, at: string, timeZone: string): string | null {
  const own = dateAndTime(language, at, OWN_ZONE);
  if (own === dateAndTime(language, at, timeZone)) return null;
  const isSameDay = date(language, at, OWN_ZONE) === date(language, at, timeZone);
  return isSameDay ? time(language, at, OWN_ZONE) : own;
}

/** Minutes and seconds that are left, such as 4:05; with hours where there are some. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}
