import type { Draw, LineAnswer } from "./answers.ts";

/** One answer about a place in line, as the fan saw it. Times are from the start of the rush. */
export interface Sighting {
  /** One place of one fan: a new one is made by each 201. */
  readonly place: string;
  readonly fan: number;
  readonly state: LineAnswer["state"];
  readonly ticket: number | null;
  readonly position: number | null;
  readonly estimatedWaitSeconds: number | null;
  readonly pollAfterSeconds: number | null;
  readonly reason: LineAnswer["reason"];
  readonly seatsMayReturn: boolean | null;
  readonly pseudonym: string | null;
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

/** The sale at one moment: the line as the operator sees it, seats as the fans were told. */
export interface Sample {
  readonly atMs: number;
  readonly waiting: number;
  readonly admitted: number;
  readonly parked: number;
  readonly capacity: number;
  readonly admittedLastMinute: number;
  readonly sold: number;
}

/** What everybody was told of a draw. */
export interface DrawSighting {
  readonly draw: Draw | null;
  readonly receivedAtMs: number;
}

export type Count =
  | "polls"
  | "returned parked"
  | "races lost"
  | "gathered again"
  | "left and gathered anew"
  | "seats changed"
  | "holds lapsed"
  | "answers cut off"
  | "sent twice"
  | "limit refusals";

const MAX_DETAILS = 20;

/** All that was seen in the rush; only ever appended to. */
export function seen() {
  const sightings: Sighting[] = [];
  const samples: Sample[] = [];
  const timings = new Map<string, number[]>();
  const queuedMs: number[] = [];
  const counts = new Map<Count, number>();
  const lost = new Map<string, number>();
  const serverFaults: string[] = [];
  const oddities: string[] = [];
  const epochs = new Set<string>();
  const draws: DrawSighting[] = [];
  const firstJoins = new Map<number, number>();
  const leftPlaces = new Set<string>();
  const firstHolds = new Map<number, number>();
  const firstPayments = new Map<number, number>();
  return {
    sightings,
    samples,
    timings,
    /** How long each call waited for a socket, which is no part of its timing. */
    queuedMs,
    counts,
    lost,
    /** Answers of 5xx. */
    serverFaults,
    /** Answers that the contract does not allow, in words. */
    oddities,
    epochs,
    draws,
    /** When each fan first asked to join, whatever came of it. */
    firstJoins,
    leftPlaces,
    /** When each seat was first asked for, and first asked to be paid, whatever came of it. */
    firstHolds,
    firstPayments,
    sold: 0,
    limit: null as number | null,
    lineWasReset: false,
    count(what: Count, by = 1) {
      counts.set(what, (counts.get(what) ?? 0) + by);
    },
    odd(what: string) {
      if (oddities.length < MAX_DETAILS) oddities.push(what);
    },
    tap: {
      queued(ms: number) {
        queuedMs.push(ms);
      },
      answered(name: string, status: number, ms: number, detail: string) {
        const known = timings.get(name);
        if (known) known.push(ms);
        else timings.set(name, [ms]);
        if (status >= 500) serverFaults.push(`${name} ${status} ${detail}`.trim());
      },
      lost(name: string) {
        lost.set(name, (lost.get(name) ?? 0) + 1);
      },
    },
  };
}

export type Seen = ReturnType<typeof seen>;
