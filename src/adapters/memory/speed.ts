import { rememberedShare, sampledPace } from "../../domain/promotion.ts";
import { type EndCause, type LineSpeed, TURN_OUTCOMES } from "../../domain/queue.ts";
import { ADMISSION_BUCKET_MS } from "../../domain/queue_bounds.ts";

const LAST_MINUTE_MS = 60_000;

/** What is measured of a room's line. */
export class RoomSpeed {
  pace = 0;
  /** When the pace was sampled, and the highest called order then. */
  sampledAtMs: number;
  sampledCalled: number;
  /** Orders called, and slots given to them, lately. */
  called = 0;
  promoted = 0;
  readonly #beganMs: number;
  #inside = 0;
  /** The sum of the times, each after `#beganMs`, at which those inside got their slots. */
  #sinceSumMs = 0;
  readonly #ended = {
    PAID: { turns: 0, ms: 0 },
    LEFT: { turns: 0, ms: 0 },
    ADMISSION_LAPSED: { turns: 0, ms: 0 },
    TURN_MISSED: { turns: 0, ms: 0 },
  };
  #buckets: { readonly startMs: number; admitted: number }[] = [];

  constructor(nowMs: number, called: number) {
    this.#beganMs = this.sampledAtMs = nowMs;
    this.sampledCalled = called;
  }

  recordTurn(nowMs: number): void {
    this.#inside++;
    this.#sinceSumMs += nowMs - this.#beganMs;
    const startMs = nowMs - nowMs % ADMISSION_BUCKET_MS;
    const bucket = this.#buckets.find((one) => one.startMs === startMs);
    if (bucket) bucket.admitted++;
    else this.#buckets = [...this.#lastMinute(nowMs), { startMs, admitted: 1 }];
  }

  recordEnd(cause: EndCause, sinceMs: number, nowMs: number): void {
    this.#inside--;
    this.#sinceSumMs -= sinceMs - this.#beganMs;
    const outcome = TURN_OUTCOMES.find((one) => one === cause);
    if (!outcome) return;
    this.#ended[outcome].turns++;
    this.#ended[outcome].ms += nowMs - sinceMs;
  }

  /** Samples the pace, unless the line is empty. Earlier turns count less from now on. */
  sample(called: number, isEmpty: boolean, nowMs: number): void {
    const overMs = nowMs - this.sampledAtMs;
    if (!isEmpty) this.pace = sampledPace(this.pace, called - this.sampledCalled, overMs);
    this.sampledAtMs = nowMs;
    this.sampledCalled = called;
    const share = rememberedShare(overMs);
    this.called *= share;
    this.promoted *= share;
    for (const totals of Object.values(this.#ended)) {
      totals.turns *= share;
      totals.ms *= share;
    }
  }

  snapshot(nowMs: number): LineSpeed {
    const { pace, called, promoted } = this;
    const ongoingMs = this.#inside * (nowMs - this.#beganMs) - this.#sinceSumMs;
    const { PAID, LEFT, ADMISSION_LAPSED, TURN_MISSED } = this.#ended;
    const ended = {
      PAID: { ...PAID },
      LEFT: { ...LEFT },
      ADMISSION_LAPSED: { ...ADMISSION_LAPSED },
      TURN_MISSED: { ...TURN_MISSED },
    };
    return { pace, admitted: this.#inside, ongoingMs, ended, called, promoted };
  }

  admittedLastMinute(nowMs: number): number {
    return this.#lastMinute(nowMs).reduce((sum, { admitted }) => sum + admitted, 0);
  }

  #lastMinute(nowMs: number) {
    return this.#buckets.filter(({ startMs }) => startMs > nowMs - LAST_MINUTE_MS);
  }
}
