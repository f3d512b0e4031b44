import { encodeCommand, type Reply, respParser } from "./resp.ts";

/** Redis does not answer; the command may or may not have run. */
export class RedisUnavailableError extends Error {
  override readonly name = "RedisAwayError";
}

export interface RedisAddress {
  readonly hostname: string;
  readonly port: number;
}

export interface RedisConnectionOptions extends RedisAddress {
  readonly connectTimeoutMs?: number;
  /** Longer without a reply, and the socket counts as broken. */
  readonly replyTimeoutMs?: number;
}

export interface RedisConnection {
  /**
   * Sends the commands in one piece, so that nothing of another caller comes between them, and
   * gives their replies. Throws `RedisAwayError`, at once when Redis refuses the connection.
   */
  send(commands: readonly (readonly string[])[]): Promise<readonly Reply[]>;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 1000;
const REPLY_TIMEOUT_MS = 5000;
const READ_BYTES = 65_536;

/**
 * One socket to Redis for any number of callers: replies come in the order of the commands. It is
 * opened by the first command, and again by the first one after it broke.
 */
export function createRedisConnection(
  {
    hostname,
    port,
    connectTimeoutMs = CONNECT_TIMEOUT_MS,
    replyTimeoutMs = REPLY_TIMEOUT_MS,
  }: RedisConnectionOptions,
): RedisConnection {
  let socket: Promise<RedisSocket> | undefined;
  let closed = false;

  async function open(): Promise<RedisSocket> {
    const attempt = new AbortController();
    const tooLate = setTimeout(() => attempt.abort(), connectTimeoutMs);
    try {
      const conn = await Deno.connect({ hostname, port, signal: attempt.signal });
      conn.setNoDelay(true);
      return redisSocket(conn, replyTimeoutMs, () => socket = undefined);
    } catch (cause) {
      throw new RedisUnavailableError(`Redis takes no connection on ${hostname}:${port}`, {
        cause,
      });
    } finally {
      clearTimeout(tooLate);
    }
  }

  return {
    async send(commands) {
      if (closed) throw new RedisUnavailableError("the connection was closed");
      const opening = socket ??= open();
      let current: RedisSocket;
      try {
        current = await opening;
      } catch (error) {
        if (socket === opening) socket = undefined;
        throw error;
      }
      return await current.send(commands);
    },
    close() {
      closed = true;
      // An attempt that failed has told its own callers.
      socket?.then(
        ({ fail }) => fail(new RedisUnavailableError("the connection was closed")),
        () => {},
      );
    },
  };
}

interface Waiting {
  readonly replies: Reply[];
  readonly count: number;
  readonly sentAtMs: number;
  resolve(replies: readonly Reply[]): void;
  reject(reason: RedisUnavailableError): void;
}

type RedisSocket = ReturnType<typeof redisSocket>;

function redisSocket(conn: Deno.TcpConn, replyTimeoutMs: number, onEnd: () => void) {
  const encoder = new TextEncoder();
  const waiting = fifo<Waiting>();
  let unsent = "";
  let writing = false;
  let broken: RedisUnavailableError | undefined;
  let watch: ReturnType<typeof setTimeout> | undefined;

  function fail(reason: RedisUnavailableError): void {
    if (broken) return;
    broken = reason;
    stopWatch();
    onEnd();
    conn.close();
    for (let next = waiting.shift(); next; next = waiting.shift()) next.reject(reason);
  }

  /** Everything that was asked while the last write was under way leaves as one write. */
  async function flush(): Promise<void> {
    while (unsent && !broken) {
      const bytes = encoder.encode(unsent);
      unsent = "";
      for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
    }
    writing = false;
  }

  async function read(): Promise<void> {
    const parser = respParser();
    const chunk = new Uint8Array(READ_BYTES);
    for (let count = await conn.read(chunk); count !== null; count = await conn.read(chunk)) {
      for (const reply of parser.push(chunk.subarray(0, count))) take(reply);
    }
    throw new Error("Redis closed the connection");
  }

  function take(reply: Reply): void {
    const first = waiting.peek();
    if (!first) throw new Error("a reply that nobody asked for");
    first.replies.push(reply);
    if (first.replies.length < first.count) return;
    waiting.shift();
    first.resolve(first.replies);
    if (!waiting.peek()) stopWatch();
  }

  /** One timer for all: it looks at the oldest command when that one's time could be up. */
  function watchFor(ms: number): void {
    watch = setTimeout(() => {
      const oldestMs = performance.now() - (waiting.peek()?.sentAtMs ?? Infinity);
      if (oldestMs < replyTimeoutMs) watchFor(Math.ceil(replyTimeoutMs - oldestMs));
      else fail(new RedisUnavailableError(`Redis gave no reply in ${replyTimeoutMs} ms`));
    }, ms);
  }

  function stopWatch(): void {
    clearTimeout(watch);
    watch = undefined;
  }

  const lost = (cause: unknown) =>
    fail(new RedisUnavailableError("lost the connection", { cause }));
  read().catch(lost);

  return {
    fail,
    send(commands: readonly (readonly string[])[]): Promise<readonly Reply[]> {
      if (broken) return Promise.reject(broken);
      if (commands.length === 0) return Promise.resolve([]);
      for (const command of commands) unsent += encodeCommand(command);
      if (!writing) {
        writing = true;
        queueMicrotask(() => flush().catch(lost));
      }
      if (watch === undefined) watchFor(replyTimeoutMs);
      return new Promise((resolve, reject) => {
        const sentAtMs = performance.now();
        waiting.push({ replies: [], count: commands.length, sentAtMs, resolve, reject });
      });
    },
  };
}

/** `Array.shift` moves every item that stays; thousands may wait here. */
function fifo<Item>() {
  let front: Item[] = [];
  let back: Item[] = [];
  function turn(): void {
    if (front.length > 0 || back.length === 0) return;
    front = back.reverse();
    back = [];
  }
  return {
    push: (item: Item) => void back.push(item),
    peek(): Item | undefined {
      turn();
      return front.at(-1);
    },
    shift(): Item | undefined {
      turn();
      return front.pop();
    },
  };
}
