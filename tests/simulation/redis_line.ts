import { drawValue } from "../../src/adapters/node_crypto/draw_value.ts";
import { upstashAdmissionCheck } from "../../src/adapters/upstash/admission_check.ts";
import { upstashCache } from "../../src/adapters/upstash/cache.ts";
import type { RedisClient, Reply, ScriptCall } from "../../src/adapters/upstash/client.ts";
import { createQueueScripts } from "../../src/adapters/upstash/queue_scripts.ts";
import { upstashQueueStore } from "../../src/adapters/upstash/queue_store.ts";
import {
  createMakeScript,
  type MakeScript,
  type Script,
} from "../../src/adapters/upstash/script.ts";
import {
  createRedisConnection,
  type RedisConnection,
} from "../../src/tools/local_cloud/redis/connection.ts";
import { startRedisServer } from "../../src/tools/local_cloud/redis/server.ts";
import type { Line, LineOptions } from "./line.ts";
import { openRedisPipeline, type RedisPipeline } from "./redis_pipeline.ts";
import { MEASURING, type Traffic } from "./traffic.ts";

const PREFIX = "sale";

/** What Redis itself knows of a sale. */
export interface RedisUse {
  /** The calls of each command by what they were for. */
  readonly calls: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly memoryBytes: number;
  /** To and from Redis. */
  readonly trafficBytes: number;
  /** Processor time of Redis. */
  readonly cpuSeconds: number;
}

export interface RedisLine extends Line {
  use(): Promise<RedisUse>;
}

/** The real scripts on a real Redis. Throws `MissingProgramError` without a redis-server. */
export async function openRedisLine(options: LineOptions): Promise<RedisLine> {
  const { settings, clock, random, traffic } = options;
  const server = await startRedisServer();
  const pipeline = await openRedisPipeline({
    port: server.port,
    onRan: (group, ran) => traffic.ran(group as typeof MEASURING, ran),
  });
  const connection = createRedisConnection({ hostname: "127.0.0.1", port: server.port });
  const redis = createPipelinedClient(pipeline, connection, traffic);
  const script = withClockReads(createMakeScript({ keyLocking: false }));
  const calls = createQueueScripts({
    settings,
    script,
    keyLocking: false,
    prefix: PREFIX,
    random,
    time: clock,
  });
  const cache = upstashCache({ redis, script, prefix: PREFIX, time: clock });
  let ids = 0;
  const newId = () => `epoch-${++ids}`;
  const report = ({ error }: { error: unknown }) => {
    throw error;
  };

  async function info(section: string): Promise<string> {
    return String((await connection.send([["INFO", section]]))[0]);
  }
  return {
    stores(onFront) {
      const reader = { waitingTtlMs: settings.waitingTtlMs, random, drawValue, onFront };
      const shared = { redis, calls, reader, prefix: PREFIX, report };
      return {
        cache,
        queue: upstashQueueStore({ redis, calls, newId, reader }),
        admissionCheck: upstashAdmissionCheck({ ...shared, script }),
      };
    },
    flush: pipeline.flush,
    sleep: pipeline.idle,
    async use() {
      const [memory, stats, cpu] = [await info("memory"), await info("stats"), await info("cpu")];
      return {
        calls: pipeline.calls,
        memoryBytes: figure(memory, "used_memory_peak"),
        trafficBytes: figure(stats, "total_net_input_bytes") +
          figure(stats, "total_net_output_bytes") - pipeline.ownBytes,
        cpuSeconds: figure(cpu, "used_cpu_user") + figure(cpu, "used_cpu_sys"),
      };
    },
    async close() {
      pipeline.close();
      connection.close();
      await server.stop();
    },
  };
}

function figure(info: string, name: string): number {
  return Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(info)![1]);
}

/**
 * In production every script reads the clock of Redis. Here the time comes in as an argument, so
 * the scripts read the clock too: they run as many commands.
 */
function withClockReads(script: MakeScript): MakeScript {
  return (...parts) => {
    const readsClock = parts.some((part) => part.includes("'TIME'"));
    return script(...readsClock ? ["redis.call('TIME')"] : [], ...parts);
  };
}

/** Calls of one turn of the event loop travel together. */
function createPipelinedClient(
  pipeline: RedisPipeline,
  connection: RedisConnection,
  traffic: Traffic,
): RedisClient {
  const loaded = new Map<Script, string>();

  async function load(script: Script): Promise<void> {
    await connection.send([["SCRIPT", "LOAD", script.text]]);
    loaded.set(script, await script.sha1());
  }
  function evalsha({ script, keys, args }: ScriptCall): readonly string[] {
    return ["EVALSHA", loaded.get(script)!, String(keys.length), ...keys, ...args.map(String)];
  }
  async function send(kind: string, ...commands: readonly string[][]) {
    return await pipeline.send(kind, commands);
  }
  function valueOf(reply: Reply | Error | undefined): Reply {
    if (reply instanceof Error) throw reply;
    return reply ?? null;
  }
  return {
    async run(call) {
      const { kind } = traffic;
      if (!loaded.has(call.script)) await load(call.script);
      return valueOf((await send(kind, [...evalsha(call)]))[0]);
    },
    async runWith(call, companion) {
      const { kind } = traffic;
      for (const each of [call, companion]) {
        if ("script" in each && !loaded.has(each.script)) await load(each.script);
      }
      const second = "get" in companion ? ["GET", companion.get] : [...evalsha(companion)];
      const [reply, other] = await send(kind, [...evalsha(call)], second);
      return { reply: valueOf(reply), companion: other ?? null };
    },
    async command(...command) {
      return valueOf((await send(traffic.kind, [...command]))[0]);
    },
  };
}
