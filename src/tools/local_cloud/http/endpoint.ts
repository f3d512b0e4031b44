import { createFaultInjector, type Fault, type Faults } from "./faults.ts";
import type { HttpRequest } from "./http_request.ts";
import { type Answer, serveHttp } from "./server.ts";

/** Since the start, or since the last `reset()`. */
export interface Counts {
  /** HTTP requests, also those that a fault hit. */
  readonly requests: number;
  /** Commands of Redis, or statements of SQL, that were sent on. */
  readonly commands: number;
  reset(): void;
}

/** A service that a program at the edge calls over HTTP. */
export interface Endpoint {
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  readonly counts: Counts;
  close(): Promise<void>;
}

/** What every endpoint may be told about its address. */
export interface Address {
  readonly hostname?: string;
  /** A free one when left out. */
  readonly port?: number;
  /**
   * False gives every request a connection of its own. A client that finds a kept connection cut
   * may send the request again by itself, as Deno's `fetch` does, and hide a fault that way.
   */
  readonly keepAlive?: boolean;
}

const HOSTNAME = "127.0.0.1";

export interface EndpointParts {
  readonly address: Address;
  /** Of the URL that clients are given. */
  readonly path: string;
  readonly longestBodyBytes: number;
  /** Throws nothing that has an answer. `onCommands` hears how many commands go out. */
  act(request: HttpRequest, onCommands: (count: number) => void): Promise<Answer>;
  errorBody(message: string): string;
  /** Lets go of what the endpoint stands on, after the last request. */
  end(): Promise<void> | void;
}

/** One HTTP endpoint whose faults can be ordered and whose calls are counted. */
export function serveEndpoint(parts: EndpointParts): Endpoint {
  const { path, longestBodyBytes, errorBody } = parts;
  const { hostname = HOSTNAME, port = 0, keepAlive = true } = parts.address;
  const { faults, answer } = createFaultInjector();
  let requests = 0;
  let commands = 0;
  let closing = false;

  const server = serveHttp({
    hostname,
    port,
    keepAlive,
    longestBodyBytes,
    errorBody,
    handle(request) {
      requests++;
      const act = async () => {
        try {
          return await parts.act(request, (count) => commands += count);
        } catch (error) {
          return { status: 500, body: errorBody(error instanceof Error ? error.message : "") };
        }
      };
      return answer({ body: request.body, act, errorBody });
    },
  });
  return {
    url: `http://${hostname}:${server.port}${path}`,
    port: server.port,
    faults: {
      inject(fault: Fault): void {
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
      reset(): void {
        requests = 0;
        commands = 0;
      },
    },
    async close(): Promise<void> {
      if (closing) return;
      closing = true;
      faults.clear();
      await server.close();
      await parts.end();
    },
  };
}
