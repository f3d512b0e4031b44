/**
 * What the queue in Redis is compared with: ZRANK alone, the smallest script for a poll, the scan of
 * the earlier design, and a queue of two counters. In that one a ticket is taken by INCR and the
 * position is the ticket less the number served, so nobody can leave, be missed or come late.
 */
import type { BenchRedis } from "./bench_redis.ts";
import { NothingMeasuredError, type Spread, spread } from "./measure.ts";

/** Redis's own time, µs a call. */
export type QueueRivals = Readonly<
  Record<"zrank" | "smallestPoll" | "scan" | "counterJoin" | "counterPoll", Spread>
>;

export interface QueueRivalsOptions {
  readonly waiting: number;
  readonly capacity: number;
  readonly rounds: number;
  readonly calls: number;
  readonly scans: number;
  /** Sorted sets of the queue. */
  readonly keys: { readonly waiting: string; readonly admitted: string };
}

/**
 * Ends lapsed admissions, looks for a free slot, and returns the rank.
 * KEYS: waiting, admitted. ARGV: now in ms, fan, capacity.
 */
const SMALLEST_POLL = `
local over = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, 256)
if #over > 0 then redis.call('ZREM', KEYS[2], unpack(over)) end
if redis.call('ZCARD', KEYS[2]) < tonumber(ARGV[3]) then return 'free' end
return redis.call('ZRANK', KEYS[1], ARGV[2])`;
const SCAN = "return #redis.call('ZRANGE', KEYS[1], 0, -1)";
const COUNTERS = { tickets: "counter:tickets", served: "counter:served" };

/** Throws `NothingMeasuredError` when the keys hold other numbers of fans than they should. */
export async function measureQueueRivals(
  redis: BenchRedis,
  { waiting, capacity, rounds, calls, scans, keys }: QueueRivalsOptions,
): Promise<QueueRivals> {
  await requireMembers(redis, keys.waiting, waiting);
  await requireMembers(redis, keys.admitted, capacity);
  const fans = await redis.command("ZRANDMEMBER", keys.waiting, `${calls}`) as readonly string[];
  const fanOf = (call: number) => fans[call % fans.length]!;
  await redis.command("SET", COUNTERS.tickets, "0");
  await redis.command("SET", COUNTERS.served, "0");

  async function measure(
    command: string,
    make: (call: number) => readonly string[],
    count = calls,
  ): Promise<Spread> {
    const us: number[] = [];
    for (let round = 0; round < rounds; round++) {
      us.push(
        await redis.usPerCall(command, count, async () => {
          const replies = await redis.commands(count, make);
          const other = replies.find((reply) => !Number.isFinite(Number(reply ?? NaN)));
          if (other !== undefined) {
            throw new NothingMeasuredError(`${command} answered ${other}, not a number`);
          }
        }),
      );
    }
    return spread(us);
  }
  const poll = ["EVAL", SMALLEST_POLL, "2", keys.waiting, keys.admitted, "0"];
  return {
    zrank: await measure("zrank", (call) => ["ZRANK", keys.waiting, fanOf(call)]),
    smallestPoll: await measure("eval", (call) => [...poll, fanOf(call), `${capacity}`]),
    // The time of ZRANGE, not of its script.
    scan: await measure("zrange", () => ["EVAL", SCAN, "1", keys.waiting], scans),
    counterJoin: await measure("incr", () => ["INCR", COUNTERS.tickets]),
    counterPoll: await measure("get", () => ["GET", COUNTERS.served]),
  };
}

async function requireMembers(redis: BenchRedis, key: string, wanted: number): Promise<void> {
  const members = Number(await redis.command("ZCARD", key));
  if (members !== wanted) {
    throw new NothingMeasuredError(`${key} has ${members} members, not ${wanted}`);
  }
}
