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
}

interface PendingTimer {
  readonly run: () => void;
  dueMs: number;
}

export function virtualTime(startMs = Date.parse("2026-12-01T10:00:00.000Z")): VirtualTime {
  const pending = new Map<number, PendingTimer>();
  let awakeMs = 0;
  let clockMs = startMs;
  let ids = 0;
  // Whatever is in flight takes some turns of the event loop, and no time.
  async function settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
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
        const [next] = [...pending].sort(([, a], [, b]) => a.dueMs - b.dueMs);
        if (!next || next[1].dueMs > endMs) break;
        pending.delete(next[0]);
        move(Math.max(awakeMs, next[1].dueMs));
        next[1].run();
        await settle();
      }
      move(endMs);
    },
    sleep: (ms) => void (clockMs += ms),
    setClock: (byMs) => void (clockMs += byMs),
    settle,
  };
}
