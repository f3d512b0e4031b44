import type { MapSeat } from "@stanchion/client";

/** Where a seat is drawn. */
export interface Spot {
  readonly seat: MapSeat;
  readonly x: number;
  readonly y: number;
}

export interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly kind: "section" | "row";
  /** Of a section: above its first row, where the name covers no seat. */
  readonly above?: { readonly x: number; readonly y: number };
}

/** A plan of seats one unit apart, whatever the units of the hall are. */
export interface Plan {
  readonly spots: readonly Spot[];
  readonly labels: readonly Label[];
  readonly width: number;
  readonly height: number;
  /** How high the stage is, at the top. */
  readonly stage: number;
  /** The spot nearest to a point, within the distance; null if there is none. */
  nearest(x: number, y: number, within: number): Spot | null;
}

/** A seat and the air around it. */
const UNIT = 1;
const MARGIN = 2.2;
const LEAST_STAGE = 1.1;
/** Of the width of a large hall. */
const STAGE_SHARE = 0.045;
/** Of a row without places, where there are no rows either. */
const SEATS_PER_LINE = 25;
const SECTION_GAP = 2.5;

interface Place {
  readonly seat: MapSeat;
  readonly x: number;
  readonly y: number;
}

const hasPlace = ({ x, y }: MapSeat) => x !== null && y !== null;

/** The plan of the hall: by its own places, or in rows, section below section. */
export function planOf(seats: readonly MapSeat[]): Plan {
  const places = seats.every(hasPlace)
    ? seats.map((seat) => ({ seat, x: seat.x!, y: seat.y! }))
    : placesInRows(seats);
  const gap = usualGap(places);
  const [left, top] = [least(places, "x"), least(places, "y")];
  const across = (-least(places.map(({ x }) => ({ x: -x, y: 0 })), "x") - left) / gap * UNIT;
  const width = across + 2 * MARGIN;
  const stage = Math.max(LEAST_STAGE, width * STAGE_SHARE);
  const spots = places.map(({ seat, x, y }) => ({
    seat,
    x: (x - left) / gap * UNIT + MARGIN,
    y: (y - top) / gap * UNIT + stage + MARGIN,
  }));
  return {
    spots,
    labels: labelsOf(spots),
    width,
    stage,
    height: -least(spots.map(({ y }) => ({ x: 0, y: -y })), "y") + MARGIN,
    nearest: nearestOf(spots),
  };
}

function least(places: readonly { readonly x: number; readonly y: number }[], of: "x" | "y") {
  return places.reduce((smallest, place) => Math.min(smallest, place[of]), Infinity);
}

function placesInRows(seats: readonly MapSeat[]): Place[] {
  const places: Place[] = [];
  let y = 0;
  for (const ofSection of Map.groupBy(seats, ({ section }) => section).values()) {
    for (const [row, ofRow] of Map.groupBy(ofSection, ({ row }) => row)) {
      const sorted = ofRow.toSorted((a, b) => a.seatNumber - b.seatNumber);
      const line = row === null ? SEATS_PER_LINE : sorted.length;
      for (let from = 0; from < sorted.length; from += line) {
        places.push(...placesInLine(sorted.slice(from, from + line), y++));
      }
    }
    y += SECTION_GAP;
  }
  return places;
}

/** Seats side by side, around the middle. Where numbers are left out there is an aisle. */
function placesInLine(seats: readonly MapSeat[], y: number): Place[] {
  let column = 0;
  const columns = seats.map(({ seatNumber }, index) => {
    const before = seats[index - 1]?.seatNumber ?? seatNumber;
    return column += seatNumber - before > 1 ? 2 : 1;
  });
  return seats.map((seat, index) => ({ seat, x: columns[index]! - (column + 1) / 2, y }));
}

