import { NothingMeasuredError } from "./measure.ts";

const DECODER = new TextDecoder("latin1");
const READ_BYTES = 65_536;

export interface HttpRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpLoad {
  readonly port: number;
  /** Each connection sends them in turn, beginning at its own number. */
  readonly requests: readonly HttpRequest[];
  readonly connections: number;
  readonly ms: number;
}

/**
 * GETs over kept connections, one at a time on each and at least one on each: how many a second.
 * Throws `NothingMeasuredError` without requests, and when an answer is not 200.
 */
export async function requestsPerSecond(
  { port, requests, connections, ms }: HttpLoad,
): Promise<number> {
  if (requests.length === 0) throw new NothingMeasuredError("no requests to send");
  const texts = requests.map(({ path, headers }) => {
    const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`).join("");
    return new TextEncoder().encode(`GET ${path} HTTP/1.1\r\n${lines}\r\n`);
  });
  const startedMs = performance.now();
  const endMs = startedMs + ms;

  async function drive(first: number): Promise<number> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay(true);
    const buffer = new Uint8Array(READ_BYTES);
    let done = 0;
    try {
      do {
        const request = texts[(first + done) % texts.length]!;
        for (let at = 0; at < request.length;) at += await conn.write(request.subarray(at));
        await readAnswer(conn, buffer);
        done++;
      } while (performance.now() < endMs);
    } finally {
      conn.close();
    }
    return done;
  }
  const counts = await Promise.all(Array.from({ length: connections }, (_, i) => drive(i)));
  const total = counts.reduce((sum, one) => sum + one, 0);
  return total / ((performance.now() - startedMs) / 1000);
}

/** Reads one answer to its end, which its length or its last chunk marks. */
async function readAnswer(conn: Deno.Conn, buffer: Uint8Array): Promise<void> {
  let text = "";
  while (true) {
    const count = await conn.read(buffer);
    if (count === null) throw new Error(`the connection ended after:\n${text}`);
    text += DECODER.decode(buffer.subarray(0, count));
    const headEnd = text.indexOf("\r\n\r\n");
    if (headEnd < 0) continue;
    const head = text.slice(0, headEnd).toLowerCase();
    if (!head.startsWith("http/1.1 200")) {
      throw new NothingMeasuredError(`the answer is not 200:\n${text}`);
    }
    const length = /content-length: (\d+)/.exec(head)?.[1];
    const ended = length === undefined
      ? text.endsWith("0\r\n\r\n")
      : text.length - headEnd - 4 >= Number(length);
    if (ended) return;
  }
}
