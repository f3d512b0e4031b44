/** The addresses of `localhost` that this machine has. A client may try either one. */
export function loopbackAddresses(): string[] {
  return ["127.0.0.1", "::1"].filter((hostname) => {
    try {
      Deno.listen({ hostname, port: 0 }).close();
      return true;
    } catch {
      return false;
    }
  });
}

export interface LoopbackServer {
  /** Waits for the running requests. */
  shutdown(): Promise<void>;
}

/**
 * Serves on each address of `localhost`, with compression, because no proxy is in front. Throws
 * `AddrInUse`.
 */
export function serveOnLoopback(
  port: number,
  handler: (request: Request) => Response | Promise<Response>,
): LoopbackServer {
  const servers = loopbackAddresses().map((hostname) =>
    Deno.serve({ hostname, port, automaticCompression: true, onListen() {} }, handler)
  );
  return {
    async shutdown() {
      await Promise.all(servers.map((server) => server.shutdown()));
    },
  };
}
