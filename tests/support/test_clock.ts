import type { Clock } from "../../src/ports/clock.ts";

/** A clock that stands still until a test moves it. */
export type TestClock = Clock & { advance(ms: number): void };

const START_MS = Date.UTC(2030, 0, 1);

export function testClock(): TestClock {
  let nowMs = START_MS;
  return Object.assign(() => nowMs, {
    advance(ms: number): void {
      nowMs += ms;
    },
  });
}
