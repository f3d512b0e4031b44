/**
 * Many slots that come free at once, as after a raise of the capacity: how soon they are taken by
 * the fans in front while fans poll, and how long the scripts are.
 */
import { sleep } from "../support/wait.ts";
import { type LongActFigures, measureOneByOne } from "./act_figures.ts";
import { type BenchRedis, openBenchRedis } from "./bench_redis.ts";
import { NothingMeasuredError } from "./measure.ts";
import { FILLED_WITHIN_MS, LONGEST_SCRIPT_US, over } from "./redis_queue_aims.ts";
import { BENCH_RULES, openBenchRoom } from "./redis_room.ts";
import { createSection } from "./section.ts";
import { count, formatTable } from "./table.ts";
import { QUEUE_BOUNDS, type QueueBounds } from "../../src/domain/queue_bounds.ts";

export interface FreeSlotsSize {
  /** Fans admitted before. */
  readonly capacity: number;
  readonly slots: number;
  readonly waiting: number;
  /** Polls a second, one after the other, by Redis's own clock. */
  readonly pollsPerSecond: number;
  readonly bounds: QueueBounds;
}

export interface FreeSlotsFigures extends Omit<FreeSlotsSize, "bounds"> {
  readonly fullAfterMs: number;
  /** The polls until then. */
  readonly polls: LongActFigures;
}

export const freeSlots = createSection<FreeSlotsSize, FreeSlotsFigures>({
  about: "ten thousand slots that come free at once: how soon they are taken",
  sizes: {
    // The 200 fans nearest to the front, at the shortest interval of 2 s, are 100 polls a second.
    full: {
      capacity: 1_000,
      slots: 10_000,
      waiting: 50_000,
      pollsPerSecond: 100,
      bounds: QUEUE_BOUNDS,
    },
    smoke: {
      capacity: 5,
      slots: 40,
      waiting: 60,
      pollsPerSecond: 1_000,
      bounds: { ...QUEUE_BOUNDS, promotionBatch: 10 },
    },
  },
  measure: measureFreeSlots,
  tables: ({ slots, waiting, pollsPerSecond, fullAfterMs, polls: { acts, us, cpuUs } }) => [
    formatTable(
      `${count(slots)} slots come free at once, ${
        count(waiting)
      } wait, ${pollsPerSecond} polls a ` +
        "second",
      ["", "", "aim"],
      [
        [
          "ms until all are taken",
          count(fullAfterMs),
          over(`${count(FILLED_WITHIN_MS)} ms`, FILLED_WITHIN_MS, [fullAfterMs]),
        ],
        ["polls until then", count(acts), "–"],
        ["µs of a poll, median", count(us.median), "–"],
        ["longest, by the clock", count(us.longest), "–"],
        [
          "longest, of the processor",
          count(cpuUs.longest),
          over(`${count(LONGEST_SCRIPT_US)} µs`, LONGEST_SCRIPT_US, [cpuUs.longest]),
        ],
      ],
    ),
  ],
});

/** Throws `MissingProgramError` without a redis-server. */
export async function measureFreeSlots(size: FreeSlotsSize): Promise<FreeSlotsFigures> {
  const redis = await openBenchRedis();
  try {
    return await measureAt(redis, size);
  } finally {
    await redis.close();
  }
}

async function measureAt(
  redis: BenchRedis,
  { bounds, ...size }: FreeSlotsSize,
): Promise<FreeSlotsFigures> {
  const { capacity, slots, pollsPerSecond } = size;
  const room = await openBenchRoom({ redis, bounds, rules: { ...BENCH_RULES, capacity } });
  await room.join(capacity, "ADMITTED");
  const places = await room.join(size.waiting, "WAITING");
  const near = places.slice(0, bounds.leastNear);
  await redis.scripts(near.length, (call) => room.calls.status(near[call]!));
  const cardinality = (name: string) => redis.command("ZCARD", room.keyOf(name)).then(Number);
  const inside = async () => await cardinality("turns") + await cardinality("admitted");

  const rules = room.changeRules({ capacity: capacity + slots });
  const startedMs = performance.now();
  await redis.scripts(1, () => rules);
  let fullAfterMs = 0;
  const polls = await measureOneByOne(redis, async (poll) => {
    if (await inside() >= capacity + slots) {
      fullAfterMs = performance.now() - startedMs;
      return null;
    }
    if (poll >= places.length) throw new NothingMeasuredError("the slots are not taken");
    await sleep(Math.max(0, startedMs + poll * 1000 / pollsPerSecond - performance.now()));
    return room.calls.status(places[poll]!);
  });
  return { ...size, fullAfterMs, polls };
}
