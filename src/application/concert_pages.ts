import type { Concert } from "../domain/booking.ts";
import type { CacheEntry } from "../ports/cache.ts";
import type { Block, ExpiringValue } from "../ports/catalogue.ts";
import type { RequestContext } from "./request_context.ts";
import type { Loaded } from "./singleflight.ts";

/** The end of a page of the list: the block of its last concert, and the concert. */
export interface ConcertMark {
  readonly block: number;
  readonly concertId: number;
}

export interface ConcertPageRequest {
  readonly limit: number;
  /** The mark of the previous page; null for the first page. */
  readonly after: ConcertMark | null;
}

export interface ConcertPage<Item extends Concert = Concert> {
  readonly concerts: readonly Item[];
  /** `after` of the next page; null at the end. */
  readonly next: ConcertMark | null;
}

/** Gives a block. `cached` is what the cache has of it, if that was read already. */
export type ReadBlock<Item extends Concert> = (
  context: RequestContext,
  block: number,
  cached: CacheEntry | null,
) => Promise<Block<Item>>;

/** Where the list changes all the time, a page may be empty before the end of the list. */
const MAX_BLOCKS_PER_PAGE = 4;

/** A page of a list in blocks. It ends at the end of a block, however few concerts it has. */
export async function readConcertPage<Item extends Concert>(
  read: ReadBlock<Item>,
  context: RequestContext,
  { limit, after }: ConcertPageRequest,
  cached: CacheEntry | null = null,
): Promise<ConcertPage<Item>> {
  const afterId = after?.concertId ?? 0;
  let block = after?.block ?? 0;
  let found = await read(context, block, cached);
  // After the page before was read, concerts were removed, and others moved into earlier blocks.
  for (let reads = 1; found.after > afterId && reads < MAX_BLOCKS_PER_PAGE; reads++) {
    block = Math.min(block - 1, found.last);
    found = await read(context, block, null);
  }
  let concerts = concertsAfter(found, afterId);
  // Or concerts were added, and those of this block were in the page before.
  for (
    let reads = 1;
    concerts.length === 0 && block < found.last && reads < MAX_BLOCKS_PER_PAGE;
    reads++
  ) {
    found = await read(context, ++block, null);
    concerts = concertsAfter(found, afterId);
  }
  const page = concerts.slice(0, limit);
  const isEnd = page.length === concerts.length && block >= found.last;
  const last = page.at(-1)?.concertId ?? afterId;
  const nextBlock = page.length < concerts.length ? block : block + 1;
  return { concerts: page, next: isEnd ? null : { block: nextBlock, concertId: last } };
}

/** A value is never cached past the next opening or end of a sale that would change it. */
export function cacheable<Value>(
  loaded: ExpiringValue<Value> | null,
  ttlMs: number,
): Loaded<Value> {
  if (!loaded) return null;
  return { value: loaded.value, ttlMs: Math.min(ttlMs, loaded.changesInMs ?? ttlMs) };
}

function concertsAfter<Item extends Concert>(
  { concerts }: Block<Item>,
  id: number,
): readonly Item[] {
  return concerts.filter(({ concertId }) => concertId > id);
}
