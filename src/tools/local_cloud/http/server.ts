import { Buffer } from "node:buffer";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface HttpRequest {
  readonly method: string;
  /** With the query, if any. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body is sent byte by byte, with this many ms between two bytes. */
  readonly dripEveryMs?: number;
}

/** The end of a connection without an answer: `cut` sends a FIN, `reset` sends a RST. */
export type Disconnect = "cut" | "reset";

export interface HttpServerOptions {
  readonly hostname: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly maxBodyBytes: number;
  /** False ends every connection with its first answer. */
  readonly keepAlive?: boolean;
  /** An error that it throws is answered with 500, and ends the connection. */
  handle(request: HttpRequest): Promise<HttpAnswer | Disconnect>;
  /** The body of the answer to a request that `handle` does not answer. Must not throw. */
  errorBody(message: string): string;
}

export interface HttpServer {
  readonly port: number;
  /** Cuts every connection, and resolves once no handler runs any more. */
  close(): Promise<void>;
}

const MAX_HEAD_BYTES = 65_536;
/** A larger body is read to its end up to here, so that its sender reads the answer. */
const MAX_DISCARDED_BYTES = 67_108_864;
/** `node:http`'s own limits are off: a client may be slow, and keeps its connection. */
const NO_TIMEOUTS = { headersTimeout: 0, keepAliveTimeout: 0, requestTimeout: 0 };

/** An HTTP/1.1 server whose handler sees whole requests, and may end a connection instead. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { hostname, port, errorBody } = options;
  const running = new Set<Promise<void>>();
  const closing = new AbortController();
  const server = createServer(
    { ...NO_TIMEOUTS, noDelay: true, maxHeaderSize: MAX_HEAD_BYTES },
    (message, response) => {
      const exchange = serveExchange(message, response, options, closing.signal)
        .finally(() => running.delete(exchange));
      running.add(exchange);
    },
  );
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable) return;
    const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
    socket.end(rawAnswer(status, errorBody(STATUS_CODES[status]!)));
  });
  await listen(server, port, hostname);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await Promise.all(running);
    },
  };
}

function listen(server: Server, port: number, hostname: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Never throws. A client that ends its connection early is no error of the server. */
async function serveExchange(
  message: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
  closing: AbortSignal,
): Promise<void> {
  try {
    await answerExchange(message, response, options, closing);
  } catch (error) {
    if (response.headersSent) return void message.socket.destroy();
    const body = options.errorBody(error instanceof Error ? error.message : "");
    await send(response, { status: 500, body }, { isLast: true, closing });
  }
}

async function answerExchange(
  message: IncomingMessage,
  response: ServerResponse,
  { maxBodyBytes, keepAlive = true, handle, errorBody }: HttpServerOptions,
  closing: AbortSignal,
): Promise<void> {
  const body = await readBody(message, maxBodyBytes);
  if (body === null) return;
  if (body === TOO_LARGE) {
    const tooLarge = errorBody(`the body has more than ${maxBodyBytes} bytes`);
    return await send(response, { status: 413, body: tooLarge }, { isLast: true, closing });
  }
  const { method = "", url: path = "" } = message;
  const headers = message.headers as HttpRequest["headers"];
  const answer = await handle({ method, path, headers, body });
  if (answer === "cut") return void message.socket.destroy();
  if (answer === "reset") return void message.socket.resetAndDestroy();
  await send(response, answer, { isLast: !keepAlive, closing });
}

const TOO_LARGE = Symbol("too large");

/** The body as text; null when the client goes away before its end. */
function readBody(
  message: IncomingMessage,
  maxBytes: number,
): Promise<string | typeof TOO_LARGE | null> {
  return new Promise((resolve) => {
    if (Number(message.headers["content-length"]) > MAX_DISCARDED_BYTES) return resolve(TOO_LARGE);
    const chunks: Buffer[] = [];
    let bytes = 0;
    message.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      if (bytes > MAX_DISCARDED_BYTES) resolve(TOO_LARGE);
    });
    message.on("end", () => {
      if (bytes > maxBytes) return resolve(TOO_LARGE);
      resolve((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString());
    });
    message.on("close", () => resolve(null));
  });
}

interface Sending {
  /** The connection ends with this answer. */
  readonly isLast: boolean;
  readonly closing: AbortSignal;
}

async function send(
  response: ServerResponse,
  { status, body, headers, dripEveryMs }: HttpAnswer,
  { isLast, closing }: Sending,
): Promise<void> {
  if (response.destroyed) return;
  response.sendDate = false;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...headers,
    ...(isLast ? { connection: "close" } : {}),
  });
  if (dripEveryMs === undefined) return void response.end(body);
  response.flushHeaders();
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const signal = AbortSignal.any([closing, gone.signal]);
  try {
    for (const byte of Buffer.from(body)) {
      await sleep(dripEveryMs, undefined, { signal });
      response.write(Buffer.of(byte));
    }
    response.end();
  } catch {
    // Nobody reads the rest.
  }
}

/** For a connection on which `node:http` could not parse a request, so that it has no response. */
function rawAnswer(status: number, body: string): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\n` +
    `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
}
