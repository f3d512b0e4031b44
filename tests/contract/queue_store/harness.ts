import assert from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { type LineSettings, type PlaceRef, showUpWindowMs } from "../../../src/domain/line.ts";
import type { Joined, QueueStore } from "../../../src/ports/queue_store.ts";
import type { TestClock } from "../test_clock.ts";

export interface QueueHarness {
  readonly queue: QueueStore;
  readonly settings: LineSettings;
  readonly clock: TestClock;
  /** Forgets everything, as a wiped Redis would. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}

/** An empty queue under these settings; whatever is not named is as in `TEST_SETTINGS`. */
export type MakeQueue = (settings?: Partial<LineSettings>) => Promise<QueueHarness>;

export const MINUTE_MS = 60_000;

export const TEST_SETTINGS: LineSettings = {
  capacity: 1,
  admissionTtlMs: 15 * MINUTE_MS,
  showUpMs: MINUTE_MS,
  waitingTtlMs: 360 * MINUTE_MS,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
};

export const ENDED = { state: "GONE", reason: "ENDED" };
export const LINE_RESET = { state: "GONE", reason: "LINE_RESET" };

/** A queue of the main room with shorter names for what fans do. */
export function scene(harness: QueueHarness) {
  const { queue, settings, clock } = harness;
  const windowMs = showUpWindowMs(settings);

  function join(fan: string, earlier: PlaceRef | null = null): Promise<Joined> {
    return queue.join(MAIN_ROOM, fan as FanId, earlier);
  }
  /** These join one after the other; their places. */
  async function arrive(...fans: string[]): Promise<PlaceRef[]> {
    const places: PlaceRef[] = [];
    for (const fan of fans) places.push((await join(fan)).place);
    return places;
  }
  async function state(place: PlaceRef): Promise<string> {
    return (await queue.status(place)).state;
  }
  /** How many others the fan is told are in front; fails unless waiting. */
  async function ahead(place: PlaceRef): Promise<number> {
    const standing = await queue.status(place);
    assert.equal(standing.state, "WAITING");
    return standing.ahead;
  }
  const counts = () => queue.counts(MAIN_ROOM);
  const promote = () => queue.promote(MAIN_ROOM);
  /**
   * With one slot: `house` has left it to `absent`, who missed the turn, so that `holder` has it.
   * Those who wait behind keep polling meanwhile.
   */
  async function missTurn(house: PlaceRef, behind: readonly PlaceRef[]): Promise<void> {
    await queue.leave(house);
    clock.advance(windowMs - 1);
    for (const place of behind) await queue.status(place);
    clock.advance(1);
    await queue.promote(MAIN_ROOM);
  }
  return { ...harness, windowMs, join, arrive, state, ahead, counts, promote, missTurn };
}

export type Scene = ReturnType<typeof scene>;

/** Registers tests that each play in a queue of their own. */
export function sceneTests(suite: string, harness: MakeQueue) {
  return (name: string, settings: Partial<LineSettings>, play: (scene: Scene) => Promise<void>) =>
    Deno.test(`${suite}: ${name}`, async () => {
      const made = await harness(settings);
      try {
        await play(scene(made));
      } finally {
        await made.close();
      }
    });
}
