import type { DateState, Version } from "./office.ts";

/** The letters of the seats of a date. */
export function statusesAt({ seats }: DateState, atMs: number): string {
  return seats.map((seat) => seat < 0 ? "S" : seat > atMs ? "H" : "A").join("");
}

const isLeft = ({ seats }: DateState) => seats.some((seat) => seat >= 0);

/**
 * The concerts on sale, as the list has them: with a date whose sale has opened, and a seat that is
 * left, perhaps of a date whose sale is still to open.
 */
export function concertsAt({ dates }: Version, atMs: number): string {
  const coming = dates.filter((date) => !date.isWithdrawn && atMs < date.endsAtMs);
  const open = coming.filter(({ opensAtMs }) => opensAtMs <= atMs);
  const withSeats = new Set(coming.filter(isLeft).map(({ concertId }) => concertId));
  const onSale = new Set(open.map(({ concertId }) => concertId)).intersection(withSeats);
  return [...onSale].sort((a, b) => a - b).join();
}

/** The schedules of a concert with their statuses. */
export function schedulesAt({ dates }: Version, concertId: number, atMs: number): string {
  return dates
    .filter((date) => date.concertId === concertId && !date.isWithdrawn && date.opensAtMs <= atMs)
    .map((date) =>
      `${date.scheduleId} ${
        date.endsAtMs <= atMs ? "ENDED" : isLeft(date) ? "ON_SALE" : "SOLD_OUT"
      }`
    )
    .sort().join();
}

/** A time span in which an answer must have been true. */
export interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
  /** No version before this one. */
  readonly floor: number;
}

/** Whether `isTrue` of some version at some moment of the window. */
export function wasTrue(
  versions: readonly Version[],
  { fromMs, untilMs, floor }: Window,
  isTrue: (version: Version, atMs: number) => boolean,
): boolean {
  for (let i = versions.length - 1; i >= floor; i--) {
    const version = versions[i]!;
    const endsMs = Math.min(untilMs, versions[i + 1]?.atMs ?? untilMs);
    if (endsMs < fromMs) return false;
    const beginsMs = Math.max(fromMs, version.atMs);
    const moments = version.dates.flatMap(({ opensAtMs, endsAtMs, seats }) => [
      opensAtMs,
      endsAtMs,
      ...seats,
    ]).filter((atMs) => atMs > beginsMs && atMs <= endsMs);
    if ([beginsMs, endsMs, ...moments].some((atMs) => isTrue(version, atMs))) return true;
  }
  return false;
}

/** The last opening or end of a sale until then: of one concert, or of all. */
export function lastTurnMs({ dates }: Version, concertId: number | null, atMs: number): number {
  const turns = dates
    .filter((date) => !date.isWithdrawn && (concertId ?? date.concertId) === date.concertId)
    .flatMap(({ opensAtMs, endsAtMs }) => [opensAtMs, endsAtMs]);
  return Math.max(...turns.filter((turnMs) => turnMs <= atMs), -Infinity);
}
