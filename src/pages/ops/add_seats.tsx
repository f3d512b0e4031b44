import { isProblem } from "@stanchion/client";
import { useMemo, useState } from "preact/hooks";
import { count } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { outcomeOf, type Trouble } from "./asking.ts";
import { CsvInput, Preview } from "./csv_input.tsx";
import { operator } from "./operator.ts";
import { TroubleNotice } from "./parts.tsx";
import { readSeatTable } from "./seat_table.ts";
import { OPS } from "./words.ts";

interface AddSeatsProps {
  readonly concertId: number;
  readonly scheduleId: number;
  readonly onAdded: () => void;
}

/** Adds the seats of a table to a schedule: first checked, then for good. */
export function AddSeats({ concertId, scheduleId, onAdded }: AddSeatsProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const [csv, setCsv] = useState("");
  const [checked, setChecked] = useState<number | null>(null);
  const [added, setAdded] = useState<number | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const table = useMemo(() => readSeatTable(csv), [csv]);
  const change = (text: string) => {
    setCsv(text);
    setChecked(null);
    setTrouble(null);
    setAdded(null);
    setKey(crypto.randomUUID());
  };
  const send = async (dryRun: boolean) => {
    setTrouble(null);
    const outcome = await outcomeOf(() =>
      operator.POST("/v1/admin/concerts/{concertId}/schedules/{scheduleId}/seats", {
        params: {
          path: { concertId, scheduleId },
          query: { dryRun },
          header: { "Idempotency-Key": key },
        },
        // The API checks the text itself, and names faults by their lines.
        body: csv,
      })
    );
    if ("trouble" in outcome) {
      setChecked(null);
      setTrouble(outcome.trouble);
    } else if (dryRun) setChecked(outcome.data.added);
    else {
      change("");
      setAdded(outcome.data.added);
      onAdded();
    }
  };
  return (
    <details class="card">
      <summary>{words.addSeats}</summary>
      <div class="stack">
        <CsvInput csv={csv} onCsv={change} />
        <TroubleNotice
          trouble={isProblem(trouble, "VALIDATION_FAILED") ? null : trouble}
        />
        <Preview
          table={table}
          faults={isProblem(trouble, "VALIDATION_FAILED") ? trouble.errors : []}
        />
        <div role="status">
          {checked !== null && (
            <p class="notice good">{words.seatsWouldBeAdded(count(language, checked))}</p>
          )}
          {added !== null && (
            <p class="notice good">{words.seatsWereAdded(count(language, added))}</p>
          )}
        </div>
        <div class="row">
          <button
            type="button"
            class="button"
            disabled={csv === ""}
            onClick={() => void send(true)}
          >
            {words.dryRun}
          </button>
          <button
            type="button"
            class="button main"
            disabled={checked === null}
            onClick={() => void send(false)}
          >
            {words.addSeatsNow}
          </button>
        </div>
      </div>
    </details>
  );
}
