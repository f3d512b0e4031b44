import { serveOnLoopback } from "../../src/local/loopback.ts";
import { freePort } from "../../src/tools/local_cloud/free_port.ts";
import { openRawSocket } from "../tools/local_cloud/http/raw_socket.ts";
import type { ApiBox } from "../support/api_box.ts";

/** The server of the local run before a box, asked with exactly the given bytes. */
export interface RawServer {
  readonly port: number;
  /** All that comes back until the server closes the connection. */
  ask(text: string): Promise<string>;
  close(): Promise<void>;
}

export function startRawServer(box: ApiBox): RawServer {
  const port = freePort();
  const server = serveOnLoopback(port, (request) => box.fetch(request));
  return {
    port,
    async ask(text) {
      const socket = await openRawSocket(port);
      try {
        await socket.send(text);
        return await socket.readToEnd();
      } finally {
        socket.close();
      }
    },
    close: () => server.shutdown(),
  };
}

export function statusesOf(answer: string): number[] {
  return [...answer.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));
}

export function codesOf(answer: string): string[] {
  return [...answer.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code!);
}
