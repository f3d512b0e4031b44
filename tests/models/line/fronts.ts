import type { Front } from "../../../src/domain/front.ts";
import { NEAR_STEP_MS } from "../../../src/domain/queue_bounds.ts";
import type { Witness } from "./witness.ts";

/**
 * The near limit covers less than two windows: between two documents, and within one act, the pace
 * is measured more than once, and in a small room one turn changes it much.
 */
const MOST_NEAR_SHARE = 6;

/** A document of the store, at the moment at which it was taken. */
export function heardFront(
  { laws, epoch, clock, settings: { showUpMs, bounds } }: Witness,
  front: Front,
): void {
  if (!epoch) return;
  const nowMs = clock();
  epoch.id ??= front.epoch;
  laws.check(
    "a document is of the present",
    front.takenAtMs === nowMs && front.epoch === epoch.id && front.first === epoch.first,
    () => `taken at ${front.takenAtMs} of ${front.epoch}, at ${nowMs} of ${epoch.id}`,
  );
  laws.check(
    "near and called never fall",
    front.near >= epoch.near && front.called >= epoch.called,
    () => `near ${epoch.near} to ${front.near}, called ${epoch.called} to ${front.called}`,
  );
  // At most one turn a second and slot, if only one of the fans called so far was there. Those who
  // rejoined in the old order have no ticket of this epoch.
  epoch.mostCapacity = Math.max(epoch.mostCapacity, epoch.rules.capacity);
  const mostCalled = front.called - epoch.first + epoch.rejoined.size;
  const mostPace = epoch.mostCapacity * (1 + mostCalled);
  const windowMs = epoch.longestPollEverMs + showUpMs;
  const share = Math.ceil(MOST_NEAR_SHARE * mostPace * windowMs / 1000);
  const limit = front.called + Math.max(bounds.leastNear, share);
  laws.check(
    "only those are near who can be called within a window",
    front.near <= Math.max(epoch.near, limit),
    () => `near ${front.near - epoch.first}, and ${limit - epoch.first} may be`,
  );
  if (front.near > epoch.near) {
    laws.check(
      "the near limit is raised at most once a second",
      nowMs - epoch.beforeRaiseMs >= NEAR_STEP_MS,
      () => `raised after ${epoch.beforeRaiseMs} and until ${nowMs}`,
    );
    epoch.beforeRaiseMs = epoch.frontMs;
  }
  epoch.frontMs = nowMs;
  epoch.near = front.near;
  epoch.called = front.called;
}
