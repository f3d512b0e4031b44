import { createHmac } from "node:crypto";
import type { createDescribeLine } from "../../../src/application/admission.ts";
import type { createFronts, PresentFront } from "../../../src/application/fronts.ts";
import type { createKeptFronts } from "../../../src/application/kept_fronts.ts";
import type { createQueueService, QueueService } from "../../../src/application/queue_service.ts";
import type { RequestContext } from "../../../src/application/request_context.ts";
import type { createRulesOnDemandQueue } from "../../../src/application/rules_on_demand.ts";
import type { DependencyError } from "../../../src/domain/failures.ts";
import { type Front, FRONT_TTL_MS } from "../../../src/domain/front.ts";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { Standing } from "../../../src/domain/queue.ts";
import type { Rules, Stock } from "../../../src/domain/room.ts";
import type { Clock, Random } from "../../../src/ports/clock.ts";
import type { FrontDocuments } from "../../../src/ports/front_documents.ts";
import type { QueueStore } from "../../../src/ports/queue_store.ts";

/** The program whose isolates serve the fans; a negative control brings a mutated one. */
export interface Program {
  readonly createDescribeLine: typeof createDescribeLine;
  readonly createFronts: typeof createFronts;
  readonly createKeptFronts: typeof createKeptFronts;
  readonly createQueueService: typeof createQueueService;
  readonly createRulesOnDemandQueue: typeof createRulesOnDemandQueue;
  /** What the program takes for a store that does not answer. */
  readonly DependencyError: typeof DependencyError;
}

/** What stands behind the isolates. */
export interface Backend {
  readonly queue: QueueStore;
  /** The rules in PostgreSQL, and a count of the seats; null when the room has no concert. */
  rules(): Rules;
  count(): Stock | null;
}

/** The token of a challenge that was passed. */
export const PASSED = "passed";

export interface Isolate {
  readonly service: QueueService;
  readonly clock: Clock;
  /** Keeps a document that came along with an answer of the store to this isolate. */
  keep(front: Front): void;
  /** When a document with this time of the isolate's clock was taken, by the store's clock. */
  takenAtMs(atMs: number): number;
  /** The document that was looked at last, and the standing that was told last. */
  readonly latest: { present: PresentFront | null; standing: Standing | null };
}

/** The document that the isolates of one location share, as its cache keeps it. */
export interface Location {
  kept: { readonly front: Front; readonly takenAtMs: number; readonly untilMs: number } | null;
}

export interface IsolateOptions {
  readonly program: Program;
  /** Null where isolates share nothing. */
  readonly location: Location | null;
  readonly backend: Backend;
  /** The clock of the store, and what the isolate's is ahead of it. */
  readonly storeClock: Clock;
  readonly skewMs: number;
  readonly random: Random;
  readonly waitingTtlMs: number;
  readonly showUpMs: number;
}

const drawValue = (pseudonym: string, seed: string): number =>
  parseInt(createHmac("sha1", seed).update(pseudonym).digest("hex").slice(0, 13), 16);

/** Nothing here takes time. */
const sleep = () => new Promise<void>(() => {});

export const context: RequestContext = { afterAnswer: () => {}, keepAlive: () => {} };

/** What an isolate reads and writes in its location. `taken` has its documents' true times. */
function documentsOf(
  location: Location,
  taken: Map<number, number>,
  { clock, storeClock }: { readonly clock: Clock; readonly storeClock: Clock },
): FrontDocuments {
  return {
    async read() {
      const { kept } = location;
      if (!kept || storeClock() >= kept.untilMs) return null;
      taken.set(Math.min(kept.front.takenAtMs, clock()), kept.takenAtMs);
      return kept.front;
    },
    async write(_, front) {
      const untilMs = storeClock() + FRONT_TTL_MS;
      location.kept = { front, takenAtMs: taken.get(front.takenAtMs)!, untilMs };
    },
  };
}

/** One isolate of the program, with a clock and documents of its own. */
export function createIsolate(options: IsolateOptions): Isolate {
  const { program, location, backend, storeClock, skewMs, random, waitingTtlMs, showUpMs } =
    options;
  const clock = () => storeClock() + skewMs;
  const takenAt = new Map<number, number>();
  const latest: { -readonly [Key in keyof Isolate["latest"]]: Isolate["latest"][Key] } = {
    present: null,
    standing: null,
  };
  const report = () => {};
  const front: QueueStore["front"] = (room) => {
    takenAt.set(clock(), storeClock());
    return backend.queue.front(room);
  };
  const queue = program.createRulesOnDemandQueue({
    queue: { ...backend.queue, front },
    rooms: {
      rules: async () => ({ rules: backend.rules(), deletedVersion: null, names: [MAIN_ROOM] }),
    },
    stockCounter: { count: async () => backend.count() },
    clock,
    report,
  });
  const keptFronts = program.createKeptFronts({ clock });
  // The wire to the store counts when an answer asks for it.
  const stockRecount = { recount: async () => {}, recountUnlessRecent: async () => {} };
  const fronts = program.createFronts({
    queue,
    keptFronts,
    frontDocuments: location && documentsOf(location, takenAt, { clock, storeClock }),
    stockRecount,
    waitingTtlMs,
    showUpMs,
    clock,
    random,
    sleep,
    report,
  });
  const describe = program.createDescribeLine({ waitingTtlMs, clock, random });
  const service = program.createQueueService({
    knownRooms: { has: () => Promise.resolve(true), forget: () => {} },
    queue,
    fronts: {
      present: async (...request) => latest.present = await fronts.present(...request),
    },
    drawValue,
    describeLine(token, standing) {
      latest.standing = standing;
      return describe(token, standing);
    },
    limitJoins: async () => null,
    challenge: {
      siteKey: "",
      scriptUrl: "",
      hasPassed: async (token) => token === PASSED,
    },
    stockRecount,
    waitingTtlMs,
    clock,
    random,
    report,
  });
  return {
    service,
    clock,
    latest,
    keep(front) {
      takenAt.set(Math.min(front.takenAtMs, clock()), storeClock());
      keptFronts.keep(MAIN_ROOM, front);
    },
    takenAtMs: (atMs) => takenAt.get(atMs)!,
  };
}
