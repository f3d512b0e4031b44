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

/** Answers a request of the peer with this address. */
export type PeerHandler = (request: Request, address: string) => Response | Promise<Response>;

/**
 * Serves on each address of `localhost`, with compression, because no proxy is in front. Throws
 * `AddrInUse`.
 */
export function serveOnLoopback(
  port: number,
  handler: PeerHandler,
): LoopbackServer {
  const servers = loopbackAddresses().map((hostname) =>
    Deno.serve(
      { hostname, port, automaticCompression: true, onListen() {} },
      (request, { remoteAddr }) => handler(request, remoteAddr.hostname),
    )
  );
  return {
    async shutdown() {
      await Promise.all(servers.map((server) => server.shutdown()));
    },
  };
}
