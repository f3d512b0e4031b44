import type { SeatName } from "../../domain/failures.ts";

/** Such as "section Stalls, row C, seat 12". */
export function seatInEnglish({ section, row, label }: SeatName): string {
  return [section && `section ${section}`, row && `row ${row}`, `seat ${label}`]
    .filter(Boolean).join(", ");
}

/** Such as "R석 3열 12번". A word that the operator wrote already is not repeated. */
export function seatInKorean({ section, row, label }: SeatName): string {
  return [
    section && (/(석|층|구역|블록)$/.test(section) ? section : `${section}구역`),
    row && (row.endsWith("열") ? row : `${row}열`),
    label.endsWith("번") ? label : `${label}번`,
  ].filter(Boolean).join(" ");
}
