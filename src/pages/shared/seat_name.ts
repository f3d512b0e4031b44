import type { ShopWords } from "../words/en/shop.ts";

export interface NamedSeat {
  readonly section: string | null;
  readonly row: string | null;
  readonly label: string;
}

/** A seat as it is printed on a ticket: section, row and seat; without a label, its row. */
export function seatName(words: ShopWords, { section, row, label }: NamedSeat): string {
  return [section, row && words.row(row), label && words.seat(label)].filter(Boolean).join(" ");
}
