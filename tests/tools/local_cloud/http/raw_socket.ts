/** An HTTP client that sends exactly the given bytes, which `fetch` does not. */
export interface RawSocket {
  send(text: string): Promise<void>;
  /** Everything up to and including `end`. Throws when the other side closes before. */
  readUntil(end: string): Promise<string>;
  /** Exactly as many characters. Throws when the other side closes before. */
  readCharacters(length: number): Promise<string>;
  /** Everything until the other side closes or resets the connection. */
  readToEnd(): Promise<string>;
  /** As `readToEnd()`, and how the connection ended. */
  readToClose(): Promise<{ readonly text: string; readonly end: "closed" | "reset" }>;
  close(): void;
}

export async function openRawSocket(port: number): Promise<RawSocket> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(65_536);
  let unread = "";

  /** False at the end of the connection. */
  async function readMore(): Promise<boolean> {
    const count = await conn.read(chunk);
    if (count === null) return false;
    unread += decoder.decode(chunk.subarray(0, count), { stream: true });
    return true;
  }

  async function take(lengthOf: () => number | undefined): Promise<string> {
    let length = lengthOf();
    while (length === undefined) {
      if (!await readMore()) throw new Error(`closed after ${JSON.stringify(unread)}`);
      length = lengthOf();
    }
    const taken = unread.slice(0, length);
    unread = unread.slice(length);
    return taken;
  }

  async function readToClose() {
    try {
      while (await readMore());
      return { text: unread, end: "closed" } as const;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
      return { text: unread, end: "reset" } as const;
    }
  }

  return {
    async send(text) {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
    },
    readUntil: (end) =>
      take(() => unread.includes(end) ? unread.indexOf(end) + end.length : undefined),
    readCharacters: (length) => take(() => unread.length >= length ? length : undefined),
    readToEnd: async () => (await readToClose()).text,
    readToClose,
    close: () => conn.close(),
  };
}
