import type { SeatId } from "../../src/domain/ids.ts";
import type { BestAvailable } from "../../src/ports/bookings.ts";
import type { ModelSeat } from "./box_office_states.ts";

export interface ModelBest {
  /** Null: there are not so many together. */
  readonly seatIds: readonly SeatId[] | null;
  /** The most free seats side by side. */
  readonly together: number;
}

/** The best seats by trying every group of every row. */
export function bestOf(
  seats: readonly ModelSeat[],
  { quantity, section, maxPrice }: BestAvailable,
  isAvailable: (seatId: SeatId) => boolean,
): ModelBest {
  const rows = Object.values(Object.groupBy(
    seats.filter((seat) => section === null || seat.section === section),
    (seat) => JSON.stringify([seat.section, seat.row]),
  )) as ModelSeat[][];
  const isFree = (seat: ModelSeat | undefined) =>
    seat !== undefined && isAvailable(seat.seatId) && (maxPrice === null || seat.price <= maxPrice);
  const groups = rows.flatMap((row) =>
    row.map((_, first) => {
      const free = freeFrom(row, first, 1, isFree);
      const [left, right] = [freeFrom(row, first, -1, isFree) - 1, free - quantity];
      const lost = Math.floor((left + quantity + right) / quantity) -
        Math.floor(left / quantity) - Math.floor(right / quantity);
      return {
        free,
        group: row.slice(first, first + quantity),
        rank: [
          left === 1 || right === 1 ? 1 : 0,
          lost,
          seats.indexOf(row[0]!),
          Math.abs(2 * first + quantity - row.length),
          first,
        ],
      };
    })
  ).filter(({ free }) => free >= quantity);
  groups.sort((a, b) => compare(a.rank, b.rank));
  return {
    seatIds: groups[0]?.group.map(({ seatId }) => seatId) ?? null,
    together: Math.max(
      0,
      ...rows.flatMap((row) => row.map((_, from) => freeFrom(row, from, 1, isFree))),
    ),
  };
}

/** How many seats are free from here on without a gap in the numbers, in one direction. */
function freeFrom(
  row: readonly ModelSeat[],
  from: number,
  step: 1 | -1,
  isFree: (seat: ModelSeat | undefined) => boolean,
): number {
  let count = 0;
  const isNext = (seat: ModelSeat | undefined) =>
    seat?.seatNumber === row[from]!.seatNumber + step * count && isFree(seat);
  while (isNext(row[from + step * count])) count++;
  return count;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((value, i) => value !== b[i]);
  return differing < 0 ? 0 : a[differing]! - b[differing]!;
}
