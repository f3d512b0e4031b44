/**
 * Below the ports that Linux (32768 to 60999), macOS and Windows (49152 to 65535) give to outgoing
 * connections: one of those may be taken again before a server listens on it.
 */
const FIRST = 15_000;
const LAST = 32_767;

const given = new Set<number>();

/** A port of loopback that is free at this moment. A process gets none twice. */
export function freePort(): number {
  while (true) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    if (given.has(port) || !isFree(port)) continue;
    given.add(port);
    return port;
  }
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
