import type { QueueStores } from "../../src/composition/stores.ts";
import type { Front } from "../../src/domain/front.ts";
import type { RoomId } from "../../src/domain/ids.ts";
import type { QueueSettings } from "../../src/domain/queue.ts";
import type { TestClock } from "../support/test_clock.ts";
import type { Traffic } from "./traffic.ts";

/** The line of a sale: the state that all isolates share. */
export interface Line {
  /** The stores as one isolate sees them. */
  stores(onFront: (room: RoomId, front: Front) => void): QueueStores;
  /** Resolves when all calls that can go on have ended: so long a pause within a call lasts. */
  sleep(): Promise<void>;
  close(): Promise<void>;
}

export interface LineOptions {
  readonly settings: QueueSettings;
  readonly clock: TestClock;
  readonly random: () => number;
  /** A line that can, adds the commands that its requests ran. */
  readonly traffic: Traffic;
}

export type OpenLine = (options: LineOptions) => Promise<Line>;

type Method = (...args: unknown[]) => unknown;

/** The same port; `before` is called at the beginning of each call, which fails if it throws. */
export function observed<Port extends object>(
  port: Port,
  before: (method: string, args: readonly unknown[]) => void,
): Port {
  const methods = Object.entries(port as Record<string, Method>).map(([name, method]) => [
    name,
    (...args: unknown[]) => {
      try {
        before(name, args);
      } catch (error) {
        return Promise.reject(error);
      }
      return method(...args);
    },
  ]);
  return Object.fromEntries(methods);
}
