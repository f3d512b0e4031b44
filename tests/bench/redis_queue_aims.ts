import type { ActFigures } from "./act_figures.ts";

/** What a call should cost at most. */
export interface Aim {
  /** Billed by Upstash, the call itself included. */
  readonly commands?: number;
  /** Redis's own time, at every number of fans. */
  readonly us?: number;
}

export const LINE_AIMS = {
  join: { commands: 6, us: 16 },
  nearPoll: { commands: 4, us: 13 },
  nearPollFirst: { commands: 5 },
  farPoll: {},
  // The cached read that travels with it is one more.
  admissionCheck: { commands: 4 },
  front: {},
  leave: {},
  endAndPromote: { commands: 12 },
  cron: {},
  cronEmpty: { commands: 4 },
} as const satisfies Readonly<Record<string, Aim>>;

/** No script should be longer. */
export const LONGEST_SCRIPT_US = 5_000;
/** Growth of used_memory by a waiting fan of many. */
export const MOST_BYTES_A_FAN = 112;
/** So many slots that come free at once, with callers at hand. */
export const FILLED_WITHIN_MS = 2_000;

/**
 * "met", what is missed and by how much, or "–" without an aim. The least of the rounds counts:
 * other programs on the machine make the others longer.
 */
export function compareToAim({ commands, us }: Aim, figures: readonly ActFigures[]): string {
  const parts = [
    ...(commands === undefined
      ? []
      : [over(`${commands} commands`, commands, figures.map((of) => of.commands))]),
    ...(us === undefined ? [] : [over(`${us} µs`, us, figures.map((of) => of.us.min))]),
  ];
  return parts.length === 0 ? "–" : parts.join(", ");
}

/** Whether all values are within the aim. */
export function over(name: string, most: number, values: readonly number[]): string {
  const highest = Math.max(...values);
  const by = Math.ceil(100 * (highest / most - 1));
  return highest <= most ? `≤ ${name}: met` : `≤ ${name}: MISSED by ${by} %`;
}
