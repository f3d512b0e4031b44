import { BadRequestError, type HttpRequest, requestReader } from "./http_request.ts";

export interface Answer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection ends with it, and says so. */
  readonly last?: boolean;
  /** The body goes out byte by byte, this far apart. */
  readonly dripEveryMs?: number;
}

/** The connection ends without an answer. */
export const CUT = Symbol("cut");

export interface HttpServerParts {
  readonly hostname: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly longestBodyBytes: number;
  /** False ends every connection with its first answer. */
  readonly keepAlive?: boolean;
  handle(request: HttpRequest): Promise<Answer | typeof CUT>;
  /** The body that tells a client of a request that never reached `handle`. */
  errorBody(message: string): string;
}

const LAST = { last: true } as const;
const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/**
 * HTTP/1.1 over plain sockets: the servers of the runtime do not let a handler cut a connection,
 * and what clients do about a cut one is what the faults are there to find out.
 */
export function serveHttp({ hostname, port, ...parts }: HttpServerParts) {
  const listener = Deno.listen({ hostname, port });
  const connections = new Map<Deno.TcpConn, Promise<void>>();
  const closing = new AbortController();

  async function accept(): Promise<void> {
    for await (const conn of listener) {
      conn.setNoDelay(true);
      connections.set(conn, serveConnection(conn, parts, closing.signal));
      connections.get(conn)?.finally(() => connections.delete(conn));
    }
  }

  const accepting = accept();
  return {
    port: listener.addr.port,
    /** Cuts every connection, and resolves once no handler runs any more. */
    async close(): Promise<void> {
      if (closing.signal.aborted) return;
      closing.abort();
      listener.close();
      await accepting;
      for (const conn of connections.keys()) cut(conn);
      await Promise.all(connections.values());
    },
  };
}

/** Never throws: a client that has gone is nobody's fault. */
async function serveConnection(
  conn: Deno.TcpConn,
  { longestBodyBytes, keepAlive = true, handle, errorBody }: Omit<
    HttpServerParts,
    "hostname" | "port"
  >,
  closing: AbortSignal,
): Promise<void> {
  const write = (bytes: Uint8Array) => writeAll(conn, bytes);
  const reader = requestReader({ read: (chunk) => conn.read(chunk), write }, longestBodyBytes);
  try {
    for (;;) {
      const request = await reader.next();
      if (!request) return;
      const answer = await handle(request);
      if (answer === CUT) return;
      const stays = keepAlive && request.keepAlive;
      await send(write, stays ? answer : { ...answer, ...LAST }, closing);
      if (!stays) return;
    }
  } catch (error) {
    if (!(error instanceof BadRequestError)) return;
    const answer = { status: error.status, body: errorBody(error.message), ...LAST };
    await send(write, answer, closing).catch(() => {});
  } finally {
    cut(conn);
  }
}

const encoder = new TextEncoder();

type Write = (bytes: Uint8Array) => Promise<void>;

async function send(write: Write, answer: Answer, closing: AbortSignal): Promise<void> {
  const { body, dripEveryMs } = answer;
  const bytes = encoder.encode(body);
  const head = headOf(answer, bytes.length);
  // One write is the usual case: it is what the speed of the server hangs on.
  if (dripEveryMs === undefined && bytes.length === body.length) {
    return await write(encoder.encode(head + body));
  }
  await write(encoder.encode(head));
  if (dripEveryMs === undefined) return await write(bytes);
  for (let at = 0; at < bytes.length && !closing.aborted; at++) {
    await sleep(dripEveryMs, closing);
    await write(bytes.subarray(at, at + 1));
  }
}

function headOf({ status, headers = {}, last = false }: Answer, length: number): string {
  let head = `HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\n` +
    `content-type: application/json\r\ncontent-length: ${length}\r\n`;
  for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`;
  return last ? `${head}connection: close\r\n\r\n` : `${head}\r\n`;
}

async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
  });
}

function cut(conn: Deno.TcpConn): void {
  try {
    conn.close();
  } catch {
    // The other side, or `close()`, was first.
  }
}
