/**
 * Promotion: how long Redis is busy with moving heads of the queue into the admitted set, in a batch
 * as the queue does it and one by one; and how fast free slots fill when only the caller at the very
 * front is admitted, by its own poll, as in the earlier design.
 */
import { type BenchRedis, openBenchRedis } from "./bench_redis.ts";
import { NothingMeasuredError, ratioSpread, type Spread, spread } from "./measure.ts";
import { createSection } from "./section.ts";
import { count, formatTable, ranged, ratio } from "./table.ts";

export interface PromotionSize {
  readonly waiting: number;
  readonly moved: number;
  readonly rounds: number;
}

export interface PromotionFigures extends PromotionSize {
  /** µs of Redis's own time for all that are moved. */
  readonly us: Readonly<Record<keyof typeof WAYS, Spread>>;
  /** Of each round. */
  readonly oneByOneToBatch: Spread;
  /** Admitted a minute, in virtual time. */
  readonly frontCaller: { readonly allPoll: number; readonly oneInTwentyAbsent: number };
}

const WAYS = {
  batch: `
local heads = redis.call('ZPOPMIN', KEYS[1], ARGV[1])
local admitted = {}
for i = 1, #heads, 2 do
  admitted[#admitted + 1], admitted[#admitted + 2] = heads[i + 1], heads[i]
end
return redis.call('ZADD', KEYS[2], unpack(admitted))`,
  oneByOne: `
local moved = 0
for _, fan in ipairs(redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1)) do
  redis.call('ZREM', KEYS[1], fan)
  moved = moved + redis.call('ZADD', KEYS[2], 1, fan)
end
return moved`,
};
/** Members of one ZADD of the set-up. */
const SETUP_BATCH = 1_000;

const FREE_SLOTS = 200;
const POLL_MS = 5_000;
const ABSENT_SHARE = 0.05;
/** An absent fan at the front blocks the others until the sweep drops the place. */
const SWEEP_MS = 60_000;

export const promotion = createSection({
  about: "promotion: 256 heads in a batch, against one by one and against the caller at the front",
  sizes: {
    full: { waiting: 100_000, moved: 256, rounds: 7 },
    smoke: { waiting: 300, moved: 20, rounds: 2 },
  },
  measure: measurePromotion,
  tables: ({ waiting, moved, us, oneByOneToBatch, frontCaller }) => [
    formatTable(`Promoting ${moved} heads out of ${count(waiting)}: µs of Redis's own time`, [
      "",
      "µs",
    ], [
      ["in a batch", ranged(us.batch)],
      ["one by one", ranged(us.oneByOne)],
      ["one by one / in a batch", ranged(oneByOneToBatch, ratio)],
    ]),
    formatTable(
      `${FREE_SLOTS} free slots, when only the caller at the very front is admitted (virtual time)`,
      ["", "fans a minute"],
      [
        ["all poll every 5 s", frontCaller.allPoll.toFixed(1)],
        ["one in twenty is absent", frontCaller.oneInTwentyAbsent.toFixed(1)],
      ],
    ),
  ],
});

export async function measurePromotion(size: PromotionSize): Promise<PromotionFigures> {
  const redis = await openBenchRedis();
  try {
    await fill(redis, size.waiting);
    const rounds = { batch: [] as number[], oneByOne: [] as number[] };
    for (let round = 0; round < size.rounds; round++) {
      rounds.batch.push(await usOf(redis, "batch", size.moved));
      rounds.oneByOne.push(await usOf(redis, "oneByOne", size.moved));
    }
    return {
      ...size,
      us: { batch: spread(rounds.batch), oneByOne: spread(rounds.oneByOne) },
      oneByOneToBatch: ratioSpread(rounds.oneByOne, rounds.batch),
      frontCaller: {
        allPoll: simulateFrontCaller(0),
        oneInTwentyAbsent: simulateFrontCaller(ABSENT_SHARE),
      },
    };
  } finally {
    await redis.close();
  }
}

async function fill(redis: BenchRedis, waiting: number): Promise<void> {
  for (let at = 0; at < waiting; at += SETUP_BATCH) {
    const length = Math.min(SETUP_BATCH, waiting - at);
    const members = Array.from({ length }, (_, i) => [String(at + i), `fan-${at + i}`]);
    await redis.command("ZADD", "waiting", ...members.flat());
  }
}

async function usOf(redis: BenchRedis, way: keyof typeof WAYS, moved: number): Promise<number> {
  return await redis.usPerCall("eval", 1, async () => {
    const script = ["EVAL", WAYS[way], "2", "waiting", "admitted", String(moved)];
    const reply = await redis.command(...script);
    if (reply !== moved) throw new NothingMeasuredError(`${reply} moved, not ${moved}`);
  });
}

/**
 * Fans admitted a minute into 200 free slots, in virtual time: fans poll every five seconds, each
 * at its own moment, and this share of them is absent.
 */
function simulateFrontCaller(absentShare: number): number {
  let nowMs = 0;
  let admitted = 0;
  // The golden ratio spreads the moments evenly, the same in every run.
  const phaseOf = (fan: number) => Math.floor((fan * 0.618_033_988_749_895) % 1 * POLL_MS);
  for (let fan = 0; fan < FREE_SLOTS; fan++) {
    const absent = absentShare > 0 && fan % Math.round(1 / absentShare) === 1;
    if (absent) {
      nowMs = Math.ceil((nowMs + 1) / SWEEP_MS) * SWEEP_MS;
      continue;
    }
    const sincePollMs = ((nowMs - phaseOf(fan)) % POLL_MS + POLL_MS) % POLL_MS;
    nowMs += POLL_MS - sincePollMs;
    admitted++;
  }
  return admitted / (nowMs / 60_000);
}
