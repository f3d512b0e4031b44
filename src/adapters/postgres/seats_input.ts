import type { FieldError } from "../../domain/failures.ts";
import type { CreatedSchedule, CreatedSeat, NewSchedule, NewSeat } from "../../ports/catalogue.ts";

/**
 * Neon takes requests of at most 10,485,760 bytes. A statement with seats may have this many, so
 * that the request has room for what goes with it.
 */
export const MAX_SEATS_INPUT_BYTES = 10_400_000;

/** JSON does not escape it, so it costs one byte. */
const SEPARATOR = "\x7f";

/**
 * Seats by column, each column one text: a fraction of the text of as many objects. An empty entry
 * is null. Sections and rows are named once, and each seat has the index of its own.
 */
export interface SeatsInput {
  readonly count: number;
  readonly numbers: string;
  readonly labels: string;
  readonly sections: string;
  readonly sectionOf: string;
  readonly rows: string;
  readonly rowOf: string;
  readonly xs: string;
  readonly ys: string;
  readonly prices: string;
}

export function seatsInput(seats: readonly NewSeat[]): SeatsInput {
  const numbersOf = (of: (seat: NewSeat) => number | null | undefined) =>
    seats.map((seat) => of(seat) ?? "").join(",");
  const sections = namedOnce(seats.map(({ section }) => section));
  const rows = namedOnce(seats.map(({ row }) => row));
  return {
    count: seats.length,
    numbers: numbersOf(({ seatNumber }) => seatNumber),
    labels: seats.map(({ label }) => escaped(label ?? "")).join(SEPARATOR),
    sections: sections.names,
    sectionOf: sections.indexes,
    rows: rows.names,
    rowOf: rows.indexes,
    xs: numbersOf(({ x }) => x),
    ys: numbersOf(({ y }) => y),
    prices: numbersOf(({ price }) => price),
  };
}

export function scheduleInput(schedule: NewSchedule) {
  return { ...schedule, seats: seatsInput(schedule.seats) };
}

function namedOnce(names: readonly (string | null)[]) {
  const indexes = new Map<string, number>();
  const indexOf = (name: string) => {
    const known = indexes.get(name);
    if (known !== undefined) return known;
    indexes.set(name, indexes.size);
    return indexes.size - 1;
  };
  return {
    indexes: names.map((name) => name === null ? "" : indexOf(name)).join(","),
    names: [...indexes.keys()].map(escaped).join(SEPARATOR),
  };
}

/** `unescaped` of the migrations undoes it. */
function escaped(name: string): string {
  return name.replaceAll("\x01", "\x01e").replaceAll(SEPARATOR, "\x01d");
}

/** The fault of an input that no request to the database can have. */
export function faultOfSize(input: unknown, path: string): FieldError | null {
  const bytes = new TextEncoder().encode(JSON.stringify(JSON.stringify(input))).byteLength;
  if (bytes <= MAX_SEATS_INPUT_BYTES) return null;
  const message = `take ${bytes} bytes for the database, of at most ${MAX_SEATS_INPUT_BYTES}: ` +
    "send fewer seats at once, or shorter labels, sections, rows and coordinates";
  return { path, message };
}

/** Seats that were added, by column. Their labels are those of the request, or the numbers. */
export interface AddedSeatColumns {
  readonly ids: readonly CreatedSeat["seatId"][];
  readonly numbers: readonly number[];
}

/** In a dry run seats have no id. */
export interface DryRunSeatColumns {
  readonly ids: null;
  readonly numbers: readonly number[];
}

export function addedSeats(
  wanted: readonly NewSeat[],
  { ids, numbers }: AddedSeatColumns | DryRunSeatColumns,
) {
  return numbers.map((seatNumber, index) => ({
    seatId: ids && ids[index]!,
    seatNumber,
    label: wanted[index]!.label ?? String(seatNumber),
  }));
}

export interface CreatedScheduleColumns extends Omit<CreatedSchedule, "seats"> {
  readonly seats: AddedSeatColumns;
}

export function createdSchedule(
  { seats: wanted }: NewSchedule,
  { seats, ...schedule }: CreatedScheduleColumns,
): CreatedSchedule {
  return { ...schedule, seats: addedSeats(wanted, seats) as CreatedSeat[] };
}
