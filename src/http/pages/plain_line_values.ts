import type { LineAnswer } from "../line_answer.ts";
import type { Language } from "../pipeline/language.ts";
import { localTime } from "./programme_values.ts";
import type { TemplateValues } from "./template.ts";

const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3600;
/** From here on a wait is shown in hours. */
const HOURS_FROM_SECONDS = 2 * SECONDS_PER_HOUR;

/** What the page without a script says of a place that is waiting. */
export function waitingValues(
  language: Language,
  line: Extract<LineAnswer, { state: "WAITING" }>,
): TemplateValues {
  const { position, reason, opensAt, estimatedWaitRange: range } = line;
  const isLong = range !== null && range.high >= HOURS_FROM_SECONDS;
  const unit = isLong ? SECONDS_PER_HOUR : SECONDS_PER_MINUTE;
  return {
    waiting: true,
    position: position?.toLocaleString(language),
    lobby: reason === "LOBBY",
    held: reason === "HELD",
    closed: reason === "CLOSED",
    soldOut: reason === "SOLD_OUT",
    opensAt: opensAt && localTime(language, opensAt, "UTC"),
    ...(range && reason === null && {
      wait: true,
      [isLong ? "hours" : "minutes"]: true,
      low: Math.floor(range.low / unit),
      high: Math.ceil(range.high / unit),
    }),
  };
}
