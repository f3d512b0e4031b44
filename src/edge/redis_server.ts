import { freePort } from "./free_port.ts";
import { redisConnection } from "./redis_connection.ts";

/** A program that this machine needs is not installed; the message says how to get it. */
export class MissingProgramError extends Error {
  override readonly name = "MissingProgramError";
}

export interface RedisServerParts {
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
/** Of what Redis says before it is up, for the error if it never is. */
const LOG_CHARACTERS = 4000;

/**
 * Starts the program, tells its pid, and ends it when its own input ends: that is when we close
 * it, and when we are gone, however that came about. A Redis that somebody has paused goes on, or
 * it would never hear of its end. `$0` is the folder to remove, if any.
 */
const KEEPER = `"$@" 2>&1 & pid=$!
echo "$pid"; exec >/dev/null; cat
kill "$pid"; kill -CONT "$pid"; wait "$pid"
[ -z "$0" ] || rm -rf "$0"`;

/**
 * A real Redis on loopback that keeps nothing, up when this resolves. Throws
 * `MissingProgramError` without redis-server on the PATH, and an error with Redis's own words
 * when it does not start.
 */
export async function startRedis(
  { folder, port = freePort(), args = [] }: RedisServerParts = {},
): Promise<RedisServer> {
  if (!await redisIsInstalled()) throw new MissingProgramError(INSTALL);
  const ownFolder = folder === undefined
    ? await Deno.makeTempDir({ prefix: "stanchion-redis-" })
    : undefined;
  const settings = ["--port", `${port}`, "--bind", HOSTNAME, "--dir", folder ?? ownFolder!];
  const keeper = new Deno.Command("sh", {
    args: [
      ...["-c", KEEPER, ownFolder ?? ""],
      ...[PROGRAM, ...settings, "--save", "", "--appendonly", "no", ...args],
    ],
    // A group of its own: Ctrl-C in our terminal must not end Redis before we have closed.
    detached: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const output = readOutput(keeper.stdout);

  let ended: Promise<void> | undefined;
  async function end(): Promise<void> {
    await keeper.stdin.close();
    await keeper.status;
    await output.done;
  }
  const stop = () => ended ??= end();
  try {
    const pid = Number(await output.firstLine);
    await untilUp(port, pid, output);
    return {
      port,
      pid,
      stop,
      kill() {
        // Once it was stopped the pid may be anybody's.
        if (!ended) Deno.kill(pid, "SIGKILL");
        return stop();
      },
    };
  } catch (cause) {
    await stop();
    throw new Error(`Redis did not start on port ${port}:\n${output.log()}`, { cause });
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

type Output = ReturnType<typeof readOutput>;

/** Reads to the end, so that Redis never waits for a reader: its end is also the end of Redis. */
function readOutput(stream: ReadableStream<Uint8Array>) {
  const firstLine = Promise.withResolvers<string>();
  let text = "";
  let ended = false;
  const done = (async () => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      if (text.length < LOG_CHARACTERS) text += part;
      const [line, rest] = text.split("\n", 2);
      if (rest !== undefined) firstLine.resolve(line!);
    }
    ended = true;
    firstLine.reject(new Error("no pid was told"));
  })();
  return { firstLine: firstLine.promise, done, ended: () => ended, log: () => text };
}

async function untilUp(port: number, pid: number, output: Output): Promise<void> {
  const connection = redisConnection({ hostname: HOSTNAME, port });
  const deadline = performance.now() + START_DEADLINE_MS;
  try {
    while (performance.now() < deadline) {
      if (output.ended()) throw new Error("it ended at once");
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
