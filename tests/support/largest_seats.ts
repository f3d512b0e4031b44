import { MAX_SEATS_PER_CONCERT } from "../../src/domain/limits.ts";
import type { NewSeat } from "../../src/ports/catalogue.ts";

const MAX_BODY_BYTES = 16 * 1024 * 1024;
const KOREAN = "가나다라마바사아자차카타파하거너더러";

function seats(count: number, seat: (index: number) => Partial<NewSeat>): NewSeat[] {
  return Array.from({ length: count }, (_, index) => ({
    price: 110_000,
    section: null,
    row: null,
    x: null,
    y: null,
    ...seat(index),
  }));
}

const numbered = (text: string, index: number, length: number) =>
  text.repeat(length).slice(0, length - 5) + String(index).padStart(5, "0");

const place = (index: number) => ({ x: index % 1_000 + 0.5, y: Math.floor(index / 1_000) + 0.25 });

/** The largest requests of each kind that the bounds of the API allow. */
export const LARGEST_SEATS = {
  "100,000 seats with section, row and label": () =>
    seats(MAX_SEATS_PER_CONCERT, (index) => ({
      section: `S${Math.floor(index / 2_000)}`,
      row: `R${Math.floor(index / 40)}`,
      label: String(index % 40 + 1),
    })),
  "100,000 seats with Korean labels of 20 characters and places": () =>
    seats(MAX_SEATS_PER_CONCERT, (index) => ({
      section: "가",
      row: String(index % 100),
      label: numbered(KOREAN, index, 20),
      ...place(index),
    })),
  "16 MiB of seats with sections and rows of 64 characters and labels of 20": () =>
    fitting(seats(MAX_SEATS_PER_CONCERT, (index) => ({
      section: numbered("Section ", Math.floor(index / 2_000), 64),
      row: numbered("Row ", Math.floor(index / 40), 64),
      label: numbered("Seat ", index, 20),
      ...place(index),
    }))),
  "100,000 seats with labels of 20 quotation marks and digits": () =>
    seats(MAX_SEATS_PER_CONCERT, (index) => ({ label: numbered('"', index, 20) })),
} as const;

/** As many of them as the largest body has. */
function fitting(all: NewSeat[]): NewSeat[] {
  const bytesOfOne = Math.max(...all.map((seat) => JSON.stringify(seat).length)) + 1;
  return all.slice(0, Math.floor((MAX_BODY_BYTES - 1_000) / bytesOfOne));
}

/** Their body is below 16 MiB, and what the database would get of it is not. */
export function seatsThatDoNotFit(): NewSeat[] {
  return seats(MAX_SEATS_PER_CONCERT, (index) => ({
    price: 1,
    section: numbered("Section ", index, 12),
    label: numbered(KOREAN, index, 20),
    x: -100_000_000.123_456 - index,
    y: -100_000_000.123_456 - index,
  }));
}
