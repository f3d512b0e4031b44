import { createHash } from "node:crypto";
import type { Clock } from "../../../src/ports/clock.ts";
import { works } from "./scheduler.ts";

/** Those who wait for a time of the world. */
export interface Sleepers {
  sleep(ms: number): Promise<void>;
  at(ms: number, wake: () => void): object;
  cancel(sleeper: object): void;
  /** When the next one wakes; null if nobody sleeps. */
  next(): number | null;
  wake(nowMs: number): void;
}

export function createSleepers(clock: Clock): Sleepers {
  let sleeping: { readonly atMs: number; readonly wake: () => void }[] = [];
  const sleepers: Sleepers = {
    sleep: (ms) => new Promise((wake) => void sleepers.at(ms, wake)),
    at(ms, wake) {
      const sleeper = { atMs: clock() + Math.ceil(ms), wake };
      sleeping.push(sleeper);
      return sleeper;
    },
    cancel(sleeper) {
      sleeping = sleeping.filter((other) => other !== sleeper);
    },
    next: () =>
      sleeping.reduce<number | null>((min, { atMs }) => Math.min(min ?? atMs, atMs), null),
    wake(nowMs) {
      const awake = sleeping.filter(({ atMs }) => atMs <= nowMs);
      sleeping = sleeping.filter(({ atMs }) => atMs > nowMs);
      awake.sort((a, b) => a.atMs - b.atMs).forEach(({ wake }) => wake());
    },
  };
  return sleepers;
}

let running = 0;
let last: Promise<unknown> = Promise.resolve();

/** Null when no task of the platform runs, else the end of the last one. */
export function runningTasks(): Promise<unknown> | null {
  return running === 0 ? null : last.catch(() => {});
}

type Task = (...args: unknown[]) => Promise<unknown>;

/** One after the other, so that they end in the order in which they began. */
function inTurn(task: Task): Task {
  return function (this: unknown, ...args) {
    running++;
    const turn = last.catch(() => {}).then(() => task.apply(this, args));
    last = turn;
    return turn.finally(() => running--);
  };
}

const keyNumbers = new WeakMap<object, number>();
let keys = 0;

/** The arguments of a function of keys and bytes, as a text. */
function textOf(args: readonly unknown[]): string {
  return args.map((arg) => {
    if (arg instanceof CryptoKey) {
      if (!keyNumbers.has(arg)) keyNumbers.set(arg, ++keys);
      return `key ${keyNumbers.get(arg)}`;
    }
    if (ArrayBuffer.isView(arg)) {
      return new Uint8Array(arg.buffer, arg.byteOffset, arg.byteLength).toBase64();
    }
    return arg instanceof ArrayBuffer ? new Uint8Array(arg).toBase64() : JSON.stringify(arg);
  }).join();
}

/** So many outcomes are kept. */
const MOST_KEPT = 5_000;

/** The platform's threads are asked once for each outcome of a function that always gives the same. */
function once(task: Task): Task {
  const asked = inTurn(task);
  const outcomes = new Map<string, Promise<unknown>>();
  return function (this: unknown, ...args) {
    if (!works.getStore()) return task.apply(this, args);
    const text = textOf(args);
    const known = outcomes.get(text);
    if (known) return known;
    if (outcomes.size >= MOST_KEPT) outcomes.clear();
    const outcome = asked.apply(this, args);
    outcomes.set(text, outcome);
    return outcome;
  };
}

/** Carries the calls of `fetch` that a request makes. */
export type Carry = (request: Request) => Promise<Response>;

/** What a request finds instead of the platform's own time and network. Others find these. */
export function replacePlatform(): void {
  const subtle = SubtleCrypto.prototype as unknown as Record<string, Task>;
  for (const name of ["importKey", "sign", "verify"]) subtle[name] = once(subtle[name]!);
  // A digest is asked for with a name or with an object that has one, of a view or of a buffer.
  subtle["digest"] = async (algorithm, data) => {
    const name = (algorithm as { name?: string }).name ?? String(algorithm);
    const bytes = ArrayBuffer.isView(data)
      ? data as Uint8Array
      : new Uint8Array(data as ArrayBuffer);
    const hash = createHash(name.replace("-", "").toLowerCase());
    return new Uint8Array(hash.update(bytes).digest()).buffer;
  };
  const { setTimeout: start, clearTimeout: stop, fetch: send } = globalThis;
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  const sleepersNow = () => works.getStore()?.isolate.sleepers ?? null;

  globalThis.setTimeout =
    ((act: () => void, ms = 0, ...args: []) =>
      sleepersNow()?.at(ms, () => act(...args)) ?? start(act, ms, ...args)) as typeof setTimeout;
  globalThis.clearTimeout = ((timer: never) => {
    if (typeof timer === "object" && sleepersNow()) return sleepersNow()!.cancel(timer);
    stop(timer);
  }) as typeof clearTimeout;
  AbortSignal.timeout = (ms) => {
    const sleepers = sleepersNow();
    if (!sleepers) return timeout(ms);
    const ended = new AbortController();
    sleepers.at(ms, () => ended.abort(new DOMException("no answer in time", "TimeoutError")));
    return ended.signal;
  };
  globalThis.fetch = ((...request: Parameters<typeof fetch>) => {
    const work = works.getStore();
    return work ? work.isolate.carry(new Request(...request)) : send(...request);
  }) as typeof fetch;
}
