/** Acts at the bounds of the upkeep, one by one: the longest scripts that there are. */
import type { ScriptCall } from "../../src/adapters/upstash/client.ts";
import { MAIN_ROOM } from "../../src/domain/ids.ts";
import { ISSUED_LOG_SHARE } from "../../src/domain/queue_bounds.ts";
import { type LongActFigures, measureOneByOne } from "./act_figures.ts";
import { type BenchRedis, openBenchRedis } from "./bench_redis.ts";
import { NothingMeasuredError } from "./measure.ts";
import type { RedisQueueSize } from "./redis_queue_size.ts";
import { BENCH_RULES, type BenchRoom, openBenchRoom, WAITING_TTL_MS } from "./redis_room.ts";

export type LongAct = "promotes" | "lapse" | "absent" | "ages" | "all";

type Measured<Act extends LongAct> = Readonly<Record<Act, LongActFigures>>;

const STEP_MS = 10_000;
/** The longest poll and the time to show up. */
const WINDOW_MS = 120_000;
const ADMISSION_MS = 900_000;
const MOST_ACTS = 10_000;

/** The acts of one room, by its own clock. */
function actsOf(redis: BenchRedis, room: BenchRoom) {
  const run = (call: ScriptCall) => redis.scripts(1, () => call);
  const promote = () => room.timed.promote(MAIN_ROOM, 0, Number.MAX_SAFE_INTEGER);
  const sizeOf = (name: string) => redis.command("ZCARD", room.keyOf(name)).then(Number);
  return {
    run,
    promote: () => run(promote()),
    measure: (count: number) => measureOneByOne(redis, (act) => act < count ? promote() : null),
    turns: () => sizeOf("turns"),
    async promoteUntil(isDone: () => Promise<boolean>): Promise<void> {
      for (let act = 0; !await isDone(); act++) {
        if (act === MOST_ACTS) throw new NothingMeasuredError("the upkeep comes to no end");
        await run(promote());
      }
    },
  };
}

/**
 * In a line whose admitted fill the room: heads are called, turns are missed, heads are absent, and
 * places age out, a batch each.
 */
export async function measureLongActs(
  redis: BenchRedis,
  room: BenchRoom,
  { bounds, longActs, capacity }: RedisQueueSize,
): Promise<Measured<"promotes" | "lapse" | "absent" | "ages">> {
  const { run, promote, measure, turns, promoteUntil } = actsOf(redis, room);
  const change = (changes: Parameters<BenchRoom["changeRules"]>[0]) =>
    run(room.changeRules(changes, room.timed));
  // The calls before were made by Redis's own clock.
  room.pass(Date.now() - room.nowMs());
  await promote();

  // While time passes a batch of turns ends at each step, and enough are left then.
  const freed = (longActs + WINDOW_MS / STEP_MS + 2) * bounds.promotionBatch;
  await change({ capacity: capacity + freed });
  const promotes = await measure(longActs);
  await promoteUntil(async () => await turns() >= freed);
  // Nobody is promoted while turns end and those near the front become overdue.
  await change({ state: "HELD" });
  for (let passed = 0; passed < WINDOW_MS; passed += STEP_MS) {
    room.pass(STEP_MS);
    await promote();
  }
  const lapse = await measure(longActs);
  await promoteUntil(async () => await turns() === 0);
  await change({ state: "OPEN", capacity: 1e9 });
  const absent = await measure(longActs);
  await change({ state: "HELD" });
  await logIssued(room, promote);
  room.pass(WAITING_TTL_MS);
  await promote();
  return { promotes, lapse, absent, ages: await measure(longActs) };
}

/** The log of issued tickets, by which the age of places is found, covers all who wait. */
async function logIssued(room: BenchRoom, promote: () => Promise<unknown>): Promise<void> {
  room.pass(WAITING_TTL_MS * ISSUED_LOG_SHARE);
  await promote();
}

/**
 * A line in which more turns, admissions and waiting places than some acts may move are over at
 * once, and slots are free.
 */
export async function measureWorstActs(
  { bounds, longActs }: RedisQueueSize,
): Promise<Measured<"all">> {
  const redis = await openBenchRedis();
  try {
    const crowd = (longActs + 2) * bounds.promotionBatch;
    const rules = { ...BENCH_RULES, admissionTtlMs: ADMISSION_MS, capacity: 2 * crowd };
    const room = await openBenchRoom({ redis, bounds, rules });
    const { promote, measure, turns, promoteUntil } = actsOf(redis, room);
    const house = await room.join(2 * crowd, "ADMITTED");
    const next = await room.join(2 * crowd, "WAITING");
    await room.join(2 * crowd + 2 * longActs * bounds.ageingBatch, "WAITING");
    room.pass(Date.now() - room.nowMs());
    await logIssued(room, promote);
    await redis.scripts(next.length, (call) => room.timed.status(next[call]!));
    await redis.scripts(
      house.length,
      (call) => room.timed.endPlaces(MAIN_ROOM, [house[call]!], "PAID"),
    );
    await promoteUntil(async () => await turns() >= 2 * crowd);
    await redis.scripts(crowd, (call) => room.timed.status(next[call]!));
    const called = await turns();
    if (called !== crowd) throw new NothingMeasuredError(`${called} have turns, not ${crowd}`);
    room.pass(WAITING_TTL_MS);
    return { all: await measure(longActs) };
  } finally {
    await redis.close();
  }
}
