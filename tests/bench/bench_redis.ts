import { Buffer } from "node:buffer";
import { ErrorReply } from "@redis/client";
import type { ScriptCall } from "../../src/adapters/upstash/client.ts";
import {
  createRedisConnection,
  type RedisReply,
} from "../../src/tools/local_cloud/redis/connection.ts";
import { startRedisServer } from "../../src/tools/local_cloud/redis/server.ts";
import { NothingMeasuredError } from "./measure.ts";

/** A reply as a plain value, integers as numbers. */
export type RedisValue = string | number | null | readonly RedisValue[];

/** Commands in flight at once, so that Redis does not wait for the client. */
const PIPELINED = 200;

/** What Redis did during an act. Commands that only measure are left out. */
export interface Work {
  /** By command, those inside scripts included, as `INFO commandstats` has it. */
  readonly commands: ReadonlyMap<string, { readonly calls: number; readonly us: number }>;
  /** Processor time of Redis's main thread, µs: a busy machine does not make it longer. */
  readonly cpuUs: number;
}

/** A real Redis of its own whose work is measured by Redis itself. */
export interface BenchRedis {
  /** Throws when the reply is an error. */
  command(...command: readonly string[]): Promise<RedisValue>;
  /** Makes `count` calls of one command, pipelined. Throws when a reply is an error. */
  commands(count: number, make: (call: number) => readonly string[]): Promise<RedisValue[]>;
  /** Makes `count` calls of scripts, pipelined. Throws when a reply is an error. */
  scripts(count: number, make: (call: number) => ScriptCall): Promise<RedisValue[]>;
  /** What Redis did during `act`. */
  work(act: () => Promise<unknown>): Promise<Work>;
  /**
   * Redis's own time of a command, µs a call, during `act`. Throws `NothingMeasuredError` unless
   * the command ran exactly `calls` times.
   */
  usPerCall(command: string, calls: number, act: () => Promise<unknown>): Promise<number>;
  /** `used_memory`, bytes. */
  usedMemory(): Promise<number>;
  close(): Promise<void>;
}

const CPU_SECONDS = /^used_cpu_(?:user|sys)_main_thread:([\d.]+)/gm;
const COMMAND_STATS = /^cmdstat_(\S+?):calls=(\d+),usec=(\d+)/gm;
const ONLY_MEASURES = /^(?:info|config|script)/;

/** Throws `MissingProgramError` without a redis-server. */
export async function openBenchRedis(): Promise<BenchRedis> {
  const server = await startRedisServer();
  const connection = createRedisConnection({ hostname: "127.0.0.1", port: server.port });
  const loaded = new Set<string>();

  async function send(commands: readonly (readonly string[])[]): Promise<RedisValue[]> {
    return (await connection.send(commands)).map(valueOf);
  }

  async function command(...words: readonly string[]): Promise<RedisValue> {
    const [reply] = await send([words]);
    return reply!;
  }

  async function pipelined(count: number, make: (call: number) => Promise<readonly string[]>) {
    const replies: RedisValue[] = [];
    for (let at = 0; at < count; at += PIPELINED) {
      const length = Math.min(PIPELINED, count - at);
      const group = await Promise.all(Array.from({ length }, (_, i) => make(at + i)));
      replies.push(...await send(group));
    }
    return replies;
  }

  async function evalsha({ script, keys, args }: ScriptCall): Promise<readonly string[]> {
    const sha1 = await script.sha1();
    if (!loaded.has(sha1)) {
      loaded.add(sha1);
      await command("SCRIPT", "LOAD", script.text);
    }
    return ["EVALSHA", sha1, String(keys.length), ...keys, ...args.map(String)];
  }

  async function work(act: () => Promise<unknown>): Promise<Work> {
    const cpuUs = async () => {
      const info = String(await command("INFO", "cpu"));
      return [...info.matchAll(CPU_SECONDS)].reduce((sum, [, of]) => sum + Number(of) * 1e6, 0);
    };
    await command("CONFIG", "RESETSTAT");
    const beforeUs = await cpuUs();
    await act();
    const stats = String(await command("INFO", "commandstats"));
    const found = [...stats.matchAll(COMMAND_STATS)].filter(([, name]) =>
      !ONLY_MEASURES.test(name!)
    );
    return {
      commands: new Map(
        found.map(([, name, calls, us]) => [name!, { calls: Number(calls), us: Number(us) }]),
      ),
      cpuUs: await cpuUs() - beforeUs,
    };
  }

  return {
    command,
    commands: (count, make) => pipelined(count, (call) => Promise.resolve(make(call))),
    scripts: (count, make) => pipelined(count, (call) => evalsha(make(call))),
    work,
    async usPerCall(name, calls, act) {
      const { calls: counted, us } = (await work(act)).commands.get(name) ?? { calls: 0, us: 0 };
      if (counted !== calls || calls === 0) {
        throw new NothingMeasuredError(`Redis ran ${name} ${counted} times, not ${calls}`);
      }
      return us / counted;
    },
    async usedMemory() {
      const memory = String(await command("INFO", "memory"));
      return Number(/used_memory:(\d+)/.exec(memory)![1]);
    },
    async close() {
      connection.close();
      await server.stop();
    },
  };
}

function valueOf(reply: RedisReply): RedisValue {
  if (reply === null) return null;
  if (reply instanceof ErrorReply) throw reply;
  if (Buffer.isBuffer(reply)) return reply.toString();
  // A string that is not in a buffer is an integer, or a status such as OK.
  if (typeof reply === "string") return /^-?\d+$/.test(reply) ? Number(reply) : reply;
  return reply.map(valueOf);
}
