import { count } from "../shared/format.ts";
import type { Language } from "../shared/language.ts";
import type { OPS } from "./words.ts";

/** A range of a wait as fans read it: in minutes, each begun one whole. */
export function waitText(
  words: typeof OPS.en,
  language: Language,
  { low, high }: { readonly low: number; readonly high: number },
): string {
  const [least, most] = [low, high].map((seconds) => count(language, Math.ceil(seconds / 60)));
  return words.minutes(least === most ? most! : `${least}–${most}`);
}
