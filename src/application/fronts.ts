import { DependencyError } from "../domain/failures.ts";
import { type Front, FRONT_TTL_MS, frontOutageTtlMs } from "../domain/front.ts";
import type { RoomId } from "../domain/ids.ts";
import type { Clock, Random } from "../ports/clock.ts";
import type { FrontDocuments } from "../ports/front_documents.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Report } from "../ports/report.ts";
import type { KeptFronts } from "./kept_fronts.ts";
import type { RequestContext } from "./request_context.ts";
import { createSingleflight, type Loaded } from "./singleflight.ts";
import type { StockRecount } from "./stock_recount.ts";

/**
 * Where isolates share documents, each renews its own after another share of the TTL, from this one
 * on. The first one loads, and the others find its document.
 */
const EARLIEST_RENEWAL = 0.6;
/** A load that takes longer is not joined any more. */
const LOAD_TTL_MS = 3_000;

export interface FrontsDependencies {
  readonly queue: Pick<QueueStore, "front">;
  readonly keptFronts: KeptFronts;
  /** Null where isolates share nothing. */
  readonly frontDocuments: FrontDocuments | null;
  readonly stockRecount: StockRecount;
  readonly waitingTtlMs: number;
  readonly showUpMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly sleep: (ms: number) => Promise<void>;
  readonly report: Report;
}

export interface PresentFront {
  readonly front: Front;
  /** Whether the document is older than `FRONT_TTL_MS`, because the store does not answer. */
  readonly isOutage: boolean;
}

/** The front documents from which this isolate answers far fans. */
export interface Fronts {
  /**
   * The document of the room; null when the store has no rules of it. Throws `DependencyError` when
   * the store does not answer and no document of the last `frontOutageTtlMs` is kept.
   */
  present(context: RequestContext, room: RoomId): Promise<PresentFront | null>;
}

/**
 * Takes a document from the isolate's memory, else from the location's, else from the store. One
 * request of the isolate loads for all.
 */
export function createFronts(dependencies: FrontsDependencies): Fronts {
  const { queue, keptFronts, frontDocuments, stockRecount } = dependencies;
  const { clock, random, sleep, report } = dependencies;
  const renewalShare = frontDocuments ? EARLIEST_RENEWAL + (1 - EARLIEST_RENEWAL) * random() : 1;
  const flights = createSingleflight({ clock, sleep, leaseTtlMs: LOAD_TTL_MS });

  /** After a step back of the clock the age is below zero, and the document is not used. */
  function isYoungerThan(ttlMs: number, { takenAtMs }: Front): boolean {
    const ageMs = clock() - takenAtMs;
    return ageMs >= 0 && ageMs < ttlMs;
  }

  /** Undefined if the document is too old for every use. */
  function usable(front: Front | null): PresentFront | undefined {
    if (!front) return undefined;
    if (isYoungerThan(FRONT_TTL_MS, front)) return { front, isOutage: false };
    const ttlMs = frontOutageTtlMs(front, dependencies);
    return isYoungerThan(ttlMs, front) ? { front, isOutage: true } : undefined;
  }

  async function load(context: RequestContext, room: RoomId): Promise<Loaded<Front>> {
    const shared = await frontDocuments?.read(room);
    const keptAtMs = keptFronts.find(room)?.takenAtMs ?? -Infinity;
    if (shared && isYoungerThan(FRONT_TTL_MS, shared) && shared.takenAtMs > keptAtMs) {
      keptFronts.keep(room, shared);
      return { value: shared, ttlMs: FRONT_TTL_MS };
    }
    // The document was taken after this moment, so its age is never understated.
    const takenAtMs = clock();
    const reading = await queue.front(room);
    if (!reading) return null;
    if (reading.countStock) context.afterAnswer(() => stockRecount.recountUnlessRecent(room));
    const front = { ...reading.front, takenAtMs };
    keptFronts.keep(room, front);
    if (frontDocuments) context.keepAlive(frontDocuments.write(room, front));
    return { value: front, ttlMs: FRONT_TTL_MS };
  }

  return {
    async present(context, room) {
      const kept = keptFronts.find(room);
      if (kept && isYoungerThan(renewalShare * FRONT_TTL_MS, kept)) {
        return { front: kept, isOutage: false };
      }
      try {
        const loading = () => load(context, room);
        const front = await flights.join(context, room, loading, { keeps: false });
        // A store that took longer than the TTL is as good as one that does not answer.
        return front && (usable(front) ?? null);
      } catch (error) {
        const old = usable(keptFronts.find(room));
        if (!(error instanceof DependencyError) || !old) throw error;
        report({ what: "dependency_failed", error });
        return old;
      }
    },
  };
}
