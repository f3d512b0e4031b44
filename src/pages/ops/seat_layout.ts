/** Where a seat belongs, of a map or of a table that is not sent yet. */
export interface SeatPlace {
  readonly section: string | null;
  readonly row: string | null;
  readonly label: string;
  readonly x: number | null;
  readonly y: number | null;
}

export interface Layout {
  /** A point for each seat, in their order. Neighbours are about 1 apart. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly names: readonly { readonly text: string; readonly x: number; readonly y: number }[];
  readonly width: number;
  readonly height: number;
}

const MARGIN = 1;

/** By their own places if all seats have one, else in rows by section. */
export function layoutOf(seats: readonly SeatPlace[]): Layout {
  const placed = seats.every(({ x, y }) => x !== null && y !== null);
  return placed && seats.length > 0 ? byPlace(seats) : byRow(seats);
}

/** The distance of most neighbours in one direction: the least one of those that are not 0. */
function stepOf(values: readonly number[]): number {
  const sorted = [...new Set(values)].sort((one, other) => one - other);
  const steps = sorted.slice(1).map((value, index) => value - sorted[index]!);
  return Math.min(...steps.filter((step) => step > 1e-6));
}

function byPlace(seats: readonly SeatPlace[]): Layout {
  const xs = seats.map(({ x }) => x!);
  const ys = seats.map(({ y }) => y!);
  const left = least(xs);
  const top = least(ys);
  // Seats of a curve have many different places, so the average distance counts, too.
  const area = Math.max(1e-9, (most(xs) - left) * (most(ys) - top));
  const average = Math.sqrt(area / seats.length);
  const step = Math.max(Math.min(stepOf(xs), stepOf(ys)), average / 4);
  const unit = Number.isFinite(step) && step > 0 ? step : 1;
  const points = seats.map(({ x, y }) =>
    [(x! - left) / unit + MARGIN, (y! - top) / unit + MARGIN] as const
  );
  return {
    points,
    names: [],
    width: (most(xs) - left) / unit + 2 * MARGIN,
    height: (most(ys) - top) / unit + 2 * MARGIN,
  };
}

function byRow(seats: readonly SeatPlace[]): Layout {
  const points: [number, number][] = [];
  const names: { text: string; x: number; y: number }[] = [];
  let y = MARGIN;
  let widest = 1;
  const indexed = seats.map((seat, index) => ({ seat, index }));
  for (const [section, ofSection] of Map.groupBy(indexed, ({ seat }) => seat.section)) {
    if (section !== null) {
      names.push({ text: section, x: MARGIN, y });
      y += 1.3;
    }
    for (const ofRow of Map.groupBy(ofSection, ({ seat }) => seat.row).values()) {
      // A long row without a name is broken into lines.
      const perLine = ofRow[0]!.seat.row === null ? Math.ceil(Math.sqrt(ofRow.length) * 1.6) : 200;
      ofRow.forEach(({ index }, place) => {
        points[index] = [MARGIN + place % perLine, y + Math.floor(place / perLine)];
      });
      widest = Math.max(widest, Math.min(perLine, ofRow.length));
      y += Math.ceil(ofRow.length / perLine);
    }
    y += 0.8;
  }
  return { points, names, width: widest + 2 * MARGIN - 1, height: y };
}

const least = (values: readonly number[]) =>
  values.reduce((found, value) => Math.min(found, value), Infinity);
const most = (values: readonly number[]) =>
  values.reduce((found, value) => Math.max(found, value), -Infinity);

/** The seat at a point; null where none is near. */
export function seatAt({ points }: Layout, x: number, y: number): number | null {
  let found: number | null = null;
  let nearest = 0.6 ** 2;
  points.forEach(([atX, atY], index) => {
    const distance = (atX - x) ** 2 + (atY - y) ** 2;
    if (distance < nearest) [found, nearest] = [index, distance];
  });
  return found;
}
