/** A client that says exactly what it is told to, which `fetch` does not. */
export async function openSocket(port: number) {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(65_536);
  let unread = "";
  return {
    async say(text: string): Promise<void> {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
    },
    /** Everything up to and including `end`; throws when the other side closes before. */
    async hear(end: string): Promise<string> {
      while (!unread.includes(end)) {
        const count = await conn.read(chunk);
        if (count === null) throw new Error(`closed after ${JSON.stringify(unread)}`);
        unread += decoder.decode(chunk.subarray(0, count), { stream: true });
      }
      const length = unread.indexOf(end) + end.length;
      const heard = unread.slice(0, length);
      unread = unread.slice(length);
      return heard;
    },
    /** As many characters, and no more. */
    async hearCharacters(length: number): Promise<string> {
      while (unread.length < length) {
        const count = await conn.read(chunk);
        if (count === null) throw new Error(`closed after ${JSON.stringify(unread)}`);
        unread += decoder.decode(chunk.subarray(0, count), { stream: true });
      }
      const heard = unread.slice(0, length);
      unread = unread.slice(length);
      return heard;
    },
    /** What still comes until the other side closes. */
    async hearOut(): Promise<string> {
      for (let count = await read(); count !== null; count = await read()) {
        unread += decoder.decode(chunk.subarray(0, count), { stream: true });
      }
      return unread;
    },
    close: () => conn.close(),
  };
  async function read(): Promise<number | null> {
    try {
      return await conn.read(chunk);
    } catch {
      return null;
    }
  }
}
