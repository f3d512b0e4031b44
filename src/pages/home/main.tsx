import { dateAndTime, ownTime, zone } from "../shared/format.ts";
import { Frame, start } from "../shared/frame.tsx";
import { useServerNow } from "../shared/hooks.ts";
import { serverNow } from "../shared/server_clock.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { Loaded } from "../shared/loaded.tsx";
import { type ProgrammeConcert, useProgramme } from "../shared/programme.ts";
import { home as en } from "../words/en/home.ts";
import { home as ko } from "../words/ko/home.ts";

const WORDS = { en, ko };

type Schedule = ProgrammeConcert["schedules"][number];

function SaleState({ schedule, timeZone }: {
  readonly schedule: Schedule;
  readonly timeZone: string;
}) {
  const words = useWords(WORDS);
  const language = useLanguage();
  const now = useServerNow();
  const { concertAt, reservationAvailableAt, salesEndAt } = schedule;
  if (Date.parse(salesEndAt) <= now) return <span class="tag">{words.over}</span>;
  if (Date.parse(reservationAvailableAt) > now) {
    const opens = dateAndTime(language, reservationAvailableAt, timeZone);
    return <span class="tag warn">{words.from(opens)}</span>;
  }
  if (salesEndAt === concertAt) return <span class="tag good">{words.onSale}</span>;
  return <span class="tag good">{words.until(dateAndTime(language, salesEndAt, timeZone))}</span>;
}

function Concert({ title, venue, description, timeZone, room, schedules }: ProgrammeConcert) {
  const words = useWords(WORDS);
  const language = useLanguage();
  const isOpen = schedules.some(({ reservationAvailableAt }) =>
    Date.parse(reservationAvailableAt) <= serverNow()
  );
  return (
    <li class="card concert">
      <div>
        <h2>{title}</h2>
        {venue && <p class="venue">{venue}</p>}
        {description && <p class="quiet">{description}</p>}
        <ul class="dates">
          {schedules.map((schedule) => {
            const { scheduleId, concertAt } = schedule;
            const own = ownTime(language, concertAt, timeZone);
            return (
              <li key={scheduleId}>
                <span>
                  <strong>{dateAndTime(language, concertAt, timeZone)}</strong>{" "}
                  <span class="quiet small">{zone(language, concertAt, timeZone)}</span>
                  {own && <span class="quiet small own">{words.yours(own)}</span>}
                </span>
                <SaleState schedule={schedule} timeZone={timeZone} />
              </li>
            );
          })}
        </ul>
      </div>
      <a class="button main" href={`/line?room=${encodeURIComponent(room)}`}>
        {isOpen ? words.getTickets : words.gather}
        <span class="hidden-text">: {title}</span>
      </a>
    </li>
  );
}

function Programme() {
  const words = useWords(WORDS);
  const loading = useProgramme();
  return (
    <Frame title={words.title} path="/">
      <h1>{words.title}</h1>
      <p class="quiet lead">{words.lead}</p>
      <Loaded loading={loading}>
        {(concerts) =>
          concerts.length === 0 ? <p class="card">{words.nothingOn}</p> : (
            <ul class="concerts">
              {concerts.map((concert) => <Concert key={concert.concertId} {...concert} />)}
            </ul>
          )}
      </Loaded>
    </Frame>
  );
}

start(<Programme />);
