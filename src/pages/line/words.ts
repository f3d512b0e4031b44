import { line as en } from "../words/en/line.ts";
import type { LineWords } from "../words/en/line.ts";
import { line as ko } from "../words/ko/line.ts";
import { count } from "../shared/format.ts";
import type { Language } from "../shared/language.ts";

export const LINE_WORDS = { en, ko };

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;
/** From here on a wait is shown in hours. */
const HOURS_FROM_SECONDS = 2 * HOUR_SECONDS;

/** The wait as a range. The low end is rounded down and the high end up. */
export function waitText(
  words: LineWords,
  language: Language,
  { low, high }: { readonly low: number; readonly high: number },
): string {
  if (high < MINUTE_SECONDS) return words.shortWait;
  const isLong = (seconds: number) => seconds >= HOURS_FROM_SECONDS;
  const unitOf = (seconds: number) => isLong(seconds) ? HOUR_SECONDS : MINUTE_SECONDS;
  const least = Math.floor(low / unitOf(low));
  const most = Math.ceil(high / unitOf(high));
  const named = (value: string, seconds: number) =>
    isLong(seconds) ? words.hours(value) : words.minutes(value);
  const mostText = count(language, most);
  if (least === 0) return words.upTo(named(mostText, high));
  const leastText = count(language, least);
  if (isLong(low) !== isLong(high)) return `${named(leastText, low)} – ${named(mostText, high)}`;
  return named(least === most ? mostText : `${leastText}–${mostText}`, high);
}
