import { AssertionError } from "node:assert/strict";
import type {
  createSeatStatuses,
  SeatStatuses,
  Taken,
} from "../../src/application/seat_statuses.ts";
import { type ConcertId, MAIN_ROOM, type ScheduleId } from "../../src/domain/ids.ts";
import { ok } from "../../src/domain/result.ts";
import type { SeatSnapshot } from "../../src/domain/seat_map.ts";
import type { Cache, KnownEntry, KnownRead } from "../../src/ports/cache.ts";
import type { ExpiringValue } from "../../src/ports/catalogue.ts";
import type { CacheHarness } from "../contract/cache/contract.ts";
import { createVirtualTime, settled } from "../support/virtual_time.ts";
import type { Outage } from "./cache_model.ts";

/** What a history of the statuses is played on: an adapter of the cache, and the capability. */
export interface SeatStatusesParts {
  readonly harness: () => Promise<CacheHarness>;
  readonly createSeatStatuses: typeof createSeatStatuses;
  /**
   * Whether the time of the cache is that of the history alone. Keys in Redis also expire by the
   * real time, and then there are more loads.
   */
  readonly countsLoads?: boolean;
}

export const ISOLATES = 3;
const SCHEDULE = { concertId: 1 as ConcertId, scheduleId: 2 as ScheduleId };
const SECOND_MS = 1_000;
/** After so long without a fault everything is as if there had been none. */
const RECOVERY_MS = 5_000;
const REAL_STEP_MS = 25;

interface Load {
  readonly isolate: number;
  readonly beganMs: number;
  readonly settle: PromiseWithResolvers<ReturnType<typeof ok<ExpiringValue<SeatSnapshot>>>>;
  /** What the database said at the moment of the snapshot; null before it. */
  snapshot: SeatSnapshot | null;
  state: "RUNNING" | "ENDED";
}

/** One database with a number that only grows, one cache, some isolates, and a time of their own. */
export interface SeatStatusesWorld {
  readonly loads: readonly Load[];
  /** Questions that were answered, and those of them that had to show a change of a second ago. */
  readonly answered: () => number;
  readonly proven: () => number;
  ask(isolate: number): void;
  commit(): void;
  /** The database takes the snapshot of this load. */
  take(load: Load): void;
  end(load: Load, as: "VALUE" | "FAILURE" | "CUT OFF"): void;
  /** From now on a load takes so long; null: until `end()`. */
  setPace(ms: number | null): void;
  breakDown(as: Outage | null): void;
  advance(ms: number): Promise<void>;
  settled(): Promise<void>;
  close(): Promise<void>;
  assertNoFault(): void;
  assertAllAnswered(): void;
}

