import { NothingMeasuredError } from "./measure.ts";

const DECODER = new TextDecoder("latin1");
const LAST_CHUNK = "\r\n0\r\n\r\n";
const READ_BYTES = 262_144;
/** Requests that a connection sends at once, so that the load takes little of the processor. */
const PIPELINED = 8;

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
 * GETs over kept connections, pipelined, at least one pipeline on each: how many a second. Throws
 * `NothingMeasuredError` without requests, and when an answer is not 200.
 */
export async function requestsPerSecond(
  { port, requests, connections, ms }: HttpLoad,
): Promise<number> {
  if (requests.length === 0) throw new NothingMeasuredError("no requests to send");
  const texts = requests.map(({ path, headers }) => {
    const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`).join("");
    return `GET ${path} HTTP/1.1\r\n${lines}\r\n`;
  });
  const pipelines = Array.from({ length: requests.length }, (_, first) => {
    const group = Array.from({ length: PIPELINED }, (_, i) => texts[(first + i) % texts.length]);
    return new TextEncoder().encode(group.join(""));
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
        const pipeline = pipelines[(first + done) % pipelines.length]!;
        for (let at = 0; at < pipeline.length;) at += await conn.write(pipeline.subarray(at));
        await readAnswers(conn, buffer);
        done += PIPELINED;
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

/** Reads the answers to one pipeline. */
async function readAnswers(conn: Deno.Conn, buffer: Uint8Array): Promise<void> {
  let text = "";
  for (let left = PIPELINED; left > 0;) {
    const count = await conn.read(buffer);
    if (count === null) throw new Error(`the connection ended after:\n${text}`);
    text += DECODER.decode(buffer.subarray(0, count));
    for (let end = endOfAnswer(text); end > 0; end = endOfAnswer(text)) {
      text = text.slice(end);
      left--;
    }
  }
}

/** Where the first answer in the text ends, by its length or its last chunk; 0 if it does not. */
function endOfAnswer(text: string): number {
  const headEnd = text.indexOf("\r\n\r\n") + 4;
  if (headEnd < 4) return 0;
  if (!text.startsWith("HTTP/1.1 200")) {
    throw new NothingMeasuredError(`the answer is not 200:\n${text}`);
  }
  const length = /^content-length: (\d+)/im.exec(text.slice(0, headEnd))?.[1];
  if (length === undefined) {
    const last = text.indexOf(LAST_CHUNK, headEnd - 2);
    return last < 0 ? 0 : last + LAST_CHUNK.length;
  }
  const end = headEnd + Number(length);
  return text.length >= end ? end : 0;
}
