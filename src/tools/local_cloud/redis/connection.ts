import { Buffer } from "node:buffer";
import { createClient, ErrorReply, RESP_TYPES } from "@redis/client";

/** Redis does not answer; the command may or may not have run. */
export class RedisUnavailableError extends Error {
  override readonly name = "RedisUnavailableError";
}

/**
 * A reply of RESP2 by its type: null, a bulk string as its bytes, a simple string as text, an
 * integer as its digits, since 64 bits do not fit a number. A simple string of digits alone, which
 * only a script can answer, is not distinguished from an integer.
 */
export type RedisReply = null | Buffer | string | ErrorReply | readonly RedisReply[];

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
   * Sends the commands one after another with nothing of another caller between them, and returns
   * their replies. Throws `RedisUnavailableError`, at once when Redis refuses the connection.
   */
  send(commands: readonly (readonly string[])[]): Promise<readonly RedisReply[]>;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 1000;
const REPLY_TIMEOUT_MS = 5000;

interface Exchange {
  readonly client: Client;
  readonly sentAtMs: number;
}

/**
 * One socket to Redis for any number of callers. Three things are done here because
 * `@redis/client` has no setting for them. A broken socket is opened again by the next command:
 * the client itself would keep commands and reconnect in the background. A reply has a time limit:
 * the client's limits cover the wait before sending, or the whole idle socket. An error is a reply,
 * so that the others of a pipeline arrive.
 */
export function createRedisConnection(options: RedisConnectionOptions): RedisConnection {
  const { replyTimeoutMs = REPLY_TIMEOUT_MS } = options;
  let current: Promise<Client> | undefined;
  let closed = false;
  /** Oldest first. */
  const exchanges = new Set<Exchange>();
  let watch: ReturnType<typeof setTimeout> | undefined;
  let silentClient: Client | undefined;

  function assertOpen(): void {
    if (closed) throw new RedisUnavailableError("the connection was closed");
  }

  function open(): Promise<Client> {
    const opening = connect(options, () => {
      if (current === opening) current = undefined;
    });
    return opening;
  }

  /** One timer for all exchanges: a timer for each costs about 6 µs of CPU. */
  function watchFor(ms: number): void {
    watch = setTimeout(() => {
      watch = undefined;
      const [oldest] = exchanges;
      if (!oldest) return;
      const leftMs = oldest.sentAtMs + replyTimeoutMs - performance.now();
      if (leftMs > 0) return watchFor(leftMs);
      silentClient = oldest.client;
      oldest.client.destroy();
    }, ms);
  }

  return {
    async send(commands) {
      assertOpen();
      const client = await (current ??= open());
      assertOpen();
      const exchange = { client, sentAtMs: performance.now() };
      exchanges.add(exchange);
      if (watch === undefined) watchFor(replyTimeoutMs);
      try {
        return await Promise.all(
          commands.map((command) => client.sendCommand<RedisReply>(command).catch(errorReply)),
        );
      } catch (cause) {
        const message = client === silentClient
          ? `Redis gave no reply in ${replyTimeoutMs} ms`
          : "lost the connection";
        throw new RedisUnavailableError(message, { cause });
      } finally {
        exchanges.delete(exchange);
      }
    },
    close() {
      closed = true;
      clearTimeout(watch);
      // Callers of a failed attempt have its error already.
      current?.then((client) => client.destroy(), () => {});
    },
  };
}

type Client = ReturnType<typeof newClient>;

function newClient(
  { hostname, port, connectTimeoutMs = CONNECT_TIMEOUT_MS }: RedisConnectionOptions,
) {
  return createClient({
    RESP: 2,
    disableClientInfo: true,
    maintNotifications: "disabled",
    socket: { host: hostname, port, connectTimeout: connectTimeoutMs, reconnectStrategy: false },
    commandOptions: {
      timeout: 0,
      typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.NUMBER]: String },
    },
  });
}

/** `onEnd` is called before the callers of a broken socket get their errors. */
async function connect(options: RedisConnectionOptions, onEnd: () => void): Promise<Client> {
  const client = newClient(options);
  client.on("error", () => {
    onEnd();
    // After a reply that is not RESP the socket is still open.
    client.destroy();
  });
  client.on("end", onEnd);
  try {
    await client.connect();
    return client;
  } catch (cause) {
    onEnd();
    const { hostname, port } = options;
    const message = `Redis takes no connection on ${hostname}:${port}`;
    throw new RedisUnavailableError(message, { cause });
  }
}

function errorReply(error: unknown): ErrorReply {
  if (error instanceof ErrorReply) return error;
  throw error;
}
