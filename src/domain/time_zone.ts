/** Words of the names in the time zone database: most begin with the only capital letter. */
const PLAIN = "[A-Z][a-z]+|of|es|au";
const ABBREVIATION = String.raw`[A-Z]{1,3}|CHAT|[A-Z]{3}[-+]?\d+(?:[A-Z]{3})?`;
const COMPOSED = "McMurdo|DumontDUrville|ComodRivadavia|DeNoronha|EasterIsland|BajaNorte|BajaSur";
const WORD = `(?:${PLAIN}|${ABBREVIATION}|${COMPOSED})`;
const SPELLED_NAME = new RegExp(`^(?!ETC)${WORD}(?:[/_-]${WORD})*$`);

/**
 * The name of a time zone in its canonical spelling; null if there is no such zone. `Intl` knows
 * names in any case. Of a link such as `Asia/Kolkata` it gives the zone that the link leads to, and
 * not the spelling of the link: a link must be spelled right.
 */
export function canonicalTimeZone(name: string): string | null {
  if (!/^[A-Za-z]/.test(name)) return null; // an offset is not a zone
  let zone: string;
  try {
    zone = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
  if (zone.toLowerCase() === name.toLowerCase()) return zone;
  return SPELLED_NAME.test(name) ? name : null;
}