export async function seatStatusesWorld(parts: SeatStatusesParts): Promise<SeatStatusesWorld> {
  const { cache, pass, close } = await parts.harness();
  const { countsLoads = true } = parts;
  let inFlight = 0;

  /** Lets all commands end that are on their way. */
  async function idle(): Promise<void> {
    await settled();
    while (inFlight > 0) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      await settled();
    }
  }
  const time = createVirtualTime({ startMs: 1_000_000, onPass: pass });
  const { clock } = time;
  const loads: Load[] = [];
  const faults: unknown[] = [];
  const commits: number[] = [];
  let outage: Outage | null = null;
  let pace: number | null = null;
  let lastFaultMs = -Infinity;
  let [asked, answered, proven, cutOff] = [0, 0, 0, 0];
  let newestTakenAt = "";
  const newestAnswers = Array.from({ length: ISOLATES }, () => 0);

  const disturb = () => void (lastFaultMs = clock());
  const check = (law: string, holds: boolean) => {
    if (!holds) faults.push(new AssertionError({ message: law }));
  };

  async function act<Answer>(real: () => Promise<Answer>): Promise<Answer> {
    if (outage === "DEAF") throw new Error("the cache is deaf");
    inFlight++;
    const answer = await real().finally(() => inFlight--);
    if (outage === "MUTE") throw new Error("the cache is mute");
    return answer;
  }
  const frail: Cache = {
    read: (key) => act(() => cache.read(key)),
    lease: (...args) => act(() => cache.lease(...args)),
    fill: (key, lease, json, ttlMs) =>
      act(async () => {
        const filled = await cache.fill(key, lease, json, ttlMs);
        const { takenAt } = JSON.parse(json) as SeatSnapshot;
        check(
          `an old snapshot never replaces a newer one: ${takenAt} after ${newestTakenAt}`,
          !filled || takenAt >= newestTakenAt,
        );
        if (filled) newestTakenAt = takenAt;
        return filled;
      }),
    put: cache.put,
    release: (...args) => act(() => cache.release(...args)),
    evict: (...args) => act(() => cache.evict(...args)),
  };

  function begin(isolate: number): Load["settle"]["promise"] {
    const load: Load = {
      isolate,
      beganMs: clock(),
      settle: Promise.withResolvers(),
      snapshot: null,
      state: "RUNNING",
    };
    const isSlow = loads.some((one) =>
      one.state === "RUNNING" && clock() - one.beganMs >= SECOND_MS
    );
    const isSteady = !isSlow && clock() - lastFaultMs > RECOVERY_MS;
    for (const { beganMs } of countsLoads && isSteady && outage === null ? loads : []) {
      const apartMs = load.beganMs - beganMs;
      check(
        `PostgreSQL is asked once a second: again after ${apartMs} ms`,
        apartMs >= SECOND_MS,
      );
    }
    const before = loads.filter((one) => one.isolate === isolate).at(-1);
    check(
      "while the cache is broken, PostgreSQL is asked once a second and isolate",
      !isSteady || outage === null || !before || load.beganMs - before.beganMs >= SECOND_MS,
    );
    loads.push(load);
    if (pace !== null) {
      if (pace >= SECOND_MS) disturb();
      void time.sleep(Math.floor(pace / 2)).then(() => take(load));
      void time.sleep(pace).then(() => end(load, "VALUE"));
    }
    return load.settle.promise;
  }

  function take(load: Load): void {
    load.snapshot ??= {
      room: MAIN_ROOM,
      concertAt: "2030-01-01T00:00:00.000Z",
      mapVersion: "1",
      takenAt: new Date(clock()).toISOString(),
      statuses: `A${commits.length}`,
    };
  }

  function end(load: Load, as: "VALUE" | "FAILURE" | "CUT OFF"): void {
    if (load.state === "ENDED") return;
    load.state = "ENDED";
    if (as !== "VALUE" || clock() - load.beganMs >= SECOND_MS) disturb();
    if (as === "CUT OFF") cutOff++;
    else if (as === "FAILURE") load.settle.reject(new Error("the load failed"));
    else {
      take(load);
      load.settle.resolve(ok({ value: load.snapshot!, changesInMs: null }));
    }
  }

  let ids = 0;
  const isolates: SeatStatuses[] = Array.from(
    { length: ISOLATES },
    (_, isolate) =>
      parts.createSeatStatuses({
        catalogue: { seatStatuses: () => begin(isolate) },
        cache: frail,
        stockRecount: { recountUnlessRecent: async () => {} },
        clock,
        newId: () => `id-${++ids}`,
        random: () => (ids % 7) / 7,
        sleep: (ms) => time.sleep(Math.ceil(ms)),
        report: () => {},
      }),
  );

  /** The read that comes along with the admission check. */
  async function readKnown({ key, known }: KnownRead): Promise<KnownEntry> {
    const entry = await frail.read(key).catch(() => ({ state: "EMPTY" }) as const);
    const isKnown = entry.state === "HIT" && known !== null && entry.json.startsWith(known);
    return isKnown ? { state: "KNOWN" } : entry;
  }

  async function look(isolate: number): Promise<Taken> {
    const statuses = isolates[isolate]!;
    const wanted = statuses.ask(SCHEDULE);
    const context = { afterAnswer() {}, keepAlive() {} };
    return await statuses.read(context, wanted, await readKnown(wanted));
  }

  function judge(isolate: number, taken: Taken, askedAtMs: number): void {
    answered++;
    if (!taken.ok) throw new AssertionError({ message: "there is no such refusal here" });
    // Beside the snapshot of the cache there may be one that was loaded without a lease.
    const backMs = newestAnswers[isolate]! - Date.parse(taken.value.takenAt);
    check(`a load that ends late loses: its snapshot is ${backMs} ms older`, backMs < SECOND_MS);
    newestAnswers[isolate] = Math.max(newestAnswers[isolate]!, Date.parse(taken.value.takenAt));
    const seen = Number(taken.value.statuses.slice(1));
    const due = commits.filter((atMs) => atMs <= askedAtMs - SECOND_MS).length;
    if (due > 0 && commits[due - 1]! > askedAtMs - 2 * SECOND_MS) proven++;
    check(
      `a change is seen by whoever asks a second after its commit: ${seen} of ${due}`,
      seen >= due,
    );
  }

  return {
    loads,
    answered: () => answered,
    proven: () => proven,
    ask(isolate) {
      asked++;
      const askedAtMs = clock();
      look(isolate).then((taken) => judge(isolate, taken, askedAtMs), (error) => {
        answered++;
        if (error?.message !== "the load failed") throw error;
      }).catch((fault) => faults.push(fault));
    },
    commit: () => void commits.push(clock()),
    take,
    end,
    setPace(ms) {
      pace = ms;
      disturb();
    },
    breakDown(as) {
      outage = as;
      disturb();
    },
    async advance(ms) {
      await idle();
      // Commands that take real time need steps: what follows them may have to wake before the end.
      const stepMs = countsLoads ? ms : REAL_STEP_MS;
      for (let left = ms; left > 0; left -= stepMs) {
        await time.advance(Math.min(left, stepMs));
        await idle();
      }
    },
    settled: idle,
    close,
    assertNoFault() {
      if (faults.length > 0) throw faults.shift();
    },
    assertAllAnswered() {
      // Whoever was cut off gets no answer, with those who joined it for a second at most.
      const open = asked - answered;
      check(`liveness: ${open} hang, ${cutOff} loads were cut off`, open <= 0 || cutOff > 0);
      if (faults.length > 0) throw faults.shift();
    },
  };
}
