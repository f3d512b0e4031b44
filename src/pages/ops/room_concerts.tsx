import { count, money } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { settings } from "../shared/settings.ts";
import { useAsked } from "./asking.ts";
import { ConcertTag } from "./concerts.tsx";
import { operator } from "./operator.ts";
import { Table, TroubleNotice } from "./parts.tsx";
import type { Concert, Schedule } from "./types.ts";
import { OPS } from "./words.ts";

const REFRESH_MS = 10_000;

/** What the room sells, with the sums of all dates. */
export function RoomConcerts({ room }: { readonly room: string }) {
  const words = useWords(OPS);
  const language = useLanguage();
  const { data, trouble } = useAsked(
    () => operator.GET("/v1/admin/concerts", { params: { query: { room, limit: 100 } } }),
    room,
    REFRESH_MS,
  );
  const row = ({ concertId, title, status, schedules }: Concert) => {
    const sum = (of: (schedule: Schedule) => number) =>
      schedules.reduce((total, schedule) => total + of(schedule), 0);
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
