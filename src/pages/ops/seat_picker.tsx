import { useEffect, useMemo, useState } from "preact/hooks";
import { useWords } from "../shared/language.ts";
import { Select } from "./parts.tsx";
import type { Seat } from "./seat.ts";
import { OPS } from "./words.ts";

interface SeatPickerProps {
  readonly seats: readonly Seat[];
  readonly chosen: ReadonlySet<number>;
  /** The seat whose row is shown; null: the first row. */
  readonly tapped: number | null;
  /** Takes all of them in, or out if all are in. */
  readonly onToggle: (seatIds: readonly number[]) => void;
}

const rowOf = ({ section, row }: Seat) => JSON.stringify([section, row]);
/** The most seats of a list: those of a hall without rows are shown in part. */
const MOST_LISTED = 300;

/** Chooses seats of one row by boxes, for keyboards and screen readers; whole rows and sections too. */
export function SeatPicker({ seats, chosen, tapped, onToggle }: SeatPickerProps) {
  const words = useWords(OPS);
  const rows = useMemo(() => [...new Set(seats.map(rowOf))], [seats]);
  const [wanted, setWanted] = useState<string | null>(null);
  useEffect(() => {
    const seat = seats.find(({ seatId }) => seatId === tapped);
    if (seat) setWanted(rowOf(seat));
  }, [tapped]);
  const row = wanted ?? rows[0] ?? "";
  const ofRow = seats.filter((seat) => rowOf(seat) === row);
  const ids = (some: readonly Seat[]) => some.map(({ seatId }) => seatId);
  const section = ofRow[0]?.section ?? null;
  const name = (of: string) => {
    const parts = (JSON.parse(of) as (string | null)[]).filter((part) => part !== null);
    return parts.join(" ") || words.withoutRow;
  };
  return (
    <>
      <Select
        label={words.row}
        value={row}
        onValue={setWanted}
        options={rows.map((of) => [of, name(of)])}
      />
      <ul class="boxes">
        {ofRow.slice(0, MOST_LISTED).map((seat) => (
          <li key={seat.seatId}>
            <label class="check">
              <input
                type="checkbox"
                checked={chosen.has(seat.seatId)}
                onChange={() => onToggle([seat.seatId])}
              />
              {seat.label} <span class="quiet small">{words.seatStates[seat.letter]}</span>
            </label>
          </li>
        ))}
      </ul>
      <div class="row">
        <button type="button" class="button" onClick={() => onToggle(ids(ofRow))}>
          {words.wholeRow}
        </button>
        {section !== null && (
          <button
            type="button"
            class="button"
            onClick={() => onToggle(ids(seats.filter((seat) => seat.section === section)))}
          >
            {words.wholeSection(section)}
          </button>
        )}
      </div>
    </>
  );
}
