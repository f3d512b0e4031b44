/** A Lua script. After its first run, Redis has it under the SHA-1 of its text. */
export interface Script {
  readonly text: string;
  /** Lower-case hex. */
  sha1(): Promise<string>;
}

/**
 * Without this line, Upstash runs one script at a time per database. The line declares that a call
 * names all its keys. Other Redis servers refuse it.
 */
const KEY_LOCKING = "#!lua flags=allow-key-locking\n";

/** Makes one script of its parts, in this order. */
export type MakeScript = (...parts: readonly string[]) => Script;

/** With `keyLocking`, the scripts begin with the line of Upstash. */
export function createMakeScript({ keyLocking }: { keyLocking: boolean }): MakeScript {
  return (...parts) => {
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
