import { count, money } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { settings } from "../shared/settings.ts";
import type { Asked } from "./asking.ts";
import { ConcertTag } from "./concerts.tsx";
import { Table, TroubleNotice } from "./parts.tsx";
import type { Concert, Schedule } from "./types.ts";
import { OPS } from "./words.ts";

interface Concerts {
  readonly items: readonly Concert[];
}

function sumOf(schedules: readonly Schedule[], of: (schedule: Schedule) => number): number {
  return schedules.reduce((total, schedule) => total + of(schedule), 0);
}

/** The seats left of all concerts; null while they are not known. */
export function seatsLeftOf(concerts: Concerts | null): number | null {
  return concerts &&
    sumOf(concerts.items.flatMap(({ schedules }) => schedules), ({ seatsLeft }) => seatsLeft);
}

/** What the room sells, with the sums of all dates. */
export function RoomConcerts({ asked: { data, trouble } }: { readonly asked: Asked<Concerts> }) {
  const words = useWords(OPS);
  const language = useLanguage();
  const row = ({ concertId, title, status, schedules }: Concert) => {
    const sum = (of: (schedule: Schedule) => number) => sumOf(schedules, of);
    const number = (of: (schedule: Schedule) => number) => count(language, sum(of));
    return [
      <a key="title" href={`#/concerts/${concertId}`}>{title}</a>,
      <ConcertTag key="status" status={status} />,
      `${number(({ seatsLeft }) => seatsLeft)} / ${number(({ seatCount }) => seatCount)}`,
      number(({ seatsHeld }) => seatsHeld),
      money(language, settings.currency, sum(({ revenue }) => revenue)),
    ];
  };
  return (
    <>
      <TroubleNotice trouble={trouble} />
      {data && data.items.length > 0 && (
        <Table
          name={words.views.concerts}
          head={[words.concert, words.state, words.seatsLeft, words.seatsHeld, words.revenue]}
          rows={data.items.map(row)}
        />
      )}
    </>
  );
}
