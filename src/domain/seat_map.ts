import type { Seat, SeatStatus } from "./booking.ts";
import type { RoomId, SeatId } from "./ids.ts";

/** The members of a seat that only operators change, in the order of a row of the map. */
export const SEAT_COLUMNS = [
  "seatId",
  "seatNumber",
  "label",
  "section",
  "row",
  "x",
  "y",
  "price",
] as const;

export type SeatRow = readonly [
  seatId: SeatId,
  seatNumber: number,
  label: string,
  section: string | null,
  row: string | null,
  x: number | null,
  y: number | null,
  price: number,
];

/** The seats of a schedule or of one section, by number. */
export interface SeatMap {
  /** The version of the map of the whole schedule. Another map has another version. */
  readonly mapVersion: string;
  /**
   * Where the seats are among all of the schedule: the first place from 0 and the number of seats of
   * each run, as a flat list.
   */
  readonly runs: readonly number[];
  readonly rows: readonly SeatRow[];
  /** Of a map without seats: the sections that the schedule has. */
  readonly sections?: readonly string[];
}

/** The statuses of the seats of a schedule at one moment. */
export interface SeatSnapshot {
  /** Only fans admitted to this room may see it. */
  readonly room: RoomId;
  readonly concertAt: string;
  /** The map that the letters follow. */
  readonly mapVersion: string;
  /** The snapshot has every act whose time is not later. RFC 3339 by the clock of the database. */
  readonly takenAt: string;
  /** A letter a seat, by number. */
  readonly statuses: string;
}

const STATUS_OF_LETTER: Readonly<Record<string, SeatStatus>> = {
  A: "AVAILABLE",
  H: "HELD",
  S: "SOLD",
};

export function statusOfLetter(letter: string): SeatStatus {
  return STATUS_OF_LETTER[letter]!;
}

/** The letters of these runs of seats. */
export function lettersOf(runs: readonly number[], statuses: string): string {
  let letters = "";
  for (let i = 0; i < runs.length; i += 2) {
    letters += statuses.slice(runs[i]!, runs[i]! + runs[i + 1]!);
  }
  return letters;
}

/** The flat list of runs of these ascending places. */
export function runsOf(places: readonly number[]): number[] {
  const runs: number[] = [];
  for (const place of places) {
    const last = runs.length - 1;
    if (last > 0 && runs[last - 1]! + runs[last]! === place) runs[last]!++;
    else runs.push(place, 1);
  }
  return runs;
}

/** Map and statuses together. */
export function seatsOf(map: SeatMap, { statuses }: SeatSnapshot): Seat[] {
  const letters = lettersOf(map.runs, statuses);
  return map.rows.map((values, i) => {
    const [seatId, seatNumber, label, section, row, x, y, price] = values;
    const status = statusOfLetter(letters[i]!);
    return { seatId, seatNumber, label, section, row, x, y, price, status };
  });
}
