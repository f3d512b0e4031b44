import { createFaultInjector, type Faults } from "./faults.ts";
import { type HttpAnswer, type HttpRequest, startHttpServer } from "./server.ts";

/** Counts since the start, or since the last `reset()`. */
export interface Counts {
  /** HTTP requests, those that a fault hit included. */
  readonly requests: number;
  /** Redis commands or SQL statements that were sent to the store. */
  readonly commands: number;
  reset(): void;
}

/** A service of the cloud that a Worker calls over HTTP. */
export interface Endpoint {
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  readonly counts: Counts;
  close(): Promise<void>;
}

export interface EndpointAddress {
  readonly hostname?: string;
  /** A free one when left out. */
  readonly port?: number;
  /**
   * False gives every request a connection of its own. A client that finds a kept connection cut
   * may send the request again by itself, as Deno's `fetch` does, and hide a fault that way.
   */
  readonly keepAlive?: boolean;
}

export interface EndpointOptions {
  readonly address: EndpointAddress;
  /** The path at the end of `Endpoint.url`. */
  readonly path: string;
  readonly maxBodyBytes: number;
  /** An error that it throws becomes a 500. `countCommands` adds to the counts. */
  handle(request: HttpRequest, countCommands: (count: number) => void): Promise<HttpAnswer>;
  errorBody(message: string): string;
  /** Called after the last request. */
  onClose(): Promise<void> | void;
}

const HOSTNAME = "127.0.0.1";

/** An HTTP service into which faults can be injected, and whose calls are counted. */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { path, maxBodyBytes, errorBody } = options;
  const { hostname = HOSTNAME, port = 0, keepAlive = true } = options.address;
  const { faults, answer } = createFaultInjector();
  let requests = 0;
  let commands = 0;
  let closing = false;

  async function handle(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await options.handle(request, (count) => commands += count);
    } catch (error) {
      return { status: 500, body: errorBody(error instanceof Error ? error.message : "") };
    }
  }

  const server = await startHttpServer({
    hostname,
    port,
    keepAlive,
    maxBodyBytes,
    errorBody,
    handle(request) {
      requests++;
      return answer({ body: request.body, handle: () => handle(request), errorBody });
    },
  });
  return {
    url: `http://${hostname}:${server.port}${path}`,
    port: server.port,
    faults: {
      inject(fault) {
        if (!closing) faults.inject(fault);
      },
      clear: faults.clear,
    },
    counts: {
      get requests() {
        return requests;
      },
      get commands() {
        return commands;
      },
      reset() {
        requests = 0;
        commands = 0;
      },
    },
    async close() {
      if (closing) return;
      closing = true;
      faults.clear();
      await server.close();
      await options.onClose();
    },
  };
}
