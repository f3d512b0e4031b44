import type { WatchedBox } from "./watched_box.ts";

/** How an alert comes to fire, and what makes it quiet. Each is a line of the runbook. */
export interface Drill {
  readonly settings?: Record<string, string>;
  /** What there is before anything goes wrong. */
  prepare(watched: WatchedBox): Promise<Play>;
}

export interface Play {
  /** What happens in each part of a minute, from the beginning to the end. */
  readonly inEach?: () => Promise<unknown>;
  /** By default 1. A line that hears of nobody for most of a minute takes it for an outage. */
  readonly partsOfMinute?: number;
  /** Breaks something. */
  break(): Promise<unknown>;
  /** How many minutes later the alert fires. */
  readonly firesWithin: number;
  /** Turns the lever that the runbook names. */
  turn(): Promise<unknown>;
  /** How many minutes later the alert is quiet. */
  readonly healsWithin: number;
  /** Takes away what others would meet. */
  clean?(): Promise<unknown>;
}

/** Does something several times, one after the other. */
export async function times(count: number, act: (index: number) => Promise<unknown>) {
  for (let index = 0; index < count; index++) await act(index);
}
