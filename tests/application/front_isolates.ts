import { createDescribeLine } from "../../src/application/admission.ts";
import { createFronts, type Fronts } from "../../src/application/fronts.ts";
import { createKeptFronts, type KeptFronts } from "../../src/application/kept_fronts.ts";
import { createQueueService, type QueueService } from "../../src/application/queue_service.ts";
import type { RequestContext } from "../../src/application/request_context.ts";
import { DependencyError } from "../../src/domain/failures.ts";
import type { Front } from "../../src/domain/front.ts";
import { MAIN_ROOM, type RoomId } from "../../src/domain/ids.ts";
import type { PlaceRef, Standing } from "../../src/domain/queue.ts";
import type { Random } from "../../src/ports/clock.ts";
import type { FrontDocuments } from "../../src/ports/front_documents.ts";
import type { ReportedEvent } from "../../src/ports/report.ts";
import { frontOf } from "../support/fronts.ts";
import { createVirtualTime, settled } from "../support/virtual_time.ts";

export const WAITING_TTL_MS = 21_600_000;
export const SHOW_UP_MS = 20_000;
export const WAITING_TTL_QUARTER_MS = WAITING_TTL_MS / 4;

/** A store that a test drives: what it answers, how slowly, and whether it answers at all. */
export interface DrivenStore {
  front: Front | null;
  countsStock: boolean;
  /** What the queue answers about every place. */
  standing: Standing;
  isDown: boolean;
  /** The document is of the moment before this time. */
  repliesAfterMs: number;
  loads: number;
  readonly asked: PlaceRef[];
}

export interface FrontIsolate {
  readonly keptFronts: KeptFronts;
  readonly fronts: Fronts;
  readonly service: QueueService;
}

/** What follows the answers, for the tests that look at it. */
export function requestContext(): RequestContext & { readonly followed: Promise<unknown>[] } {
  const followed: Promise<unknown>[] = [];
  return {
    followed,
    afterAnswer: (act) => void followed.push(act()),
    keepAlive: (task) => void followed.push(task),
  };
}

/** One store and one time, and as many isolates over them as a test wants. */
export function frontWorld(
  { frontDocuments = null, random = () => 0 }: {
    frontDocuments?: FrontDocuments | null;
    random?: Random;
  } = {},
) {
  const time = createVirtualTime({ startMs: frontOf().takenAtMs });
  const store: DrivenStore = {
    front: frontOf(),
    countsStock: false,
    standing: { state: "GONE", reason: "ENDED", endedBecause: null },
    isDown: false,
    repliesAfterMs: 0,
    loads: 0,
    asked: [],
  };
  const reports: ReportedEvent[] = [];
  const recounts: RoomId[] = [];
  const report = (event: ReportedEvent) => void reports.push(event);

  async function reply<Value>(value: Value): Promise<Value> {
    if (store.repliesAfterMs > 0) await time.sleep(store.repliesAfterMs);
    if (store.isDown) throw new DependencyError("redis", new Error("away"));
    return value;
  }
  const unused = () => Promise.reject(new Error("no test joins or leaves here"));
  const queue = {
    front() {
      store.loads++;
      // The store's clock is an hour behind. Only the isolate's own clock tells a document's age.
      const front = store.front && { ...store.front, takenAtMs: time.clock() - 3_600_000 };
      return reply(front && { front, countStock: store.countsStock });
    },
    status(place: PlaceRef) {
      store.asked.push(place);
      return reply(store.standing);
    },
    join: unused,
    leave: unused,
    counts: unused,
  };
  const stockRecount = {
    recount: unused,
    recountUnlessRecent: (room: RoomId) => Promise.resolve(void recounts.push(room)),
  };

  function isolate(renewal = 0): FrontIsolate {
    const { clock, sleep } = time;
    const keptFronts = createKeptFronts({ clock });
    const fronts = createFronts({
      queue,
      keptFronts,
      frontDocuments,
      stockRecount,
      waitingTtlMs: WAITING_TTL_MS,
      showUpMs: SHOW_UP_MS,
      clock,
      random: () => renewal,
      sleep,
      report,
    });
    const service = createQueueService({
      queue,
      knownRooms: { has: () => Promise.resolve(true), forget: () => {} },
      fronts,
      drawValue: () => 0,
      describeLine: createDescribeLine({ waitingTtlMs: WAITING_TTL_MS, clock, random }),
      limitJoins: () => Promise.resolve(null),
      challenge: null,
      stockRecount,
      waitingTtlMs: WAITING_TTL_MS,
      clock,
      random,
      report,
    });
    return { keptFronts, fronts, service };
  }
  async function advance(ms: number): Promise<void> {
    await settled();
    await time.advance(ms);
  }
  return { clock: time.clock, advance, store, reports, recounts, isolate };
}

/** The document that answers now, as its age in ms, or why there is none. */
export async function ageOf(
  { fronts }: FrontIsolate,
  nowMs: () => number,
): Promise<string> {
  try {
    const present = await fronts.present(requestContext(), MAIN_ROOM);
    if (!present) return "no rules";
    const ageMs = nowMs() - present.front.takenAtMs;
    return present.isOutage ? `${ageMs} ms, outage` : `${ageMs} ms`;
  } catch (error) {
    if (error instanceof DependencyError) return "no answer";
    throw error;
  }
}
