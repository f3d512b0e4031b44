import { isProblem, type ProblemOf } from "@stanchion/client";
import { useMemo, useState } from "preact/hooks";
import { OWN_ZONE } from "../shared/format.ts";
import { useWords } from "../shared/language.ts";
import type { AnyAnswer } from "./asking.ts";
import { CsvInput, type CsvInputProps, Preview } from "./csv_input.tsx";
import { instantOf } from "./local_time.ts";
import { Field } from "./parts.tsx";
import { byLine, readSeatTable, withBlock } from "./seat_table.ts";
import { OPS } from "./words.ts";

const EMPTY = { concertAt: "", reservationAvailableAt: "", salesEndAt: "", refundUntil: "" };

/** A date of a concert with its seats: its fields, what is sent of them, and what was refused. */
export function useScheduleForm() {
  const words = useWords(OPS);
  const [times, setTimes] = useState(EMPTY);
  const [csv, setCsv] = useState("");
  const [faults, setFaults] = useState<ProblemOf<"VALIDATION_FAILED">["errors"]>([]);
  const table = useMemo(() => readSeatTable(csv), [csv]);
  /** The faults were those of the table before. */
  const change = (text: string) => {
    setCsv(text);
    setFaults([]);
  };
  const field = (name: keyof typeof EMPTY) => ({
    type: "datetime-local" as const,
    value: times[name],
    onValue: (value: string) => setTimes({ ...times, [name]: value }),
  });
  return {
    seatCount: table.seats.length,
    /** Of a form that is complete. */
    schedule: () => ({
      concertAt: instantOf(times.concertAt)!,
      reservationAvailableAt: instantOf(times.reservationAvailableAt)!,
      salesEndAt: instantOf(times.salesEndAt),
      refundUntil: instantOf(times.refundUntil),
      seats: [...table.seats],
    }),
    clear() {
      setTimes(EMPTY);
      change("");
    },
    /** The answer to what was sent, with its faults by the lines of the table. */
    answered<Data>({ data, error }: AnyAnswer<Data>): AnyAnswer<Data> {
      if (!isProblem(error, "VALIDATION_FAILED")) return { data, error };
      const errors = byLine(error.errors, table);
      setFaults(errors);
      return { error: { ...error, errors } };
    },
    fields: (
      <>
        <fieldset class="card form">
          <legend>{words.date}</legend>
          <p class="quiet small whole">{words.timesAreOwn(OWN_ZONE)}</p>
          <Field label={words.concertAt} required {...field("concertAt")} />
          <Field label={words.saleOpens} required {...field("reservationAvailableAt")} />
          <Field label={words.saleEnds} hint={words.emptyIsConcert} {...field("salesEndAt")} />
          <Field label={words.refundUntil} hint={words.emptyIsNever} {...field("refundUntil")} />
        </fieldset>
        <fieldset class="card stack">
          <legend>{words.seats}</legend>
          <BlockForm csv={csv} onCsv={change} />
          <CsvInput csv={csv} onCsv={change} />
          <Preview table={table} faults={faults} />
        </fieldset>
      </>
    ),
  };
}

/** Adds the rows of a simple hall to the table. */
function BlockForm({ csv, onCsv }: CsvInputProps) {
  const words = useWords(OPS);
  const [section, setSection] = useState("A");
  const [rows, setRows] = useState("10");
  const [perRow, setPerRow] = useState("20");
  const [price, setPrice] = useState("");
  const block = {
    section,
    rows: Number(rows),
    seatsPerRow: Number(perRow),
    price: Number(price),
  };
  const isComplete = price !== "" && block.rows > 0 && block.seatsPerRow > 0 &&
    block.rows * block.seatsPerRow <= 100_000;
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
      <button
        type="button"
        class="button"
        disabled={!isComplete}
        onClick={() => onCsv(withBlock(csv, block))}
      >
        {words.makeRows}
      </button>
    </div>
  );
}
