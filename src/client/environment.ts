/** The time, and timers. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** What survives a reload: `localStorage`, or a storage whose methods return promises. */
export interface KeyValueStorage {
  getItem(name: string): string | null | Promise<string | null>;
  setItem(name: string, value: string): unknown;
  removeItem(name: string): unknown;
}

/** The part of `navigator.locks` by which tabs agree on one poller. */
export interface TabLocks {
  request(
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    run: () => Promise<unknown>,
  ): Promise<unknown>;
}

/** The part of `BroadcastChannel` by which the poller tells the other tabs. */
export interface TabChannel {
  // deno-lint-ignore no-explicit-any
  onmessage: ((event: any) => unknown) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** Where `online`, `visibilitychange`, `pageshow` and `focus` are dispatched: `window`. */
export interface WakeEvents {
  addEventListener(type: string, listener: (event: { type: string }) => void): void;
  removeEventListener(type: string, listener: (event: { type: string }) => void): void;
}

/** What a client takes from the runtime unless it is handed in. */
export interface Environment {
  readonly clock: Clock;
  readonly storage: KeyValueStorage;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Null: each tab polls by itself. */
  readonly locks: TabLocks | null;
  readonly channel: ((name: string) => TabChannel) | null;
  readonly events: Partial<WakeEvents>;
}

/** The globals that not every runtime has. */
const runtime = globalThis as unknown as {
  document?: { readonly hidden?: boolean };
  localStorage?: KeyValueStorage;
  navigator?: { readonly locks?: TabLocks };
  BroadcastChannel?: new (name: string) => TabChannel;
} & Partial<WakeEvents>;

/** Whether this is a page that nobody sees at present. */
export const isHidden = (): boolean => runtime.document?.hidden === true;

export function environmentOf(given: Partial<Environment>): Environment {
  // Without a page nothing is shared: Deno and Node have some of these globals, too.
  const page = runtime.document ? runtime : {};
  const {
    clock = {
      now: () => Date.now(),
      setTimeout: (run, ms) => setTimeout(run, ms),
      clearTimeout: (timer) => clearTimeout(timer as number),
    },
    random = Math.random,
    locks = page.navigator?.locks ?? null,
    channel = page.BroadcastChannel ? (name) => new page.BroadcastChannel!(name) : null,
    events = runtime,
  } = given;
  const storage = keptStorage(() => given.storage ?? page.localStorage);
  return { clock, random, storage, locks, channel, events };
}

/** Keeps values in memory as well: a storage may be forbidden, full, or absent. */
function keptStorage(open: () => KeyValueStorage | undefined): KeyValueStorage {
  const kept = new Map<string, string>();
  const attempt = async <Value>(act: (storage: KeyValueStorage) => Value) => {
    try {
      const storage = open();
      return [storage && await act(storage)];
    } catch {
      return null;
    }
  };
  return {
    getItem: async (name) =>
      (await attempt((storage) => storage.getItem(name)))?.[0] ?? kept.get(name) ?? null,
    async setItem(name, value) {
      kept.set(name, value);
      return await attempt((storage) => storage.setItem(name, value)) !== null;
    },
    async removeItem(name) {
      kept.delete(name);
      return await attempt((storage) => storage.removeItem(name)) !== null;
    },
  };
}
