import { Buffer } from "node:buffer";
import { ErrorReply } from "@redis/client";
import type { RedisClient, Reply, ScriptCall } from "../../src/adapters/upstash/client.ts";
import {
  createRedisConnection,
  type RedisReply,
} from "../../src/tools/local_cloud/redis/connection.ts";

/** A client over a socket, for tests that make so many calls that HTTP would take most of the time. */
export interface DirectRedis extends RedisClient {
  close(): void;
}

export function directRedis(
  { hostname, port }: { readonly hostname: string; readonly port: number },
): DirectRedis {
  const connection = createRedisConnection({ hostname, port });
  const loaded = new Set<string>();

  async function send(...commands: readonly (readonly string[])[]): Promise<Reply> {
    return valueOf((await connection.send(commands)).at(-1)!);
  }

  return {
    async run({ script, keys, args }: ScriptCall) {
      const sha1 = await script.sha1();
      const call = ["EVALSHA", sha1, String(keys.length), ...keys, ...args.map(String)];
      if (loaded.has(sha1)) return await send(call);
      loaded.add(sha1);
      return await send(["SCRIPT", "LOAD", script.text], call);
    },
    runWith() {
      throw new Error("no test of this client reads a cache");
    },
    command: (...command) => send(command),
    close: () => connection.close(),
  };
}

/** As the SDK gives replies: integers as numbers. Throws when the reply is an error. */
function valueOf(reply: RedisReply): Reply {
  if (reply === null) return null;
  if (reply instanceof ErrorReply) throw reply;
  if (Buffer.isBuffer(reply)) return reply.toString();
  // A string that is not in a buffer is an integer, or a status such as OK.
  if (typeof reply === "string") return /^-?\d+$/.test(reply) ? Number(reply) : reply;
  return reply.map(valueOf);
}
