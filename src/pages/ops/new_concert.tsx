import { useEffect, useRef, useState } from "preact/hooks";
import { OWN_ZONE } from "../shared/format.ts";
import { useWords } from "../shared/language.ts";
import { useActs } from "./act_dialog.tsx";
import { useAsked } from "./asking.ts";
import { operator } from "./operator.ts";
import { Field, Select } from "./parts.tsx";
import { useScheduleForm } from "./schedule_form.tsx";
import { OPS } from "./words.ts";

const EMPTY = { title: "", description: "", venue: "", timeZone: OWN_ZONE, room: "main" };

/** Puts a concert with one date on sale, by a form and a table of seats. */
export function NewConcertView() {
  const words = useWords(OPS);
  const [form, setForm] = useState(EMPTY);
  const [made, setMade] = useState<number | null>(null);
  const { schedule, seatCount, fields, clear, answered } = useScheduleForm();
  const rooms = useAsked(
    () => operator.GET("/v1/admin/rooms", { params: { query: { limit: 100 } } }),
    "rooms",
  );
  const id = useRef<number | null>(null);
  const acts = useActs(() => setMade(id.current));
  const send = (event: Event) => {
    event.preventDefault();
    const key = crypto.randomUUID();
    acts.ask({
      title: words.putOnSale(form.title),
      says: [
        words.putOnSaleSays(form.room),
        words.seatsOnSale(String(seatCount)),
        words.putOnSaleIsSeen,
      ],
      hasReason: false,
      async run() {
        const answer = await operator.POST("/v1/admin/concerts", {
          params: { header: { "Idempotency-Key": key } },
          body: { ...form, venue: form.venue || null, schedules: [schedule()] },
        });
        if (answer.data) {
          id.current = answer.data.concertId;
          setForm(EMPTY);
          clear();
        }
        return answered(answer);
      },
    });
  };
  const field = (name: keyof typeof EMPTY) => ({
    value: form[name],
    onValue: (value: string) => setForm({ ...form, [name]: value }),
  });
  return (
    <div class="stack">
      <p>
        <a href="#/concerts">{words.views.concerts}</a>
      </p>
      <h1>{words.newConcert}</h1>
      {acts.shown}
      {made !== null && <Made concertId={made} onAnother={() => setMade(null)} />}
      <form class="stack" hidden={made !== null} onSubmit={send}>
        <fieldset class="card form">
          <legend>{words.concert}</legend>
          <Field label={words.concertTitle} required maxLength={200} {...field("title")} />
          <Field label={words.venue} maxLength={200} {...field("venue")} />
          <Field label={words.description} rows={3} maxLength={5000} {...field("description")} />
          <Field label={words.timeZone} required maxLength={64} {...field("timeZone")} />
          <Select
            label={words.room}
            {...field("room")}
            options={(rooms.data?.rooms ?? [{ room: "main" }]).map(({ room }) => [room, room])}
          />
        </fieldset>
        {fields}
        <button type="submit" class="button main" disabled={seatCount === 0}>
          {words.putOnSaleButton}
        </button>
      </form>
    </div>
  );
}

interface MadeProps {
  readonly concertId: number;
  readonly onAnother: () => void;
}

/** In place of the form that is done. The focus brings it into view. */
function Made({ concertId, onAnother }: MadeProps) {
  const words = useWords(OPS);
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => link.current?.focus(), []);
  return (
    <div class="row">
      <a ref={link} class="button main" href={`#/concerts/${concertId}`}>{words.showConcert}</a>
      <button type="button" class="button" onClick={onAnother}>{words.newConcert}</button>
    </div>
  );
}
