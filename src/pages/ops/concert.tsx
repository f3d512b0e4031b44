import { count, dateAndTime, money, OWN_ZONE, zone } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { settings } from "../shared/settings.ts";
import { type Act, useActs } from "./act_dialog.tsx";
import { useAsked } from "./asking.ts";
import { ConcertTag } from "./concerts.tsx";
import { EditConcert, EditDate } from "./edit_concert.tsx";
import { NewDate } from "./new_date.tsx";
import { operator } from "./operator.ts";
import { Figure, Loading, TroubleNotice } from "./parts.tsx";
import { Refunds } from "./refunds.tsx";
import { SalesList } from "./sales.tsx";
import type { Concert, Schedule } from "./types.ts";
import { OPS } from "./words.ts";

const REFRESH_MS = 10_000;

/** One concert: its dates, its sales, and its refunds. */
export function ConcertView({ concertId }: { readonly concertId: number }) {
  const words = useWords(OPS);
  const { data, trouble, again } = useAsked(
    () => operator.GET("/v1/admin/concerts/{concertId}", { params: { path: { concertId } } }),
    `concert ${concertId}`,
    REFRESH_MS,
  );
  const acts = useActs(again);
  return (
    <div class="stack">
      <p>
        <a href="#/concerts">{words.views.concerts}</a>
      </p>
      <TroubleNotice trouble={trouble} />
      {data
        ? (
          <>
            <div class="row">
              <h1>{data.title}</h1>
              <ConcertTag status={data.status} />
            </div>
            <p class="quiet">
              {[data.venue, data.timeZone].filter((text) => text !== null).join(" · ")} ·{" "}
              <a href={`#/rooms/${data.room}`}>{words.roomOf(data.room)}</a>
            </p>
            {acts.shown}
            <Totals schedules={data.schedules} />
            <ul class="dates">
              {data.schedules.map((schedule) => (
                <ScheduleCard
                  key={schedule.scheduleId}
                  concert={data}
                  schedule={schedule}
                  ask={acts.ask}
                />
              ))}
            </ul>
            <div class="row">
              <button
                type="button"
                class="button"
                onClick={() => acts.ask(withdrawAct(words, data, null))}
              >
                {data.status === "WITHDRAWN" ? words.undoWithdrawal : words.withdrawConcert}
              </button>
            </div>
            <EditConcert key={JSON.stringify(textsOf(data))} concert={data} ask={acts.ask} />
            <NewDate concert={data} ask={acts.ask} />
            <Refunds concert={data} ask={acts.ask} />
            <SalesList concert={data} />
          </>
        )
        : !trouble && <Loading />}
    </div>
  );
}

/** The sums of all dates. */
function Totals({ schedules }: Pick<Concert, "schedules">) {
  const words = useWords(OPS);
  const language = useLanguage();
  const sum = (of: (schedule: Schedule) => number) =>
    schedules.reduce((total, schedule) => total + of(schedule), 0);
  const number = (of: (schedule: Schedule) => number) => count(language, sum(of));
  return (
    <dl class="figures card">
      <Figure name={words.seatsLeft}>
        {number(({ seatsLeft }) => seatsLeft)} / {number(({ seatCount }) => seatCount)}
      </Figure>
      <Figure name={words.seatsHeld}>{number(({ seatsHeld }) => seatsHeld)}</Figure>
      <Figure name={words.revenue}>
        {money(language, settings.currency, sum(({ revenue }) => revenue))}
      </Figure>
    </dl>
  );
}

/** What the form changes: after a change by others it begins anew. */
function textsOf({ title, description, venue, timeZone, room }: Concert) {
  return [title, description, venue, timeZone, room];
}

function timesOf({ concertAt, reservationAvailableAt, salesEndAt, refundUntil }: Schedule) {
  return [concertAt, reservationAvailableAt, salesEndAt, refundUntil];
}

/** Withdraws a concert, or one schedule of it, or undoes that. */
function withdrawAct(words: typeof OPS.en, concert: Concert, schedule: Schedule | null): Act {
  const isWithdrawn = (schedule ?? concert).status === "WITHDRAWN";
  const status = isWithdrawn ? "ON_SALE" as const : "WITHDRAWN" as const;
  const changes = schedule
    ? { schedules: [{ scheduleId: schedule.scheduleId, status }] }
    : { status };
  return {
    title: isWithdrawn ? words.undoWithdrawal : words.withdraw,
    says: isWithdrawn
      ? [words.undoSays]
      : [words.withdrawSays, words.withdrawTickets, words.withdrawCanBeUndone],
    hasReason: true,
    run: (reason) =>
      operator.PATCH("/v1/admin/concerts/{concertId}", {
        params: { path: { concertId: concert.concertId } },
        body: { ...changes, reason },
      }),
  };
}

interface ScheduleCardProps {
  readonly concert: Concert;
  readonly schedule: Schedule;
  readonly ask: (act: Act) => void;
}

function ScheduleCard({ concert, schedule, ask }: ScheduleCardProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const { scheduleId, seatCount, seatsLeft, seatsHeld, revenue } = schedule;
  const number = (value: number) => count(language, value);
  const { concertAt, reservationAvailableAt, salesEndAt } = schedule;
  const atVenue = dateAndTime(language, concertAt, concert.timeZone);
  const own = (time: string) => dateAndTime(language, time, OWN_ZONE);
  return (
    <li class="card stack">
      <div class="row">
        <h2>{atVenue} {zone(language, concertAt, concert.timeZone)}</h2>
        <ConcertTag status={schedule.status} />
      </div>
      <p class="quiet">
        {words.saleFromTo(own(reservationAvailableAt), own(salesEndAt))}{" "}
        {zone(language, salesEndAt, OWN_ZONE)}
      </p>
      <progress
        aria-label={words.soldOf(number(seatCount - seatsLeft), number(seatCount))}
        max={seatCount}
        value={seatCount - seatsLeft}
      />
      <dl class="figures">
        <Figure name={words.seatsLeft}>{number(seatsLeft)} / {number(seatCount)}</Figure>
        <Figure name={words.seatsHeld}>{number(seatsHeld)}</Figure>
        <Figure name={words.revenue}>{money(language, settings.currency, revenue)}</Figure>
      </dl>
      <div class="row">
        <a class="button" href={`#/concerts/${concert.concertId}/seats/${scheduleId}`}>
          {words.seatMap}
        </a>
        <a class="button" href={`#/door/${scheduleId}`}>{words.checkInLink}</a>
        {concert.status !== "WITHDRAWN" && (
          <button
            type="button"
            class="button"
            onClick={() => ask(withdrawAct(words, concert, schedule))}
          >
            {schedule.status === "WITHDRAWN" ? words.undoWithdrawal : words.withdrawDate}
          </button>
        )}
      </div>
      <EditDate
        key={JSON.stringify(timesOf(schedule))}
        concert={concert}
        schedule={schedule}
        ask={ask}
      />
    </li>
  );
}
