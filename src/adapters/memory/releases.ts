import { RELEASE_KEPT_MS } from "../../domain/queue_bounds.ts";
import type { UpkeepResult } from "./upkeep.ts";

interface Sums extends UpkeepResult {
  readonly atMs: number;
}

/** The sums of releases by their ids. Operators add to them; each act forgets the old ones. */
export interface Releases {
  /** Goes on unless the release is done. `act` gets the number of fans that it has admitted. */
  continue(id: string, nowMs: number, act: (admitted: number) => UpkeepResult): UpkeepResult;
  clear(): void;
}

export function createReleases(): Releases {
  const kept = new Map<string, Sums>();

  return {
    continue(id, nowMs, act) {
      for (const [old, { atMs }] of kept) if (atMs + RELEASE_KEPT_MS <= nowMs) kept.delete(old);
      const before = kept.get(id);
      if (before && !before.more) return before;
      const done = act(before?.admitted ?? 0);
      const sums = {
        expired: done.expired + (before?.expired ?? 0),
        admitted: done.admitted + (before?.admitted ?? 0),
        more: done.more,
        atMs: nowMs,
      };
      kept.set(id, sums);
      return sums;
    },
    clear: () => kept.clear(),
  };
}
