/**
 * Promotion: how long Redis is busy with moving heads of the line into the admitted set, in a batch
 * as here and one by one; and how fast free slots fill when only the caller at the very front is
 * let in, on its own poll, as the earlier design had it.
 */
import { createRedisConnection } from "../../src/tools/local_cloud/redis/connection.ts";
import { startRedisServer } from "../../src/tools/local_cloud/redis/server.ts";
import { type Spread, spreads } from "./measure.ts";

const ROUNDS = 7;
const MOVED = 256;
const WAITING = 100_000;
/** Commands of one setup request. */
const SETUP_BATCH = 1_000;

const BATCH = `
local heads = redis.call('ZPOPMIN', KEYS[1], ARGV[1])
local admitted = {}
for i = 1, #heads, 2 do
  admitted[#admitted + 1], admitted[#admitted + 2] = heads[i + 1], heads[i]
end
redis.call('ZADD', KEYS[2], unpack(admitted))`;

const ONE_BY_ONE = `
for _, fan in ipairs(redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1)) do
  redis.call('ZREM', KEYS[1], fan)
  redis.call('ZADD', KEYS[2], 1, fan)
end`;

/** µs of Redis's own time for 256 fans out of 100,000. */
export async function measurePromotion(): Promise<Record<"batch" | "oneByOne", Spread>> {
  const server = await startRedisServer();
  const connection = createRedisConnection({ hostname: "127.0.0.1", port: server.port });
  async function fill(): Promise<void> {
    await connection.send([["FLUSHALL"]]);
    for (let at = 0; at < WAITING; at += SETUP_BATCH) {
      const members = Array.from(
        { length: SETUP_BATCH },
        (_, i) => [String(at + i), `fan-${at + i}`],
      );
      await connection.send([["ZADD", "waiting", ...members.flat()]]);
    }
  }
  async function usOf(script: string): Promise<number> {
    await connection.send([["CONFIG", "RESETSTAT"]]);
    await connection.send([["EVAL", script, "2", "waiting", "admitted", String(MOVED)]]);
    const [stats] = await connection.send([["INFO", "commandstats"]]);
    return Number(/cmdstat_eval:calls=1,usec=(\d+)/.exec(String(stats))![1]);
  }
  try {
    await fill();
    const rounds: { batch: number[]; oneByOne: number[] } = { batch: [], oneByOne: [] };
    for (let round = 0; round < ROUNDS; round++) {
      rounds.batch.push(await usOf(BATCH));
      rounds.oneByOne.push(await usOf(ONE_BY_ONE));
    }
    return spreads(rounds);
  } finally {
    connection.close();
    await server.stop();
  }
}

const FREE_SLOTS = 200;
const POLL_MS = 5_000;
const ABSENT_SHARE = 0.05;
/** An absent fan at the front blocks the others until the sweep drops the place. */
const SWEEP_MS = 60_000;

/**
 * Fans admitted a minute into 200 free slots, in virtual time: fans poll every five seconds, each
 * at a moment of its own, and one in twenty has gone away.
 */
export function simulateFrontCaller(absentShare: number): number {
  let nowMs = 0;
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
  }
  return FREE_SLOTS / (nowMs / 60_000);
}

export const FRONT_CALLER = {
  present: () => simulateFrontCaller(0),
  oneInTwentyAbsent: () => simulateFrontCaller(ABSENT_SHARE),
};
