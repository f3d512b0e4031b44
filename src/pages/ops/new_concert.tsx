import { isProblem } from "@stanchion/client";
import { useMemo, useState } from "preact/hooks";
import { OWN_ZONE } from "../shared/format.ts";
import { useWords } from "../shared/language.ts";
import { type Act, useActs } from "./act_dialog.tsx";
import { type Trouble, useAsked } from "./asking.ts";
import { CsvInput, Preview } from "./csv_input.tsx";
import { operator } from "./operator.ts";
import { Field, Select } from "./parts.tsx";
import { byLine, readSeatTable, type SeatTable, tableOfBlocks } from "./seat_table.ts";
import { OPS } from "./words.ts";

const EMPTY = {
  title: "",
  description: "",
  venue: "",
  timeZone: OWN_ZONE,
  room: "main",
  concertAt: "",
  reservationAvailableAt: "",
  salesEndAt: "",
  refundUntil: "",
};
type Form = typeof EMPTY;

const instant = (local: string) => local === "" ? null : new Date(local).toISOString();

/** Puts a concert with one date on sale, by a form and a table of seats. */
export function NewConcertView() {
  const words = useWords(OPS);
  const [form, setForm] = useState(EMPTY);
  const [csv, setCsv] = useState("");
  const [faults, setFaults] = useState<Trouble | null>(null);
  const [made, setMade] = useState<number | null>(null);
  const table = useMemo(() => readSeatTable(csv), [csv]);
  const rooms = useAsked(() => operator.GET("/v1/admin/rooms"), "rooms");
  const acts = useActs(() => {});
  const send = (event: Event) => {
    event.preventDefault();
    const key = crypto.randomUUID();
    const act: Act = {
      title: words.putOnSale(form.title),
      says: [
        words.putOnSaleSays(form.room),
        words.seatsOnSale(String(table.seats.length)),
        words.putOnSaleIsSeen,
      ],
      hasReason: false,
      async run() {
        const answer = await operator.POST("/v1/admin/concerts", {
          params: { header: { "Idempotency-Key": key } },
          body: bodyOf(form, table),
        });
        setFaults(isProblem(answer.error) ? answer.error : null);
        if (answer.data) setMade(answer.data.concertId);
        return answer;
      },
    };
    acts.ask(act);
  };
  const field = (name: keyof Form) => ({
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
      {made !== null && (
        <p>
          <a class="button main" href={`#/concerts/${made}`}>{words.showConcert}</a>
        </p>
      )}
      <form class="stack" onSubmit={send}>
        <fieldset class="card form">
          <legend>{words.concert}</legend>
          <Field label={words.concertTitle} required maxLength={200} {...field("title")} />
          <Field label={words.venue} maxLength={200} {...field("venue")} />
          <Field label={words.description} maxLength={5000} {...field("description")} />
          <Field label={words.timeZone} required maxLength={64} {...field("timeZone")} />
          <Select
            label={words.room}
            {...field("room")}
            options={(rooms.data?.rooms ?? [{ room: "main" }]).map(({ room }) => [room, room])}
          />
        </fieldset>
        <fieldset class="card form">
          <legend>{words.date}</legend>
          <p class="quiet small whole">{words.timesAreOwn(OWN_ZONE)}</p>
          <Field
            label={words.concertAt}
            type="datetime-local"
            required
            {...field("concertAt")}
          />
          <Field
            label={words.saleOpens}
            type="datetime-local"
            required
            {...field("reservationAvailableAt")}
          />
          <Field
            label={words.saleEnds}
            type="datetime-local"
            hint={words.emptyIsConcert}
            {...field("salesEndAt")}
          />
          <Field
            label={words.refundUntil}
            type="datetime-local"
            hint={words.emptyIsNever}
            {...field("refundUntil")}
          />
        </fieldset>
        <fieldset class="card stack">
          <legend>{words.seats}</legend>
          <BlockForm onBlock={(block) => setCsv(block)} />
          <CsvInput csv={csv} onCsv={setCsv} />
          <Preview
            table={table}
            faults={isProblem(faults, "VALIDATION_FAILED") ? byLine(faults.errors, table) : []}
          />
        </fieldset>
        <button type="submit" class="button main" disabled={table.seats.length === 0}>
          {words.putOnSaleButton}
        </button>
      </form>
    </div>
  );
}

function bodyOf(form: Form, { seats }: SeatTable) {
  return {
    title: form.title,
    description: form.description,
    venue: form.venue || null,
    timeZone: form.timeZone,
    room: form.room,
    schedules: [{
      concertAt: instant(form.concertAt)!,
      reservationAvailableAt: instant(form.reservationAvailableAt)!,
      salesEndAt: instant(form.salesEndAt),
      refundUntil: instant(form.refundUntil),
      seats: [...seats],
    }],
  };
}

/** Writes the table of a simple hall. */
function BlockForm({ onBlock }: { readonly onBlock: (csv: string) => void }) {
  const words = useWords(OPS);
  const [section, setSection] = useState("A");
  const [rows, setRows] = useState("10");
  const [perRow, setPerRow] = useState("20");
  const [price, setPrice] = useState("");
  const make = () =>
    onBlock(tableOfBlocks([{
      section,
      rows: Number(rows),
      seatsPerRow: Number(perRow),
      price: Number(price),
    }]));
  const isComplete = Number(rows) > 0 && Number(perRow) > 0 && price !== "" &&
    Number(rows) * Number(perRow) <= 100_000;
  return (
    <div class="form">
      <Field label={words.section} maxLength={64} value={section} onValue={setSection} />
      <Field label={words.rows} type="number" min={1} value={rows} onValue={setRows} />
      <Field
        label={words.seatsPerRow}
        type="number"
        min={1}
        value={perRow}
        onValue={setPerRow}
      />
      <Field label={words.price} type="number" min={0} value={price} onValue={setPrice} />
      <button type="button" class="button" disabled={!isComplete} onClick={make}>
        {words.makeRows}
      </button>
    </div>
  );
}
