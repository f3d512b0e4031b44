import { useState } from "preact/hooks";
import { dateAndTime, OWN_ZONE } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import type { Act } from "./act_dialog.tsx";
import { useAsked } from "./asking.ts";
import { instantOf, localValue } from "./local_time.ts";
import { operator } from "./operator.ts";
import { Field, Select } from "./parts.tsx";
import type { Concert, Schedule } from "./types.ts";
import { OPS } from "./words.ts";

interface EditConcertProps {
  readonly concert: Concert;
  readonly ask: (act: Act) => void;
}

/** The members that differ from what they were. */
function changesOf<Values extends Readonly<Record<string, string>>>(
  before: Values,
  now: Values,
): (keyof Values & string)[] {
  return Object.keys(before).filter((name) => before[name] !== now[name]);
}

/** Changes what a concert is called, where it is, and which room sells it. */
export function EditConcert({ concert, ask }: EditConcertProps) {
  const words = useWords(OPS);
  const { concertId } = concert;
  const before = {
    title: concert.title,
    description: concert.description,
    venue: concert.venue ?? "",
    timeZone: concert.timeZone,
    room: concert.room as string,
  };
  const [form, setForm] = useState(before);
  const rooms = useAsked(
    () => operator.GET("/v1/admin/rooms", { params: { query: { limit: 100 } } }),
    "rooms",
  );
  const changes = changesOf(before, form);
  const names: Readonly<Record<keyof typeof before, string>> = {
    title: words.concertTitle,
    description: words.description,
    venue: words.venue,
    timeZone: words.timeZone,
    room: words.room,
  };
  const send = (event: Event) => {
    event.preventDefault();
    const texts = Object.fromEntries(changes.map((name) => [name, form[name]]));
    ask({
      title: words.changeConcertTitle(concert.title),
      says: [
        ...changes.map((name) =>
          words.becomes(names[name], before[name] || "–", form[name] || "–")
        ),
        words.changeIsSeen,
        ...changes.includes("room") ? [words.roomChanges(form.room)] : [],
      ],
      hasReason: true,
      run: (reason) =>
        operator.PATCH("/v1/admin/concerts/{concertId}", {
          params: { path: { concertId } },
          body: { ...texts, ...changes.includes("venue") && { venue: form.venue || null }, reason },
        }),
    });
  };
  const field = (name: keyof typeof before) => ({
    label: names[name],
    value: form[name],
    onValue: (value: string) => setForm({ ...form, [name]: value }),
  });
  const roomNames = rooms.data?.rooms.map(({ room }) => room as string) ?? [concert.room];
  return (
    <details class="card">
      <summary>{words.changeConcert}</summary>
      <form class="form" onSubmit={send}>
        <Field {...field("title")} required maxLength={200} />
        <Field {...field("venue")} maxLength={200} />
        <Field {...field("description")} rows={3} maxLength={5000} />
        <Field {...field("timeZone")} required maxLength={64} />
        <Select {...field("room")} options={roomNames.map((room) => [room, room])} />
        <button type="submit" class="button" disabled={changes.length === 0}>{words.change}</button>
      </form>
    </details>
  );
}

interface EditDateProps extends EditConcertProps {
  readonly schedule: Schedule;
}

/** Changes the times of a date. */
export function EditDate({ concert, schedule, ask }: EditDateProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const { concertId } = concert;
  const { scheduleId, concertAt, salesEndAt } = schedule;
  const before = {
    concertAt: localValue(concertAt),
    reservationAvailableAt: localValue(schedule.reservationAvailableAt),
    salesEndAt: salesEndAt === concertAt ? "" : localValue(salesEndAt),
    refundUntil: localValue(schedule.refundUntil),
  };
  const [form, setForm] = useState(before);
  const changes = changesOf(before, form);
  const names: Readonly<Record<keyof typeof before, string>> = {
    concertAt: words.concertAt,
    reservationAvailableAt: words.saleOpens,
    salesEndAt: words.saleEnds,
    refundUntil: words.refundUntil,
  };
  const said = (name: keyof typeof before, value: string) => {
    const at = instantOf(value);
    if (at !== null) return dateAndTime(language, at, OWN_ZONE);
    return name === "salesEndAt" ? words.whenConcertBegins : words.never;
  };
  const send = (event: Event) => {
    event.preventDefault();
    const times = Object.fromEntries(changes.map((name) => [name, instantOf(form[name])]));
    ask({
      title: words.changeDateTitle(dateAndTime(language, concertAt, concert.timeZone)),
      says: [
        ...changes.map((name) =>
          words.becomes(names[name], said(name, before[name]), said(name, form[name]))
        ),
        words.changeIsSeen,
        words.nobodyIsWrittenTo,
      ],
      hasReason: true,
      run: (reason) =>
        operator.PATCH("/v1/admin/concerts/{concertId}", {
          params: { path: { concertId } },
          body: { schedules: [{ scheduleId, ...times }], reason },
        }),
    });
  };
  const field = (name: keyof typeof before) => ({
    label: names[name],
    type: "datetime-local" as const,
    value: form[name],
    onValue: (value: string) => setForm({ ...form, [name]: value }),
  });
  return (
    <details>
      <summary>{words.changeDate}</summary>
      <form class="form" onSubmit={send}>
        <p class="quiet small whole">{words.timesAreOwn(OWN_ZONE)}</p>
        <Field {...field("concertAt")} required />
        <Field {...field("reservationAvailableAt")} required />
        <Field {...field("salesEndAt")} hint={words.emptyIsConcert} />
        <Field {...field("refundUntil")} hint={words.emptyIsNever} />
        <button type="submit" class="button" disabled={changes.length === 0}>{words.change}</button>
      </form>
    </details>
  );
}
