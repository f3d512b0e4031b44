import type { Context } from "hono";
import { detectFromHeader } from "hono/language";

const LANGUAGES = ["en", "ko"] as const;
export type Language = typeof LANGUAGES[number];

type Options = Parameters<typeof detectFromHeader>[1];

const OPTIONS = {
  lookupFromHeaderKey: "accept-language",
  supportedLanguages: [...LANGUAGES],
  ignoreCase: true,
} as unknown as Options;

/** The language that the caller likes best of those that there are; English by default. */
export function languageOf(c: Context): Language {
  return (detectFromHeader(c, OPTIONS) ?? "en") as Language;
}
