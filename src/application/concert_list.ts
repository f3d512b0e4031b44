import type { Concert } from "../domain/booking.ts";
import type { CacheEntry } from "../ports/cache.ts";
import type { Catalogue, ConcertBlock, ExpiringValue } from "../ports/catalogue.ts";
import { CONCERTS_KEYS } from "./cache_keys.ts";
import type { ReadThrough } from "./read_through.ts";
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

export interface ConcertPage {
  readonly concerts: readonly Concert[];
  /** `after` of the next page; null at the end. */
  readonly next: ConcertMark | null;
}

export interface ConcertListDependencies {
  readonly catalogue: Pick<Catalogue, "listOnSale">;
  readonly readThrough: ReadThrough;
  readonly ttlMs: number;
}

/** The list of concerts on sale. A page ends at the end of a block, however few concerts it has. */
export interface ConcertList {
  /** The key of the block in which a page begins. Its entry is `cached` of `page()`. */
  key(request: ConcertPageRequest): string;
  page(
    context: RequestContext,
    request: ConcertPageRequest,
    cached: CacheEntry,
  ): Promise<ConcertPage>;
}

/** Where the list changes all the time, a page may be empty before the end of the list. */
const MAX_BLOCKS_PER_PAGE = 4;
const EMPTY: CacheEntry = { state: "EMPTY" };

export function createConcertList(
  { catalogue, readThrough, ttlMs }: ConcertListDependencies,
): ConcertList {
  async function read(
    context: RequestContext,
    block: number,
    cached: CacheEntry,
  ): Promise<ConcertBlock> {
    const key = CONCERTS_KEYS[block];
    if (key === undefined) return (await catalogue.listOnSale(block)).value;
    const load = async () => cacheable(await catalogue.listOnSale(block), ttlMs);
    return (await readThrough(context, key, cached, load))!;
  }

  return {
    key: ({ after }) => CONCERTS_KEYS[after?.block ?? 0] ?? CONCERTS_KEYS[0]!,

    async page(context, { limit, after }, cached) {
      const afterId = after?.concertId ?? 0;
      let block = after?.block ?? 0;
      let found = await read(context, block, cached);
      // After the page before was read, concerts were removed, and others moved into earlier blocks.
      for (let reads = 1; found.after > afterId && reads < MAX_BLOCKS_PER_PAGE; reads++) {
        found = await read(context, --block, EMPTY);
      }
      let concerts = concertsAfter(found, afterId);
      // Or concerts were added, and those of this block were in the page before.
      for (
        let reads = 1;
        concerts.length === 0 && !found.isLast && reads < MAX_BLOCKS_PER_PAGE;
        reads++
      ) {
        found = await read(context, ++block, EMPTY);
        concerts = concertsAfter(found, afterId);
      }
      const page = concerts.slice(0, limit);
      const isEnd = page.length === concerts.length && found.isLast;
      const last = page.at(-1)?.concertId ?? afterId;
      const nextBlock = page.length < concerts.length ? block : block + 1;
      return { concerts: page, next: isEnd ? null : { block: nextBlock, concertId: last } };
    },
  };
}

/** A value is never cached past the next opening or end of a sale that would change it. */
export function cacheable<Value>(
  loaded: ExpiringValue<Value> | null,
  ttlMs: number,
): Loaded<Value> {
  if (!loaded) return null;
  return { value: loaded.value, ttlMs: Math.min(ttlMs, loaded.changesInMs ?? ttlMs) };
}

function concertsAfter({ concerts }: ConcertBlock, id: number): readonly Concert[] {
  return concerts.filter(({ concertId }) => concertId > id);
}
