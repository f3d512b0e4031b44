import { useId } from "preact/hooks";
import { count } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { textOfFile } from "./file_text.ts";
import { LINE, placeText } from "./parts.tsx";
import { SeatMap } from "./seat_map.tsx";
import type { SeatTable } from "./seat_table.ts";
import { OPS } from "./words.ts";

const MOST_FAULTS = 200;
const NONE: ReadonlySet<number> = new Set();

export interface CsvInputProps {
  readonly csv: string;
  readonly onCsv: (csv: string) => void;
}

/** A table of seats, from a file or typed. */
export function CsvInput({ csv, onCsv }: CsvInputProps) {
  const words = useWords(OPS);
  const id = useId();
  return (
    <>
      <label class="field">
        <span>{words.csvFile}</span>
        <input
          type="file"
          accept=".csv,text/csv"
          // The same file can be chosen again after it was mended.
          onClick={(event) => void (event.currentTarget.value = "")}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) void file.arrayBuffer().then((bytes) => onCsv(textOfFile(bytes)));
          }}
        />
      </label>
      <div class="field">
        <label for={id}>{words.csvText}</label>
        <textarea
          id={id}
          aria-describedby={`${id}-hint`}
          rows={6}
          spellcheck={false}
          value={csv}
          onInput={(event) => onCsv(event.currentTarget.value)}
        />
        <small id={`${id}-hint`} class="quiet">{words.csvHint}</small>
      </div>
    </>
  );
}

interface Fault {
  readonly path: string;
  readonly message: string;
}

/** The seats of a table as a map, and what is wrong by line. */
export function Preview(
  { table, faults }: { readonly table: SeatTable; readonly faults: readonly Fault[] },
) {
  const words = useWords(OPS);
  const language = useLanguage();
  const faulty = new Set(faults.map(({ path }) => Number(LINE.exec(path)?.[1])));
  const letterOf = (seatId: number) => faulty.has(table.lines[seatId]!) ? "B" : "A";
  if (table.places.length === 0 && faults.length === 0) return null;
  return (
    <>
      {faults.length > 0 && (
        <div class="notice bad" role="alert">
          <p>
            <strong>{words.faultsInTable(count(language, faults.length))}</strong>
          </p>
          <ul class="faults">
            {faults.slice(0, MOST_FAULTS).map(({ path, message }, index) => (
              <li key={index}>
                <strong>{placeText(words, path)}</strong> {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      {table.places.length > 0 && (
        <>
          <h3>{words.preview(count(language, table.places.length))}</h3>
          <SeatMap
            seats={table.places}
            letterOf={letterOf}
            chosen={NONE}
            onSeat={null}
          />
          {faulty.size > 0 && <p class="quiet small">{words.crossesAreFaults}</p>}
        </>
      )}
    </>
  );
}
