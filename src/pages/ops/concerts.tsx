import { count, dateAndTime, money } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { settings } from "../shared/settings.ts";
import { useAsked } from "./asking.ts";
import { operator } from "./operator.ts";
import { Loading, Pager, Table, TroubleNotice, useCursors } from "./parts.tsx";
import type { Concert } from "./types.ts";
import { OPS } from "./words.ts";

export function ConcertTag({ status }: { readonly status: Concert["status"] }) {
  const words = useWords(OPS);
  const kinds = { ON_SALE: "good", SOLD_OUT: "accent", ENDED: "", WITHDRAWN: "bad" };
  return <span class={`tag ${kinds[status]}`}>{words.concertStates[status]}</span>;
}

/** All concerts, the newest first. */
export function ConcertsView() {
  const words = useWords(OPS);
  const language = useLanguage();
  const cursors = useCursors();
  const query = { ...cursors.cursor && { cursor: cursors.cursor } };
  const { data, trouble } = useAsked(
    () => operator.GET("/v1/admin/concerts", { params: { query } }),
    `concerts ${cursors.cursor}`,
  );
  const row = (concert: Concert) => {
    const sum = (of: (schedule: Concert["schedules"][number]) => number) =>
      concert.schedules.reduce((total, schedule) => total + of(schedule), 0);
    const seats = sum(({ seatCount }) => seatCount);
    const first = concert.schedules[0];
    return [
      <a key="title" href={`#/concerts/${concert.concertId}`}>{concert.title}</a>,
      <ConcertTag key="status" status={concert.status} />,
      <a key="room" href={`#/rooms/${concert.room}`}>{concert.room}</a>,
      first ? dateAndTime(language, first.concertAt, concert.timeZone) : "–",
      `${count(language, sum(({ seatsLeft }) => seatsLeft))} / ${count(language, seats)}`,
      money(language, settings.currency, sum(({ revenue }) => revenue)),
    ];
  };
  return (
    <div class="stack">
      <div class="row apart">
        <h1>{words.views.concerts}</h1>
        <a class="button main" href="#/concerts/new">{words.newConcert}</a>
      </div>
      <TroubleNotice trouble={trouble} />
      {data
        ? (
          <>
            {data.items.length === 0 && <p class="quiet">{words.noConcerts}</p>}
            {data.items.length > 0 && (
              <Table
                name={words.views.concerts}
                head={[
                  words.concert,
                  words.state,
                  words.room,
                  words.firstDate,
                  words.seatsLeft,
                  words.revenue,
                ]}
                rows={data.items.map(row)}
              />
            )}
            <Pager cursors={cursors} nextCursor={data.nextCursor} />
          </>
        )
        : !trouble && <Loading />}
    </div>
  );
}
