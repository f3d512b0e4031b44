/** A Lua script, known to Redis by the SHA-1 of its text once it has run there. */
export interface Script {
  readonly text: string;
  /** Lower-case hex. */
  sha1(): Promise<string>;
}

/**
 * Upstash runs one script at a time per database unless the script says that it names all its
 * keys. Other Redis servers refuse this line.
 */
const KEY_LOCKING = "#!lua flags=allow-key-locking\n";

/** Makes scripts out of their parts. With `keyLocking` they begin with Upstash's line. */
export function scripts({ keyLocking }: { keyLocking: boolean }) {
  return (...parts: readonly string[]): Script => {
    const text = (keyLocking ? KEY_LOCKING : "") + parts.join("\n");
    let hash: string | undefined;
    return {
      text,
      async sha1() {
        if (hash) return hash;
        const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
        return hash = new Uint8Array(digest).toHex();
      },
    };
  };
}

export type MakeScript = ReturnType<typeof scripts>;
