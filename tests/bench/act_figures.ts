import type { ScriptCall } from "../../src/adapters/upstash/client.ts";
import type { BenchRedis, RedisValue, Work } from "./bench_redis.ts";
import { NothingMeasuredError, type Spread, spread } from "./measure.ts";

/** One kind of call of the queue. */
export interface ActFigures {
  /** Redis's own time, µs a call. */
  readonly us: Spread;
  /** What Upstash bills for a call: the call itself and the commands of its script. */
  readonly commands: number;
}

/** Acts that were measured one by one, sorted by their time. */
export interface LongActFigures {
  readonly acts: number;
  readonly commands: number;
  /** Redis's own time, µs: half of the acts, 99 in a hundred, and all take no longer. */
  readonly us: Percentiles;
  /** The same of the processor, which other programs do not make longer. */
  readonly cpuUs: Percentiles;
}

export interface Percentiles {
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
}

export interface Rounds {
  readonly rounds: number;
  /** Calls a round. */
  readonly calls: number;
}

const SCRIPT = "evalsha";

/** `check` throws unless the replies are those of the act. */
export async function measureCalls(
  redis: BenchRedis,
  { rounds, calls }: Rounds,
  make: (call: number) => ScriptCall,
  check: (replies: readonly RedisValue[]) => void = () => {},
): Promise<ActFigures> {
  const us: number[] = [];
  const commands: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const made = Array.from({ length: calls }, (_, call) => make(round * calls + call));
    let replies: readonly RedisValue[] = [];
    const work = await redis.work(async () => {
      replies = await redis.scripts(calls, (call) => made[call]!);
    });
    check(replies);
    us.push(usOf(work, calls) / calls);
    commands.push(billed(work, made) / calls);
  }
  // Now and then a call does upkeep for all others, which is no part of the act.
  return { us: spread(us), commands: spread(commands).min };
}

/** Runs acts until `next` has none. Redis must have learnt their scripts before. */
export async function measureOneByOne(
  redis: BenchRedis,
  next: (act: number) => ScriptCall | null | Promise<ScriptCall | null>,
): Promise<LongActFigures> {
  const us: number[] = [];
  const cpuUs: number[] = [];
  const commands: number[] = [];
  for (let act = 0;; act++) {
    const call = await next(act);
    if (!call) break;
    const work = await redis.work(() => redis.scripts(1, () => call));
    us.push(usOf(work, 1));
    cpuUs.push(work.cpuUs);
    commands.push(billed(work, [call]));
  }
  return {
    acts: us.length,
    commands: spread(commands).max,
    us: percentiles(us),
    cpuUs: percentiles(cpuUs),
  };
}

function percentiles(values: readonly number[]): Percentiles {
  const { median, max } = spread(values);
  const sorted = values.toSorted((a, b) => a - b);
  return { median, p99: sorted[Math.ceil(0.99 * sorted.length) - 1]!, longest: max };
}

function usOf({ commands }: Work, calls: number): number {
  const found = commands.get(SCRIPT);
  if (!found || found.calls !== calls) {
    throw new NothingMeasuredError(`Redis ran ${found?.calls} scripts, not ${calls}`);
  }
  return found.us;
}

/** A script to which the time is handed reads no clock. In production it does. */
function billed({ commands }: Work, made: readonly ScriptCall[]): number {
  const clocks = made.filter(({ args: [time] }) => time !== "").length;
  return [...commands.values()].reduce((sum, { calls }) => sum + calls, clocks);
}
