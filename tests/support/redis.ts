import { createRedisMock } from "js-redis-server";
import { redisIsInstalled, startRedisServer } from "../../src/tools/local_cloud/redis/server.ts";

export interface TestRedis {
  readonly hostname: string;
  readonly port: number;
  stop(): Promise<void>;
}

const REQUIRED = Deno.env.get("STANCHION_REQUIRE_REDIS") === "1";
/** Set once the run has said which Redis serves it. */
export const STAND_IN_NAMED = "STANCHION_STAND_IN_NAMED";
const REAL = REQUIRED || await redisIsInstalled();

/**
 * An empty Redis: the real one, or where it is not installed one that runs in this process, has
 * sorted sets of O(n) and cannot be killed. Throws `MissingProgramError` when
 * `STANCHION_REQUIRE_REDIS` is 1 and it is not installed.
 */
export async function startTestRedis(): Promise<TestRedis> {
  if (REAL) {
    const { port, stop } = await startRedisServer();
    return { hostname: "127.0.0.1", port, stop };
  }
  // The test files of one run share the environment of the process.
  if (!Deno.env.get(STAND_IN_NAMED)) {
    Deno.env.set(STAND_IN_NAMED, "1");
    console.log("Redis: js-redis-server stood in for redis-server, which is not installed");
  }
  const mock = await createRedisMock();
  return { hostname: mock.host, port: mock.port, stop: () => mock.close() };
}

/** A test of what only the real Redis does; left out when another one stood in for it. */
export function testOfRealRedis(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !REAL, fn });
}
