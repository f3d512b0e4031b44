import type { Environment } from "./environment.ts";

/**
 * A wait is cut into so many timers. A device that slept notices after the present one, also where
 * no event says that it woke. Browsers slow down hidden pages from the fifth timer of a chain on.
 */
const SLICES = 4;
/** Runtimes fire timers of 2^31 ms and more at once. */
const MOST_TIMER_MS = 2e9;
const WAKE_EVENTS = ["online", "visibilitychange", "pageshow", "focus"];

export interface Timer {
  /**
   * Runs after so many milliseconds, at once if they passed in a sleep. Replaces the last wait.
   * When the network comes back, at most `onlineMs` are left.
   */
  set(ms: number, onlineMs?: number): void;
  /** Stops waiting, and listening for events. */
  clear(): void;
}

export function createTimer({ clock, events }: Environment, run: () => void): Timer {
  let slice: unknown;
  let waiting = false;
  let remaining = 0;
  let sliceMs = 0;
  let last = 0;
  let mostOnline = Infinity;
  /** Clocks are set back and forth: a timer that fired proves that its time has passed. */
  function pass(atLeastMs: number): void {
    const now = clock.now();
    remaining -= Math.max(atLeastMs, now - last);
    last = now;
    if (remaining > 0) return arm();
    clear();
    run();
  }
  function arm(): void {
    clock.clearTimeout(slice);
    const ms = Math.min(remaining, sliceMs);
    slice = clock.setTimeout(() => pass(ms), ms);
  }
  function wake({ type }: { type: string }): void {
    if (type === "online") remaining = Math.min(remaining, mostOnline);
    pass(0);
  }
  function listen(listening: boolean): void {
    if (waiting === listening) return;
    waiting = listening;
    const act = listening ? events.addEventListener : events.removeEventListener;
    for (const event of WAKE_EVENTS) act?.call(events, event, wake);
  }
  function clear(): void {
    clock.clearTimeout(slice);
    listen(false);
  }
  return {
    set(ms, onlineMs = Infinity) {
      remaining = ms;
      mostOnline = onlineMs;
      sliceMs = Math.min(Math.ceil(ms / SLICES), MOST_TIMER_MS);
      last = clock.now();
      listen(true);
      arm();
    },
    clear,
  };
}
