import type { Block, Catalogue, ProgrammeConcert } from "../ports/catalogue.ts";
import type { Cache, CacheEntry } from "../ports/cache.ts";
import type { Clock } from "../ports/clock.ts";
import type { Report } from "../ports/report.ts";
import { PROGRAMME_KEYS } from "./cache_keys.ts";
import {
  cacheable,
  type ConcertPage,
  type ConcertPageRequest,
  readConcertPage,
} from "./concert_pages.ts";
import type { ReadThrough } from "./read_through.ts";
import type { RequestContext } from "./request_context.ts";
import { createSingleflight } from "./singleflight.ts";

/**
 * How long an empty programme is cached unless an operator adds to it. It is longer than that of
 * others, so that a caller without a credential does not keep PostgreSQL awake, and it bounds how
 * long an eviction that was lost hides a concert.
 */
const EMPTY_TTL_MS = 3_600_000;
/** One isolate answers for so long from its memory. */
const KEPT_MS = 1_000;

type ProgrammeBlock = Block<ProgrammeConcert>;

/** Every concert stands before a block after the last one. */
const AFTER_ALL = Number.MAX_SAFE_INTEGER;

export interface ProgrammeDependencies {
  readonly catalogue: Pick<Catalogue, "listProgramme">;
  readonly cache: Pick<Cache, "read">;
  readonly readThrough: ReadThrough;
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly report: Report;
}

/**
 * What is or will be on, for everybody. All requests for a block together cost one call to the
 * cache a second and isolate.
 */
export interface Programme {
  page(
    context: RequestContext,
    request: ConcertPageRequest,
  ): Promise<ConcertPage<ProgrammeConcert>>;
  /** Must be called after the eviction when this isolate has changed concerts. */
  forget(): void;
}

export function createProgramme(dependencies: ProgrammeDependencies): Programme {
  const { catalogue, cache, readThrough, ttlMs, clock, sleep, report } = dependencies;
  const flights = createSingleflight({ clock, sleep, leaseTtlMs: KEPT_MS });
  let changes = 0;

  async function load(context: RequestContext, key: string, block: number) {
    const entry = await cache.read(key).catch((error): CacheEntry => {
      report({ what: "cache_failed", error });
      return { state: "EMPTY" };
    });
    const value = await readThrough(context, key, entry, async () => {
      const loaded = await catalogue.listProgramme(block);
      return cacheable(loaded, loaded.value.concerts.length === 0 ? EMPTY_TTL_MS : ttlMs);
    });
    return value && { value, ttlMs: KEPT_MS };
  }

  /** Nobody needs a credential to name a block, so a store is asked only for those that exist. */
  async function read(context: RequestContext, block: number): Promise<ProgrammeBlock> {
    const last = block === 0
      ? 0
      : Math.min((await read(context, 0)).last, PROGRAMME_KEYS.length - 1);
    if (block > last) return { after: AFTER_ALL, last, concerts: [] };
    const key = PROGRAMME_KEYS[block]!;
    const start = () => load(context, key, block);
    return (await flights.join(context, `${key}:${changes}`, start, { keeps: true }))!;
  }

  return {
    page: (context, request) => readConcertPage(read, context, request),
    forget() {
      changes += 1;
    },
  };
}
