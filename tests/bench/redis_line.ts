/**
 * The line in Redis: µs of Redis's own time per call, and bytes per waiting fan, by the number of
 * fans waiting. Beside it the bare command and the least script for a poll, the scan of the earlier
 * design, and a line of two cursors, in which nobody can leave or be missed: a ticket is taken by
 * INCR, and a fan's position is the ticket less the counter of those served.
 */
import type { ScriptCall } from "../../src/adapters/upstash/client.ts";
import { createQueueScripts } from "../../src/adapters/upstash/queue_scripts.ts";
import { createMakeScript } from "../../src/adapters/upstash/script.ts";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import type { PlaceRef, QueueSettings } from "../../src/domain/queue.ts";
import type { Rules } from "../../src/domain/room.ts";
import {
  createRedisConnection,
  type RedisConnection,
  type RedisReply,
} from "../../src/tools/local_cloud/redis/connection.ts";
import { startRedisServer } from "../../src/tools/local_cloud/redis/server.ts";
import { scattered, type Spread, spread } from "./measure.ts";

const ROUNDS = 5;
const CALLS = 2_000;
const SCANS = 2;
/** Commands on their way at once: Redis works without waiting for us. */
const PIPELINED = 200;

const SETTINGS: QueueSettings = { showUpMs: 60_000, waitingTtlMs: 21_600_000 };
const RULES: Rules = {
  version: 1,
  state: "OPEN",
  opensAtMs: null,
  capacity: 1_000,
  admissionsPerMinute: null,
  admissionTtlMs: 900_000,
  holdTtlMs: 300_000,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
  draw: null,
};

/** The least that tells a fan's position and keeps the admitted set: three commands in a script. */
const LEAST_POLL = `
local over = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, 256)
if #over > 0 then redis.call('ZREM', KEYS[2], unpack(over)) end
if redis.call('ZCARD', KEYS[2]) < 1000 then return 'free' end
return redis.call('ZRANK', KEYS[1], ARGV[2])`;

export interface RedisLineFigures {
  readonly waiting: number;
  /** Redis's own time, µs a call. */
  readonly us: {
    readonly join: Spread;
    readonly poll: Spread;
    readonly pollAdmitted: Spread;
    readonly leave: Spread;
    readonly leastPoll: Spread;
    /** ZRANK by itself. */
    readonly barePoll: Spread;
    readonly scan: Spread;
    readonly cursorJoin: Spread;
    readonly cursorPoll: Spread;
  };
  /** Of all the room's keys, a waiting fan: as MEMORY USAGE has it, and of used_memory. */
  readonly bytes: { readonly memoryUsage: number; readonly usedMemory: number };
}

/** Throws `MissingProgramError` without a redis-server. */
export async function measureRedisLine(sizes: readonly number[]): Promise<RedisLineFigures[]> {
  const server = await startRedisServer();
  const connection = createRedisConnection({ hostname: "127.0.0.1", port: server.port });
  try {
    const room = await openRoom(connection);
    const figures: RedisLineFigures[] = [];
    for (const size of sizes) figures.push(await room.measure(size));
    return figures;
  } finally {
    connection.close();
    await server.stop();
  }
}

async function openRoom(connection: RedisConnection) {
  const calls = createQueueScripts({
    settings: SETTINGS,
    script: createMakeScript({ keyLocking: false }),
    keyLocking: false,
    prefix: "bench",
  });
  const emptyBytes = await usedMemory(connection);
  const places: PlaceRef[] = [];
  const admitted: PlaceRef[] = [];
  let fans = 0;

  async function joinMany(count: number): Promise<PlaceRef[]> {
    const joined: PlaceRef[] = [];
    for (let at = 0; at < count; at += PIPELINED) {
      const group = Array.from(
        { length: Math.min(PIPELINED, count - at) },
        () => `${fans++}`.padStart(36, "fan-") as FanId,
      );
      const replies = await run(
        connection,
        await Promise.all(group.map((fan) => calls.join(MAIN_ROOM, fan, "epoch", null))),
      );
      replies.forEach((reply, i) => {
        const [, epoch, order] = items(reply).map(text);
        joined.push({ room: MAIN_ROOM, fan: group[i]!, order: Number(order), epoch: epoch! });
      });
    }
    return joined;
  }
  await run(connection, [await calls.applyRules(MAIN_ROOM, RULES)]);
  admitted.push(...await joinMany(RULES.capacity));

  async function usPerCall(count: number, call: (i: number) => Promise<ScriptCall>) {
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await send(connection, ["CONFIG", "RESETSTAT"]);
      for (let at = 0; at < count; at += PIPELINED) {
        const group = Array.from({ length: PIPELINED }, (_, i) => call(round * count + at + i));
        await run(connection, await Promise.all(group));
      }
      rounds.push(await usOf(connection, "evalsha"));
    }
    return spread(rounds);
  }

  return {
    async measure(size: number): Promise<RedisLineFigures> {
      for (const place of await joinMany(size - places.length)) places.push(place);
      const bytes = {
        memoryUsage: await memoryUsage(connection) / size,
        usedMemory: (await usedMemory(connection) - emptyBytes) / size,
      };
      const placeOf = (i: number) => places[scattered(i, size)]!;
      const poll = await usPerCall(CALLS, (i) => calls.status(placeOf(i)));
      const pollAdmitted = await usPerCall(
        CALLS,
        (i) => calls.status(admitted[i % admitted.length]!),
      );
      const joined: number[] = [];
      const left: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        await send(connection, ["CONFIG", "RESETSTAT"]);
        const fresh = await joinMany(CALLS);
        joined.push(await usOf(connection, "evalsha"));
        await send(connection, ["CONFIG", "RESETSTAT"]);
        for (let at = 0; at < CALLS; at += PIPELINED) {
          const group = fresh.slice(at, at + PIPELINED);
          await run(
            connection,
            await Promise.all(group.map((place) => calls.endPlaces(MAIN_ROOM, [place]))),
          );
        }
        left.push(await usOf(connection, "evalsha"));
      }
      const waiting = items(await send(connection, ["ZRANDMEMBER", WAITING, `${CALLS}`])).map(text);
      const least = await usOfEval(connection, CALLS, LEAST_POLL, (i) => [
        [WAITING, ADMITTED],
        ["0", waiting[i % waiting.length]!],
      ]);
      const barePoll = await usOfCommand(
        connection,
        (i) => ["ZRANK", WAITING, waiting[i % waiting.length]!],
      );
      return {
        waiting: size,
        us: {
          join: spread(joined),
          poll,
          pollAdmitted,
          leave: spread(left),
          leastPoll: least,
          barePoll,
          scan: await usOfScan(connection),
          cursorJoin: await usOfCommand(connection, () => ["INCR", "cursor:tickets"]),
          cursorPoll: await usOfCommand(connection, () => ["GET", "cursor:served"]),
        },
        bytes,
      };
    },
  };
}

