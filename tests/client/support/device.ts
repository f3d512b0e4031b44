import type { ClientOptions, createStanchionClient } from "../../../src/client/client.ts";
import type { KeyValueStorage, TabChannel, TabLocks } from "../../../src/client/environment.ts";
import { type VirtualTime, virtualTime } from "./virtual_time.ts";

export interface SentRequest {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

export type Answering = (request: SentRequest) => Response | Promise<Response>;

/** A server that answers as the test says, and notes each request. */
export function scriptedServer(time: VirtualTime, answer: Answering) {
  const sent: SentRequest[] = [];
  const server = {
    sent,
    answer,
    async fetch(url: string, init: RequestInit): Promise<Response> {
      const request = {
        atMs: time.now(),
        method: init.method!,
        path: new URL(url).pathname,
        headers: new Headers(init.headers),
        body: String(init.body ?? ""),
      };
      sent.push(request);
      return await server.answer(request);
    },
  };
  return server;
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}) {
  return Response.json(body, { status, headers });
}

export function problem(status: number, code: string, headers: Record<string, string> = {}) {
  return json(status, { code, status, title: code, detail: code }, headers);
}

const NOTHING = {
  ticket: 7,
  position: null,
  ahead: null,
  positionIsExact: null,
  positionIs: null,
  estimatedWaitSeconds: null,
  estimatedWaitRange: null,
  pollAfterSeconds: null,
  expiresAt: null,
  reason: null,
};

export const waiting = (pollAfterSeconds: number, more: object = {}) => ({
  ...NOTHING,
  state: "WAITING",
  position: 5,
  ahead: 4,
  pollAfterSeconds,
  ...more,
});
export const admitted = (expiresAtMs: number, more: object = {}) => ({
  ...NOTHING,
  state: "ADMITTED",
  expiresAt: new Date(expiresAtMs).toISOString(),
  ...more,
});
export const gone = (more: object = {}) => ({
  ...NOTHING,
  state: "GONE",
  reason: "ENDED",
  ...more,
});

export function memoryStorage(): KeyValueStorage & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => void values.set(name, value),
    removeItem: (name) => void values.delete(name),
  };
}

/** An access token that this device can read; no server checks it here. */
export function readableToken(sub: string): string {
  return `e30.${btoa(JSON.stringify({ sub }))}.x`;
}

/** The client as it is, or one without a guard. */
export type Create = typeof createStanchionClient;
/** What must be true of a client, by name. */
export type Checks = Readonly<Record<string, (create: Create) => Promise<void>>>;

/** Everything that a client takes from its surroundings, in the test's hand. */
export function device(create: Create, answer: Answering) {
  const time = virtualTime();
  const server = scriptedServer(time, answer);
  const events = new EventTarget();
  const storage = memoryStorage();
  return {
    time,
    server,
    events,
    storage,
    wake: (type: string) => events.dispatchEvent(new Event(type)),
    client: (options: Partial<ClientOptions> = {}) =>
      create({
        baseUrl: "http://stanchion.test",
        accessToken: readableToken("ann"),
        fetch: server.fetch,
        clock: time,
        random: () => 0.5,
        storage,
        locks: null,
        channel: null,
        events,
        ...options,
      }),
  };
}

/** Web Locks of one origin: one holder a name, a queue, and stealing. */
export function fakeLocks(): TabLocks {
  interface Held {
    reject(error: Error): void;
  }
  const held = new Map<string, Held>();
  const queues = new Map<string, (() => void)[]>();
  const stolen = () => new DOMException("stolen", "AbortError");
  return {
    request(name, { signal, steal }, run) {
      return new Promise((resolve, reject) => {
        const start = () => {
          const mine: Held = { reject };
          held.set(name, mine);
          // Granted in a later turn, as browsers do.
          queueMicrotask(() => {
            run().then(resolve, reject).finally(() => {
              if (held.get(name) !== mine) return;
              held.delete(name);
              queues.get(name)?.shift()?.();
            });
          });
        };
        if (steal) {
          held.get(name)?.reject(stolen());
          return start();
        }
        if (!held.has(name)) return start();
        const queue = queues.get(name) ?? [];
        queues.set(name, queue);
        queue.push(start);
        signal?.addEventListener("abort", () => {
          const index = queue.indexOf(start);
          if (index >= 0) queue.splice(index, 1);
          reject(stolen());
        });
      });
    },
  };
}

/** Broadcast channels of one origin. */
export function fakeChannels(): (name: string) => TabChannel {
  const open = new Map<string, Set<TabChannel>>();
  return (name) => {
    const ports = open.get(name) ?? new Set();
    open.set(name, ports);
    const port: TabChannel = {
      onmessage: null,
      postMessage(message) {
        const data = structuredClone(message);
        for (const other of ports) {
          if (other !== port) queueMicrotask(() => other.onmessage?.({ data }));
        }
      },
      close: () => void ports.delete(port),
    };
    ports.add(port);
    return port;
  };
}
