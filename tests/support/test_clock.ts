import type { Clock } from "../../src/ports/clock.ts";

/** A clock that stands still until a test moves it. */
export type TestClock = Clock & { advance(ms: number): void };

export function testClock(startMs = Date.UTC(2030, 0, 1)): TestClock {
  let nowMs = startMs;
  return Object.assign(() => nowMs, {
    advance(ms: number): void {
      nowMs += ms;
    },
  });
}
