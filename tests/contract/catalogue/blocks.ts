import { equal, ok } from "node:assert/strict";
import type { ConcertId } from "../../../src/domain/ids.ts";
import { type Block, type ExpiringValue, MAX_BLOCK_BYTES } from "../../../src/ports/catalogue.ts";
import type { Concert } from "../../../src/domain/booking.ts";
import { type BoxOffice, must, rfc3339 } from "../box_office/office.ts";

const HOUR_MS = 3_600_000;
/** No list of a test has more. */
const MOST_BLOCKS = 100;

/** The longest concerts that there can be, each with so many schedules of one seat. */
export async function putLongestOnSale(
  { catalogue, clock }: BoxOffice,
  count: number,
  schedules: number,
): Promise<ConcertId[]> {
  // In JSON each of these characters takes six bytes.
  const long = (length: number) => "\u0001".repeat(length);
  const ids: ConcertId[] = [];
  for (let nth = 0; nth < count; nth++) {
    const { concertId } = must(
      await catalogue.create({
        title: long(200),
        description: long(5_000),
        venue: long(200),
        timeZone: "America/Argentina/ComodRivadavia",
        schedules: Array.from({ length: schedules }, () => ({
          concertAt: rfc3339(clock.nowMs + HOUR_MS),
          reservationAvailableAt: rfc3339(clock.nowMs),
          seats: [{ price: 0, section: null, row: null, x: null, y: null }],
        })),
      }, null),
    );
    ids.push(concertId);
  }
  return ids;
}

/** The concerts of a list. Fails where a block is too large, or does not follow the one before. */
export async function readBlocks(
  read: (block: number) => Promise<ExpiringValue<Block<Concert>>>,
): Promise<readonly ConcertId[]> {
  const listed: ConcertId[] = [];
  for (let block = 0, last = 0; block <= last; block++) {
    const { value } = await read(block);
    equal(value.after, listed.at(-1) ?? 0);
    ok(new TextEncoder().encode(JSON.stringify(value)).length <= MAX_BLOCK_BYTES);
    listed.push(...value.concerts.map(({ concertId }) => concertId));
    last = value.last;
    ok(block < MOST_BLOCKS);
  }
  return listed;
}
