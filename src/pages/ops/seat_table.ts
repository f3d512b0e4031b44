import type { MapSeat } from "@stanchion/client";
import type { NewSeat } from "./types.ts";

/** A table of seats as far as it can be read. The API says what is wrong with it. */
export interface SeatTable {
  readonly seats: readonly NewSeat[];
  /** For the preview, with the places in the table as ids. */
  readonly places: readonly MapSeat[];
  /** The line of each seat. */
  readonly lines: readonly number[];
}

const NUMBERS = new Set(["seatNumber", "x", "y", "price"]);

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The lines of a CSV text (RFC 4180). A quoted cell may have line breaks. */
function linesOf(csv: string): Line[] {
  const lines: Line[] = [];
  let cells: string[] = [];
  let [cell, isQuoted, line, began] = ["", false, 1, 1];
  const end = () => {
    cells.push(cell);
    if (cells.length > 1 || cells[0] !== "") lines.push({ line: began, cells });
    [cells, cell] = [[], ""];
  };
  const text = csv.replaceAll(/\r\n?/g, "\n");
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (letter === "\n") line++;
    if (isQuoted && letter === '"' && text[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (letter === '"' && (isQuoted || cell === "")) isQuoted = !isQuoted;
    else if (!isQuoted && letter === ",") {
      cells.push(cell);
      cell = "";
    } else if (!isQuoted && letter === "\n") {
      end();
      began = line;
    } else cell += letter;
  }
  end();
  return lines;
}

/** Cells that are no numbers stay texts, which the API refuses by their place. */
function valueOf(name: string, cell: string): string | number {
  return NUMBERS.has(name) && /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell;
}

export function readSeatTable(csv: string): SeatTable {
  const [head, ...rows] = linesOf(csv);
  const names = head?.cells ?? [];
  const seats = rows.map(({ cells }) => {
    const pairs = names.map((name, index) => [name, cells[index] ?? ""] as const);
    return Object.fromEntries(
      pairs.filter(([, cell]) => cell !== "").map(([name, cell]) => [name, valueOf(name, cell)]),
    );
  });
  const number = (value: unknown) => typeof value === "number" ? value : null;
  const text = (value: unknown) => value === undefined ? null : String(value);
  return {
    seats: seats as unknown as NewSeat[],
    places: seats.map(({ section, row, label, seatNumber, x, y, price }, index) => ({
      seatId: index,
      seatNumber: number(seatNumber) ?? index + 1,
      section: text(section),
      row: text(row),
      label: text(label) ?? text(seatNumber) ?? "",
      x: number(x),
      y: number(y),
      price: number(price) ?? 0,
      status: "AVAILABLE",
      own: false,
    })),
    lines: rows.map(({ line }) => line),
  };
}

/** The faults of seats that were sent, by the lines of the table. */
export function byLine<Fault extends { readonly path: string }>(
  faults: readonly Fault[],
  { lines }: SeatTable,
): Fault[] {
  return faults.map((fault) => ({
    ...fault,
    path: fault.path.replace(
      /^(?:schedules\[0\]\.)?seats\[(\d+)\]/,
      (_, index) => `line ${lines[Number(index)]}`,
    ),
  }));
}

export interface Block {
  readonly section: string;
  readonly rows: number;
  readonly seatsPerRow: number;
  readonly price: number;
}

const BLOCK_COLUMNS = ["section", "row", "label", "price"];

const quoted = (cell: string) => /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/**
 * The table with a block of equal rows after its last line. Rows of a section that is there are
 * numbered on: no seat of the block has the name of another.
 */
export function withBlock(csv: string, { section, rows, seatsPerRow, price }: Block): string {
  const [head, ...before] = linesOf(csv);
  const columns = head?.cells ?? [];
  const missing = BLOCK_COLUMNS.filter((name) => !columns.includes(name));
  const names = [...columns, ...missing];
  const filled = before.map(({ cells }) => [...cells, ...missing.map(() => "")]);
  const [ofSection, ofRow] = [names.indexOf("section"), names.indexOf("row")];
  const last = filled.filter((cells) => cells[ofSection] === section)
    .reduce((highest, cells) => Math.max(highest, Number(cells[ofRow]) || 0), 0);
  const added = Array.from({ length: rows * seatsPerRow }, (_, index) => {
    const row = Math.floor(last) + Math.floor(index / seatsPerRow) + 1;
    const seat: Record<string, string | number> = {
      section,
      row,
      label: index % seatsPerRow + 1,
      price,
    };
    return names.map((name) => String(seat[name] ?? ""));
  });
  return [names, ...filled, ...added].map((cells) => cells.map(quoted).join(",")).join("\n");
}
