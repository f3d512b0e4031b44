import { freePort } from "../free_port.ts";
import { startSupervisedProcess, type SupervisedProcess } from "../processes/supervised_process.ts";
import { createRedisConnection } from "./connection.ts";

/** A program that is needed is not installed. The message says how to install it. */
export class MissingProgramError extends Error {
  override readonly name = "MissingProgramError";
}

export interface RedisServerOptions {
  /** For Redis's files, kept afterwards. When left out: a temporary one that ends with the server. */
  readonly folder?: string;
  /** A free one when left out. */
  readonly port?: number;
  /** Further arguments of redis-server. */
  readonly args?: readonly string[];
}

export interface RedisServer {
  readonly port: number;
  readonly pid: number;
  /** Lets Redis shut down. */
  stop(): Promise<void>;
  /** Ends Redis as a crash would: SIGKILL. */
  kill(): Promise<void>;
}

const PROGRAM = "redis-server";
const INSTALL = `${PROGRAM} is not installed. ` +
  "Debian and Ubuntu: apt-get install redis-server. macOS: brew install redis.";
const HOSTNAME = "127.0.0.1";
const START_DEADLINE_MS = 10_000;
const ASK_EVERY_MS = 5;

/**
 * A real Redis on loopback that persists nothing. It is up when this resolves. Throws
 * `MissingProgramError` without redis-server on the PATH, and an error with Redis's log when it
 * does not start.
 */
export async function startRedisServer(
  { folder, port = freePort(), args = [] }: RedisServerOptions = {},
): Promise<RedisServer> {
  if (!await redisIsInstalled()) throw new MissingProgramError(INSTALL);
  const ownFolder = folder === undefined
    ? await Deno.makeTempDir({ prefix: "stanchion-redis-" })
    : undefined;
  const redis = startSupervisedProcess({
    program: PROGRAM,
    args: [
      ...["--port", `${port}`, "--bind", HOSTNAME, "--dir", folder ?? ownFolder!],
      ...["--save", "", "--appendonly", "no", ...args],
    ],
    folder: ownFolder,
  });
  try {
    const pid = await redis.pid();
    await waitUntilUp(port, pid, redis);
    return { port, pid, stop: redis.stop, kill: redis.kill };
  } catch (cause) {
    await redis.stop();
    throw new Error(`Redis did not start on port ${port}:\n${redis.log()}`, { cause });
  }
}

/** Whether redis-server is on the PATH. */
export async function redisIsInstalled(): Promise<boolean> {
  try {
    return (await new Deno.Command(PROGRAM, { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function waitUntilUp(port: number, pid: number, redis: SupervisedProcess): Promise<void> {
  const connection = createRedisConnection({ hostname: HOSTNAME, port });
  const deadline = performance.now() + START_DEADLINE_MS;
  try {
    while (performance.now() < deadline) {
      if (redis.hasEnded()) throw new Error("it ended at once");
      const [ping, info] = await connection.send([["PING"], ["INFO", "server"]]).catch(() => []);
      if (ping === "PONG") {
        if (String(info).includes(`process_id:${pid}\r\n`)) return;
        throw new Error("another Redis has the port");
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
    throw new Error(`it was not up in ${START_DEADLINE_MS} ms`);
  } finally {
    connection.close();
  }
}
