import { type TestClock, testClock } from "./test_clock.ts";

/** Lets everything run that waits for no clock. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}

/** A clock that stands still, and sleepers that wake in the order of their time. */
export interface VirtualTime {
  readonly clock: TestClock;
  sleep(ms: number): Promise<void>;
  advance(ms: number): Promise<void>;
}

export interface VirtualTimeOptions {
  readonly startMs?: number;
  /** Called before the clock moves by so many ms. */
  readonly onPass?: (ms: number) => Promise<void>;
}

export function createVirtualTime(
  { startMs, onPass = async () => {} }: VirtualTimeOptions = {},
): VirtualTime {
  const clock = testClock(startMs);
  let sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];
  return {
    clock,
    sleep: (ms) => new Promise((wake) => sleepers.push({ atMs: clock() + ms, wake })),
    async advance(ms) {
      const untilMs = clock() + ms;
      for (;;) {
        const next = sleepers.toSorted((a, b) => a.atMs - b.atMs)[0];
        const stepMs = Math.min(next?.atMs ?? untilMs, untilMs) - clock();
        if (stepMs > 0) await onPass(stepMs);
        clock.advance(Math.max(0, stepMs));
        if (!next || next.atMs > untilMs) return;
        sleepers = sleepers.filter((sleeper) => sleeper !== next);
        next.wake();
        await settled();
      }
    },
  };
}
