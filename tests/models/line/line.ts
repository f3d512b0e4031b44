import type { Front } from "../../../src/domain/front.ts";
import type { RoomId } from "../../../src/domain/ids.ts";
import type { QueueSettings } from "../../../src/domain/queue.ts";
import type { QueueBounds } from "../../../src/domain/queue_bounds.ts";
import type { QueueStore } from "../../../src/ports/queue_store.ts";
import type { TestClock } from "../../support/test_clock.ts";

export interface LineSettings extends QueueSettings {
  /** Small ones, so that few fans reach them. */
  readonly bounds: QueueBounds;
}

/** An empty queue store with a clock of its own, which a test can bring back to an earlier state. */
export interface Line {
  readonly queue: QueueStore;
  readonly settings: LineSettings;
  readonly clock: TestClock;
  /** Receives the documents that come along with answers from now on. */
  onFront(receive: (front: Front, room: RoomId) => void): void;
  /** Forgets everything, the rules too. */
  forget(): Promise<void>;
  /** Remembers the present state. The result brings it back, as a failover that loses acts does. */
  save(): Promise<() => Promise<void>>;
  /** The number of entries of each collection of the main room. */
  sizes(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/** `seed` decides the random numbers of the store. */
export type MakeLine = (settings: LineSettings, seed: number) => Promise<Line>;
