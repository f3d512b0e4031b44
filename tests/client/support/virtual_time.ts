import { setImmediate } from "node:timers";
import type { Clock } from "../../../src/client/environment.ts";

/** A device's time that the test moves. Timers fire in order; what they start is settled before. */
export interface VirtualTime extends Clock {
  /** Time passes, and timers fire. */
  pass(ms: number): Promise<void>;
  /** The device sleeps: time passes, and timers stand still. */
  sleep(ms: number): void;
  /** Somebody sets the clock: no time passes. */
  setClock(byMs: number): void;
  settle(): Promise<void>;
  /** No time passes until it is done. */
  during<Value>(task: Promise<Value>): Promise<Value>;
}

interface PendingTimer {
  readonly run: () => void;
  dueMs: number;
}

const TURNS = 5;
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Timers that are due within `granularityMs` fire together. */
export function virtualTime(
  startMs = Date.parse("2026-12-01T10:00:00.000Z"),
  granularityMs = 0,
): VirtualTime {
  const pending = new Map<number, PendingTimer>();
  let awakeMs = 0;
  let clockMs = startMs;
  let ids = 0;
  let inFlight = 0;
  // Whatever is in flight takes some turns of the event loop, and no time.
  async function settle(): Promise<void> {
    for (let turn = 0; turn < TURNS || inFlight > 0; turn++) await nextTurn();
  }
  function move(toMs: number): void {
    clockMs += toMs - awakeMs;
    awakeMs = toMs;
  }
  return {
    now: () => clockMs,
    setTimeout(run, ms) {
      pending.set(++ids, { run, dueMs: awakeMs + Math.max(0, ms) });
      return ids;
    },
    clearTimeout: (id) => void pending.delete(id as number),
    async pass(ms) {
      const endMs = awakeMs + ms;
      await settle();
      for (;;) {
        const nextMs = Math.min(...[...pending.values()].map(({ dueMs }) => dueMs));
        if (nextMs > endMs) break;
        move(Math.min(endMs, Math.max(awakeMs, nextMs + granularityMs)));
        for (const [id, { run, dueMs }] of pending) {
          if (dueMs <= awakeMs && pending.delete(id)) run();
        }
        await settle();
      }
      move(endMs);
    },
    sleep: (ms) => void (clockMs += ms),
    setClock: (byMs) => void (clockMs += byMs),
    settle,
    async during(task) {
      inFlight++;
      try {
        return await task;
      } finally {
        inFlight--;
      }
    },
  };
}
