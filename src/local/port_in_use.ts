import { loopbackAddresses } from "./loopback.ts";

/** Another process listens on the port of the API. The message is for the operator. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";

  constructor(port: number) {
    super(`Port ${port} is in use by another process. Set PORT to another one.`);
  }
}

/** Throws `PortInUseError` when another process listens on this port of loopback. */
export function assertPortIsFree(port: number): void {
  for (const hostname of loopbackAddresses()) {
    try {
      Deno.listen({ hostname, port }).close();
    } catch (error) {
      throw error instanceof Deno.errors.AddrInUse ? new PortInUseError(port) : error;
    }
  }
}
