import { drawValue } from "../../src/adapters/node_crypto/draw_value.ts";
import type { QueueSettings } from "../../src/domain/queue.ts";
import type { QueueBounds } from "../../src/domain/queue_bounds.ts";
import type { RedisClient, Reply, ScriptCall } from "../../src/adapters/upstash/client.ts";
import { createQueueScripts } from "../../src/adapters/upstash/queue_scripts.ts";
import { upstashQueueStore } from "../../src/adapters/upstash/queue_store.ts";
import { createMakeScript } from "../../src/adapters/upstash/script.ts";
import type { QueueStore } from "../../src/ports/queue_store.ts";
import { type BenchRedis, openBenchRedis, type RedisValue } from "../bench/bench_redis.ts";
import { seededRandom } from "../support/random.ts";
import { type TestClock, testClock } from "../support/test_clock.ts";

export interface RedisWorld {
  readonly queue: QueueStore;
  readonly clock: TestClock;
  readonly redis: BenchRedis;
  readonly drawValue: typeof drawValue;
  close(): Promise<void>;
}

/** The real scripts on a real Redis, with a virtual clock. Calls of one moment travel together. */
export async function openRedisWorld(
  settings: QueueSettings,
  { seed = 1, bounds }: { readonly seed?: number; readonly bounds?: QueueBounds } = {},
): Promise<RedisWorld> {
  const redis = await openBenchRedis();
  const clock = testClock();
  const random = seededRandom(seed);
  const calls = createQueueScripts({
    settings,
    script: createMakeScript({ keyLocking: false }),
    keyLocking: false,
    prefix: "sale",
    random,
    time: clock,
    ...(bounds ? { bounds } : {}),
  });
  const reader = { ...settings, random, drawValue, onFront() {} };
  let ids = 0;
  const queue = upstashQueueStore({
    redis: batchingClient(redis),
    calls,
    newId: () => `epoch-${++ids}`,
    reader,
  });
  return { queue, clock, redis, drawValue, close: () => redis.close() };
}

/** Sends the calls of one turn of the event loop in one pipeline. */
function batchingClient(redis: BenchRedis): RedisClient {
  interface Pending {
    readonly call: ScriptCall;
    readonly resolve: (reply: Reply) => void;
    readonly reject: (error: unknown) => void;
  }
  let pending: Pending[] = [];

  async function flush(): Promise<void> {
    const sent = pending;
    pending = [];
    try {
      const replies = await redis.scripts(sent.length, (i) => sent[i]!.call);
      sent.forEach(({ resolve }, i) => resolve(replies[i] as Reply));
    } catch (error) {
      for (const { reject } of sent) reject(error);
    }
  }
  return {
    run(call) {
      return new Promise((resolve, reject) => {
        if (pending.length === 0) queueMicrotask(flush);
        pending.push({ call, resolve, reject });
      });
    },
    runWith() {
      throw new Error("a sale reads no cache");
    },
    command: async (...command) => await redis.command(...command) as RedisValue as Reply,
  };
}
