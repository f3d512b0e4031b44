import type { ProgrammeConcert } from "../../ports/catalogue.ts";
import type { Language } from "../pipeline/language.ts";
import type { TemplateValues } from "./template.ts";

/** Such as Thu, Dec 24, 7:00 PM GMT+9. */
export function localTime(language: Language, at: string | number, timeZone: string): string {
  return new Intl.DateTimeFormat(language, {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(new Date(at));
}

/** The programme for the page, in times of the venues. */
export function programmeValues(
  concerts: readonly ProgrammeConcert[],
  language: Language,
  nowMs: number,
): TemplateValues {
  return {
    empty: concerts.length === 0,
    concerts: concerts.map(({ timeZone, schedules, ...concert }) => ({
      ...concert,
      schedules: schedules.map(({ concertAt, reservationAvailableAt, salesEndAt }) => {
        const isOpen = Date.parse(reservationAvailableAt) <= nowMs;
        const inZone = (at: string) => localTime(language, at, timeZone);
        return {
          concertAt: inZone(concertAt),
          onSale: isOpen && salesEndAt === concertAt,
          saleOpens: !isOpen && inZone(reservationAvailableAt),
          saleEnds: isOpen && salesEndAt !== concertAt && inZone(salesEndAt),
        };
      }),
    })),
  };
}