async function usOfEval(
  connection: RedisConnection,
  count: number,
  script: string,
  of: (i: number) => [keys: string[], args: string[]],
): Promise<Spread> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await send(connection, ["CONFIG", "RESETSTAT"]);
    for (let at = 0; at < count; at += PIPELINED) {
      await connection.send(Array.from({ length: PIPELINED }, (_, i) => {
        const [keys, args] = of(at + i);
        return ["EVAL", script, String(keys.length), ...keys, ...args];
      }));
    }
    rounds.push(await usOf(connection, "eval"));
  }
  return spread(rounds);
}

async function usOfCommand(
  connection: RedisConnection,
  of: (i: number) => [name: string, ...args: string[]],
): Promise<Spread> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await send(connection, ["CONFIG", "RESETSTAT"]);
    for (let at = 0; at < CALLS; at += PIPELINED) {
      await connection.send(Array.from({ length: PIPELINED }, (_, i) => of(at + i)));
    }
    rounds.push(await usOf(connection, of(0)[0].toLowerCase()));
  }
  return spread(rounds);
}

/** What the earlier design did on each call: all members, one of which is the fan's. */
async function usOfScan(connection: RedisConnection): Promise<Spread> {
  const all = "return #redis.call('ZRANGE', KEYS[1], 0, -1)";
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await send(connection, ["CONFIG", "RESETSTAT"]);
    for (let scan = 0; scan < SCANS; scan++) await send(connection, ["EVAL", all, "1", WAITING]);
    rounds.push(await usOf(connection, "zrange"));
  }
  return spread(rounds);
}

const WAITING = "bench:line:v1:{main}:waiting";
const ADMITTED = "bench:line:v1:{main}:admitted";

async function run(
  connection: RedisConnection,
  calls: readonly ScriptCall[],
): Promise<RedisReply[]> {
  const commands = await Promise.all(calls.map(async ({ script, keys, args }) => [
    "EVALSHA",
    await script.sha1(),
    String(keys.length),
    ...keys,
    ...args.map(String),
  ]));
  const replies = [...await connection.send(commands)];
  const unknown = replies.some((reply) =>
    reply instanceof Error && /^NOSCRIPT/.test(reply.message)
  );
  if (unknown) {
    await send(connection, ["SCRIPT", "LOAD", calls[0]!.script.text]);
    return await run(connection, calls);
  }
  const failed = replies.find((reply) => reply instanceof Error);
  if (failed) throw failed;
  return replies;
}

async function send(connection: RedisConnection, command: readonly string[]): Promise<RedisReply> {
  const [reply] = await connection.send([command]);
  if (reply instanceof Error) throw reply;
  return reply!;
}

async function usOf(connection: RedisConnection, command: string): Promise<number> {
  const stats = text(await send(connection, ["INFO", "commandstats"]));
  return Number(new RegExp(`cmdstat_${command}:.*?usec_per_call=([\\d.]+)`).exec(stats)![1]);
}

async function usedMemory(connection: RedisConnection): Promise<number> {
  const memory = text(await send(connection, ["INFO", "memory"]));
  return Number(/used_memory:(\d+)/.exec(memory)![1]);
}

async function memoryUsage(connection: RedisConnection): Promise<number> {
  let bytes = 0;
  for (const key of items(await send(connection, ["KEYS", "bench:*"])).map(text)) {
    bytes += Number(text(await send(connection, ["MEMORY", "USAGE", key, "SAMPLES", "0"])));
  }
  return bytes;
}

function items(reply: RedisReply): readonly RedisReply[] {
  if (!Array.isArray(reply)) throw new Error(`not an array: ${reply}`);
  return reply;
}

function text(reply: RedisReply): string {
  if (reply === null || Array.isArray(reply)) throw new Error(`not a text: ${reply}`);
  return String(reply);
}
