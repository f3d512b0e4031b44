import type { Draw, QueueAnswer } from "./api/answers.ts";
import type { HttpListener } from "./api/http_client.ts";

/** One answer about a place in the queue. Times are milliseconds since the start of the rush. */
export interface PlaceObservation {
  /** `fan/place`, both numbers. Each 201 of a join makes a new place of the fan. */
  readonly place: string;
  readonly fan: number;
  readonly state: QueueAnswer["state"];
  /** The ticket number. */
  readonly ticket: number | null;
  readonly position: number | null;
  readonly estimatedWaitSeconds: number | null;
  readonly pollAfterSeconds: number | null;
  readonly reason: QueueAnswer["reason"];
  readonly seatsMayReturn: boolean | null;
  readonly pseudonym: string | null;
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

/** The sale at one moment: the queue in the operator's answer, the seats in the fans' answers. */
export interface Sample {
  readonly atMs: number;
  readonly waiting: number;
  readonly admitted: number;
  readonly parked: number;
  readonly capacity: number;
  readonly admittedLastMinute: number;
  readonly sold: number;
}

/** One public answer about the draw of a room. */
export interface DrawObservation {
  readonly draw: Draw | null;
  readonly receivedAtMs: number;
}

export type EventName =
  | "polls"
  | "polls that say"
  | "polls without Redis"
  | "returned parked"
  | "races lost"
  | "gathered again"
  | "left and gathered anew"
  | "seats changed"
  | "holds lapsed"
  | "answers cut off"
  | "sent twice"
  | "limit refusals";

const MAX_CONTRACT_FAULTS = 20;

/** Everything that the crowd and the operator observed. Nothing is ever removed. */
export interface Observations {
  readonly places: PlaceObservation[];
  readonly samples: Sample[];
  readonly draws: DrawObservation[];
  /** By name of the call. Without the wait for a socket. */
  readonly answerTimesMs: Map<string, number[]>;
  readonly socketWaitsMs: number[];
  readonly counts: Map<EventName, number>;
  readonly lostAnswers: Map<string, number>;
  /** Answers of 5xx: call, status and code. */
  readonly serverErrors: string[];
  /** Answers that the contract does not allow. At most 20 are kept. */
  readonly contractFaults: string[];
  /** What each fan who did not finish was waiting for. */
  readonly unfinished: string[];
  readonly epochs: Set<string>;
  readonly leftPlaces: Set<string>;
  /** By fan: the time of the first request to join, whatever its answer. */
  readonly firstJoins: Map<number, number>;
  /** By seat: the time of the first request to hold it, whatever its answer. */
  readonly firstHolds: Map<number, number>;
  /** By seat: the time of the first request to pay it, whatever its answer. */
  readonly firstPayments: Map<number, number>;
  sold: number;
  /** When the last acknowledged payment was answered; null before the first. */
  lastSaleAtMs: number | null;
  /** From the last SEAT_LIMIT_EXCEEDED. */
  seatLimit: number | null;
  queueWasReset: boolean;
  count(event: EventName): void;
  addContractFault(description: string): void;
  readonly listener: HttpListener;
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

export function createObservations(): Observations {
  const answerTimesMs = new Map<string, number[]>();
  const socketWaitsMs: number[] = [];
  const counts = new Map<EventName, number>();
  const lostAnswers = new Map<string, number>();
  const serverErrors: string[] = [];
  const contractFaults: string[] = [];
  return {
    places: [],
    samples: [],
    draws: [],
    answerTimesMs,
    socketWaitsMs,
    counts,
    lostAnswers,
    serverErrors,
    contractFaults,
    unfinished: [],
    epochs: new Set(),
    leftPlaces: new Set(),
    firstJoins: new Map(),
    firstHolds: new Map(),
    firstPayments: new Map(),
    sold: 0,
    lastSaleAtMs: null,
    seatLimit: null,
    queueWasReset: false,
    count: (event) => increment(counts, event),
    addContractFault(description) {
      if (contractFaults.length < MAX_CONTRACT_FAULTS) contractFaults.push(description);
    },
    listener: {
      waitedForSocket: (ms) => void socketWaitsMs.push(ms),
      answered(callName, status, ms, detail) {
        const times = answerTimesMs.get(callName);
        if (times) times.push(ms);
        else answerTimesMs.set(callName, [ms]);
        if (status >= 500) serverErrors.push(`${callName} ${status} ${detail}`.trim());
      },
      answerLost: (callName) => increment(lostAnswers, callName),
    },
  };
}
