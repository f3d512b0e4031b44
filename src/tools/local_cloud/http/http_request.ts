import { byteQueue } from "./byte_queue.ts";

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly keepAlive: boolean;
}

/** The client sent what cannot be answered otherwise; the connection ends with the answer. */
export class BadRequestError extends Error {
  override readonly name = "BadRequestError";
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

export interface RequestSource {
  /** Bytes into `chunk`, or null at the end. */
  read(chunk: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<void>;
}

const LONGEST_HEAD_BYTES = 65_536;
const LONGEST_CHUNK_LINE_BYTES = 1024;
/** A body above the limit is read to its end up to here, for the answer to reach its sender. */
const MOST_SWALLOWED_BYTES = 67_108_864;
const READ_BYTES = 65_536;
const CR = 13;
const LF = 10;
const CONTINUE = new TextEncoder().encode("HTTP/1.1 100 Continue\r\n\r\n");
const utf8 = new TextDecoder();
const latin1 = new TextDecoder("latin1");

/** Reads the requests of one HTTP/1.1 connection; null at its end. Throws `BadRequestError`. */
export function requestReader(source: RequestSource, longestBodyBytes: number) {
  const queue = byteQueue();
  const chunk = new Uint8Array(READ_BYTES);

  async function more(): Promise<boolean> {
    const count = await source.read(chunk);
    if (count === null) return false;
    queue.append(chunk.subarray(0, count));
    return true;
  }

  /** The bytes up to `\r\n`, or up to the empty line; null when the client has gone. */
  async function upTo(end: "line" | "head", longestBytes: number): Promise<string | null> {
    const width = end === "line" ? 2 : 4;
    for (;;) {
      const view = queue.view();
      const at = end === "line" ? endOfLine(view, 0) : endOfHead(view);
      if (at >= 0) {
        const text = latin1.decode(view.subarray(0, at));
        queue.drop(at + width);
        return text;
      }
      if (view.length > longestBytes) throw new BadRequestError(431, `the ${end} is too long`);
      if (!await more()) return null;
    }
  }

  async function take(count: number): Promise<Uint8Array> {
    while (queue.view().length < count) {
      if (!await more()) throw new BadRequestError(400, "the body is cut off");
    }
    const bytes = queue.view().slice(0, count);
    queue.drop(count);
    return bytes;
  }

  async function swallow(count: number): Promise<never> {
    const error = new BadRequestError(413, `the body has more than ${longestBodyBytes} bytes`);
    if (count > MOST_SWALLOWED_BYTES) throw error;
    for (let left = count; left > 0;) {
      if (queue.view().length === 0 && !await more()) break;
      const dropped = Math.min(left, queue.view().length);
      queue.drop(dropped);
      left -= dropped;
    }
    throw error;
  }

  async function chunked(): Promise<Uint8Array> {
    const body = byteQueue();
    for (;;) {
      const line = await upTo("line", LONGEST_CHUNK_LINE_BYTES);
      const size = /^([0-9a-f]{1,8})(?:\s*;.*)?$/i.exec(line ?? "")?.[1];
      if (size === undefined) throw new BadRequestError(400, "not the size of a chunk");
      const count = Number.parseInt(size, 16);
      if (count === 0) break;
      if (body.view().length + count > longestBodyBytes) await swallow(count);
      body.append((await take(count + 2)).subarray(0, count));
    }
    // Trailers say nothing that anybody here reads.
    while (await upTo("line", LONGEST_HEAD_BYTES));
    return body.view();
  }

  async function bodyOf(headers: ReadonlyMap<string, string>): Promise<Uint8Array> {
    const length = headers.get("content-length") ?? "0";
    if (!/^\d{1,15}$/.test(length)) throw new BadRequestError(400, "not a content length");
    if (headers.get("expect")?.toLowerCase() === "100-continue") await source.write(CONTINUE);
    if (headers.has("transfer-encoding")) return await chunked();
    if (Number(length) > longestBodyBytes) await swallow(Number(length));
    return await take(Number(length));
  }

  return {
    async next(): Promise<HttpRequest | null> {
      const head = await upTo("head", LONGEST_HEAD_BYTES);
      if (head === null) return null;
      const { method, path, version, headers } = parseHead(head);
      const connection = headers.get("connection")?.toLowerCase();
      const keepAlive = version === "1.1" ? connection !== "close" : connection === "keep-alive";
      return { method, path, headers, keepAlive, body: utf8.decode(await bodyOf(headers)) };
    },
  };
}

function parseHead(head: string) {
  const [start = "", ...lines] = head.split("\r\n");
  const [, method, path, version] = /^([A-Z]+) (\S+) HTTP\/(1\.[01])$/.exec(start) ?? [];
  if (!method || !path) throw new BadRequestError(400, "not an HTTP/1.1 request");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) throw new BadRequestError(400, "not a header");
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { method, path, version, headers };
}

function endOfLine(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(CR, from); at >= 0; at = bytes.indexOf(CR, at + 1)) {
    if (bytes[at + 1] === LF) return at;
  }
  return -1;
}

function endOfHead(bytes: Uint8Array): number {
  for (let at = endOfLine(bytes, 0); at >= 0; at = endOfLine(bytes, at + 2)) {
    if (bytes[at + 2] === CR && bytes[at + 3] === LF) return at;
  }
  return -1;
}
