/**
 * The queue in memory: µs a call, by the number of fans who wait; beside it the scan of the queue
 * for the fan, which the earlier design did on each call.
 */
import { memoryQueueStore } from "../../src/adapters/memory/queue_store.ts";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import type { PlaceRef, QueueSettings, Standing } from "../../src/domain/queue.ts";
import { QUEUE_BOUNDS } from "../../src/domain/queue_bounds.ts";
import type { Rules } from "../../src/domain/room.ts";
import {
  NothingMeasuredError,
  requireMeasured,
  scattered,
  type Spread,
  spreads,
} from "./measure.ts";
import { createSection } from "./section.ts";
import { count, formatTable, ranged, times } from "./table.ts";

export interface MemoryQueueSize {
  readonly waiting: readonly number[];
  /** Fans who wait near the front, but at most half of all. */
  readonly near: number;
  readonly rounds: number;
  /** Calls a round. */
  readonly calls: number;
  /** Fans looked at by the scans of a round, at most; at least `minScans` scans are made. */
  readonly scanSteps: number;
  readonly minScans: number;
}

export interface MemoryQueueFigures {
  readonly waiting: number;
  /** µs a call. */
  readonly us: Readonly<
    Record<"join" | "nearPoll" | "farPoll" | "leaveAndRejoin" | "scan", Spread>
  >;
}

const SETTINGS: QueueSettings = { showUpMs: 60_000, waitingTtlMs: 21_600_000 };
const RULES: Rules = {
  version: 1,
  madeAtMs: 0,
  state: "OPEN",
  opensAtMs: null,
  capacity: 1,
  admissionsPerMinute: null,
  // No admission ends during the measurement, so nobody is promoted.
  admissionTtlMs: 1e12,
  holdTtlMs: 300_000,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
  challengeAtJoin: false,
  draw: null,
};

export const memoryQueue = createSection({
  about: "the queue in memory: time a call, against a scan for the fan",
  sizes: {
    full: {
      waiting: [1e3, 1e4, 1e5, 1e6],
      near: 10_000,
      rounds: 7,
      calls: 2_000,
      scanSteps: 2e7,
      minScans: 10,
    },
    smoke: { waiting: [50, 100], near: 20, rounds: 2, calls: 20, scanSteps: 1e3, minScans: 2 },
  },
  measure: (size) => measureMemoryQueue(size),
  tables: (figures) => [formatTable(
    "The queue in memory: µs a call; the scan for the fan is the earlier design",
    ["waiting", "join", "near poll", "far poll", "leave and rejoin", "scan", "scan / near poll"],
    figures.map(({ waiting, us: of }) => [
      count(waiting),
      ...[of.join, of.nearPoll, of.farPoll, of.leaveAndRejoin, of.scan].map((each) => ranged(each)),
      times(of.scan.median / of.nearPoll.median),
    ]),
  )],
});

/** `rules` are null for a room that nobody can join. */
export async function measureMemoryQueue(
  size: MemoryQueueSize,
  rules: Rules | null = RULES,
): Promise<MemoryQueueFigures[]> {
  const figures: MemoryQueueFigures[] = [];
  for (const waiting of size.waiting) figures.push(await measureAt(waiting, size, rules));
  return figures;
}

async function measureAt(
  waiting: number,
  { near: mostNear, rounds, calls, scanSteps, minScans }: MemoryQueueSize,
  rules: Rules | null,
): Promise<MemoryQueueFigures> {
  const near = Math.min(mostNear, Math.floor(waiting / 2));
  const { queue, join, places } = await openFullRoom(waiting, near, rules);
  const scanned = places.map(({ fan, order }) => ({ fan: String(fan), order }));
  const scans = Math.max(minScans, Math.min(calls, Math.floor(scanSteps / waiting)));
  const us: Record<keyof MemoryQueueFigures["us"], number[]> = {
    join: [],
    nearPoll: [],
    farPoll: [],
    leaveAndRejoin: [],
    scan: [],
  };
  for (let round = 0; round < rounds; round++) {
    const joined: PlaceRef[] = [];
    us.join.push(
      await usPerCall(calls, async (call) => {
        joined.push(await join(`new-${round}-${call}`));
      }),
    );
    await queue.endPlaces(joined, "PAID");
    const poll = async (at: number) => requireWaiting(await queue.status(places[at]!));
    us.nearPoll.push(await usPerCall(calls, (call) => poll(scattered(call, near))));
    us.farPoll.push(
      await usPerCall(calls, (call) => poll(near + scattered(call, waiting - near))),
    );
    us.leaveAndRejoin.push(
      await usPerCall(calls, async (call) => {
        const at = near + scattered(call, waiting - near);
        const { fan } = places[at]!;
        await queue.leave(places[at]!);
        places[at] = await join(fan);
      }),
    );
    us.scan.push(
      await usPerCall(scans, (call) => {
        const fan = `fan-${scattered(call, waiting)}`;
        if (scanned.findIndex((place) => place.fan === fan) < 0) {
          throw new NothingMeasuredError(`${fan} is missing`);
        }
      }),
    );
  }
  for (const [call, values] of Object.entries(us)) requireMeasured(call, values);
  return { waiting, us: spreads(us) };
}

/** A room whose one slot is taken, with so many fans who wait. */
async function openFullRoom(waiting: number, near: number, rules: Rules | null) {
  let nowMs = Date.UTC(2030, 0, 1);
  const queue = memoryQueueStore({
    settings: SETTINGS,
    clock: () => nowMs++,
    newId: () => "epoch",
    bounds: { ...QUEUE_BOUNDS, leastNear: near },
    onFront() {},
  });
  if (rules) await queue.applyRules(MAIN_ROOM, rules);
  async function enter(fan: string) {
    const joined = await queue.join(MAIN_ROOM, fan as FanId, null);
    if (joined.refused) throw new NothingMeasuredError(`a join was refused: ${joined.refused}`);
    return joined;
  }
  async function join(fan: string): Promise<PlaceRef> {
    const { place, standing } = await enter(fan);
    requireWaiting(standing);
    return place;
  }
  await enter("admitted");
  const places: PlaceRef[] = [];
  for (let i = 0; i < waiting; i++) places.push(await join(`fan-${i}`));
  return { queue, join, places };
}

function requireWaiting({ state }: Standing): void {
  if (state !== "WAITING") throw new NothingMeasuredError(`a fan is ${state}, not WAITING`);
}

async function usPerCall(calls: number, act: (call: number) => unknown): Promise<number> {
  const startedMs = performance.now();
  for (let call = 0; call < calls; call++) await act(call);
  return (performance.now() - startedMs) * 1000 / calls;
}