/** How far most seats are from their neighbours: the closest tenth is as far, or nearer. */
function usualGap(places: readonly Place[]): number {
  if (places.length < 2) return 1;
  const width = -least(places.map(({ x }) => ({ x: -x, y: 0 })), "x") - least(places, "x");
  const height = -least(places.map(({ y }) => ({ x: 0, y: -y })), "y") - least(places, "y");
  const cell =
    Math.max(Math.sqrt(width * height / places.length), (width + height) / places.length) || 1;
  const cells = cellsOf(places, cell);
  const gaps = places.map(({ x, y, seat }) => {
    let smallest = Infinity;
    for (const other of around(cells, x / cell, y / cell, 1)) {
      if (other.seat === seat) continue;
      const distance = Math.hypot(other.x - x, other.y - y);
      if (distance > 0) smallest = Math.min(smallest, distance);
    }
    return smallest;
  }).filter(Number.isFinite).sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 10)] ?? cell;
}

type Cells<Item> = ReadonlyMap<string, readonly Item[]>;

function cellsOf<Item extends { readonly x: number; readonly y: number }>(
  items: readonly Item[],
  size: number,
): Cells<Item> {
  return Map.groupBy(items, ({ x, y }) => `${Math.floor(x / size)} ${Math.floor(y / size)}`);
}

function* around<Item>(cells: Cells<Item>, x: number, y: number, reach: number): Generator<Item> {
  for (let column = Math.floor(x) - reach; column <= Math.floor(x) + reach; column++) {
    for (let line = Math.floor(y) - reach; line <= Math.floor(y) + reach; line++) {
      yield* cells.get(`${column} ${line}`) ?? [];
    }
  }
}

function nearestOf(spots: readonly Spot[]): Plan["nearest"] {
  const cells = cellsOf(spots, UNIT);
  return (x, y, within) => {
    let found: Spot | null = null;
    let smallest = within;
    for (const spot of around(cells, x, y, Math.ceil(within))) {
      const distance = Math.hypot(spot.x - x, spot.y - y);
      if (distance > smallest) continue;
      found = spot;
      smallest = distance;
    }
    return found;
  };
}

function labelsOf(spots: readonly Spot[]): Label[] {
  const labels: Label[] = [];
  const sections = Map.groupBy(spots, ({ seat }) => seat.section);
  for (const [section, ofSection] of sections) {
    if (section !== null && sections.size > 1) {
      const middle = (of: "x" | "y") =>
        ofSection.reduce((sum, spot) => sum + spot[of], 0) / ofSection.length;
      const top = least(ofSection, "y");
      const first = ofSection.filter(({ y }) => y < top + 0.5);
      const above = { x: first.reduce((sum, { x }) => sum + x, 0) / first.length, y: top - 0.9 };
      labels.push({ text: section, x: middle("x"), y: middle("y"), kind: "section", above });
    }
    for (const [row, ofRow] of Map.groupBy(ofSection, ({ seat }) => seat.row)) {
      if (row === null) continue;
      const first = ofRow.reduce((left, spot) => spot.x < left.x ? spot : left);
      labels.push({ text: row, x: first.x - 1.1, y: first.y, kind: "row" });
    }
  }
  return labels;
}

export type Direction = "left" | "right" | "up" | "down";

/** The next seat in a direction: the nearest one that is rather there than aside. */
export function neighbour(plan: Plan, from: Spot, direction: Direction): Spot {
  const sideways = direction === "left" || direction === "right";
  const sign = direction === "left" || direction === "up" ? -1 : 1;
  let found = from;
  let smallest = Infinity;
  for (const spot of plan.spots) {
    const [along, aside] = sideways
      ? [(spot.x - from.x) * sign, Math.abs(spot.y - from.y)]
      : [(spot.y - from.y) * sign, Math.abs(spot.x - from.x)];
    if (along < 0.2 || aside > along * 1.5) continue;
    const distance = along + aside * 2;
    if (distance >= smallest) continue;
    found = spot;
    smallest = distance;
  }
  return found;
}
