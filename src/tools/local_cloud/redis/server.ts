import { freePort } from "../free_port.ts";
import { startSupervisedProcess, type SupervisedProcess } from "../processes/supervised_process.ts";
import { createRedisConnection } from "./connection.ts";

/** A program that this machine needs is not installed; the message says how to get it. */
export class MissingProgramError extends Error {
  override readonly name = "MissingProgramError";
}

export interface RedisServerOptions {
  /** Of Redis's files, kept afterwards; a temporary one that goes with the server when left out. */
  readonly folder?: string;
  /** A free one when left out. */
  readonly port?: number;
  /** Further arguments of redis-server. */
  readonly args?: readonly string[];
}

export interface RedisServer {
  readonly port: number;
  readonly pid: number;
  /** Lets Redis end in order. */
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
 * A real Redis on loopback that keeps nothing, up when this resolves. Throws
 * `MissingProgramError` without redis-server on the PATH, and an error with Redis's own words
 * when it does not start.
 */
export async function startRedisServer(
  { folder, port = freePort(), args = [] }: RedisServerOptions = {},
): Promise<RedisServer> {
  if (!await redisIsInstalled()) throw new MissingProgramError(INSTALL);
  const ownFolder = folder === undefined
    ? await Deno.makeTempDir({ prefix: "stanchion-redis-" })
    : undefined;
  const kept = startSupervisedProcess({
    program: PROGRAM,
    args: [
      ...["--port", `${port}`, "--bind", HOSTNAME, "--dir", folder ?? ownFolder!],
      ...["--save", "", "--appendonly", "no", ...args],
    ],
    folder: ownFolder,
  });
  try {
    const pid = await kept.pid();
    await untilUp(port, pid, kept);
    return { port, pid, stop: kept.stop, kill: kept.kill };
  } catch (cause) {
    await kept.stop();
    throw new Error(`Redis did not start on port ${port}:\n${kept.log()}`, { cause });
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

async function untilUp(port: number, pid: number, kept: SupervisedProcess): Promise<void> {
  const connection = createRedisConnection({ hostname: HOSTNAME, port });
  const deadline = performance.now() + START_DEADLINE_MS;
  try {
    while (performance.now() < deadline) {
      if (kept.hasEnded()) throw new Error("it ended at once");
      const [ping, info] = await connection.send([["PING"], ["INFO", "server"]]).catch(() => []);
      if (ping?.kind === "simple" && info?.kind === "bulk") {
        if (new TextDecoder().decode(info.bytes).includes(`process_id:${pid}\r\n`)) return;
        throw new Error("another Redis has the port");
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
    throw new Error(`it was not up in ${START_DEADLINE_MS} ms`);
  } finally {
    connection.close();
  }
}
