import { ordersPerSecond, rememberedShare, slotSeconds } from "../../domain/line_speed.ts";
import type { EndCause, LineSpeed, RulesSnapshot } from "../../domain/queue.ts";
import { ADMISSION_BUCKET_MS, PACE_SAMPLE_MS } from "../../domain/queue_bounds.ts";

const LAST_MINUTE_MS = 60_000;

/** What is measured of a room's line; see `LineSpeed`. */
export class RoomSpeed {
  pace = 0;
  /** Slots that were ever given. */
  turns = 0;
  #admitted = 0;
  readonly #tally = { ended: 0, slotMs: 0, surprise: 0, called: 0, absent: 0 };
  /** Until when `slotMs` is counted. */
  #countedAtMs: number;
  /** The last sample: when it was, and the tally then. */
  #sampled: { readonly atMs: number; readonly ended: number; readonly slotMs: number };
  #buckets: { readonly startMs: number; admitted: number }[] = [];

  constructor(nowMs: number) {
    this.#countedAtMs = nowMs;
    this.#sampled = { atMs: nowMs, ended: 0, slotMs: 0 };
  }

  recordTurn(isAgain: boolean, nowMs: number): void {
    this.#countSlots(nowMs);
    this.#admitted++;
    this.turns++;
    // The fan was counted as absent at the missed turn.
    if (isAgain) this.#tally.absent--;
    const startMs = nowMs - nowMs % ADMISSION_BUCKET_MS;
    const bucket = this.#buckets.find((one) => one.startMs === startMs);
    if (bucket) bucket.admitted++;
    else this.#buckets = [...this.#lastMinute(nowMs), { startMs, admitted: 1 }];
  }

  /** The time of a missed turn does not count: the next absent fan is overdue before the turn. */
  recordEnd(cause: EndCause, sinceMs: number, nowMs: number): void {
    this.#countSlots(nowMs);
    this.#admitted--;
    if (cause !== "TURN_MISSED") this.#tally.ended++;
    else {
      this.#tally.absent++;
      this.#tally.slotMs = Math.max(0, this.#tally.slotMs - (nowMs - sinceMs));
    }
  }

  recordCalled(orders: number, hasSlot: boolean): void {
    this.#tally.called += orders;
    this.#tally.absent += hasSlot ? orders - 1 : orders;
  }

  /** Nobody can end a turn in an outage. */
  leaveOut(outageMs: number): void {
    this.#countedAtMs += outageMs;
  }

  measure(rules: RulesSnapshot, isMoving: boolean, nowMs: number): void {
    this.#countSlots(nowMs);
    if (nowMs - this.#sampled.atMs >= PACE_SAMPLE_MS) this.#sample(rules, nowMs);
    this.pace = isMoving ? ordersPerSecond(this.#tally, rules) : 0;
  }

  snapshot(seatsLeft: number | null, nowMs: number): LineSpeed {
    this.#countSlots(nowMs);
    return { pace: this.pace, admitted: this.#admitted, seatsLeft, ...this.#tally };
  }

  admittedLastMinute(nowMs: number): number {
    return this.#lastMinute(nowMs).reduce((sum, { admitted }) => sum + admitted, 0);
  }

  #sample({ capacity }: RulesSnapshot, nowMs: number): void {
    const tally = this.#tally;
    const ended = tally.ended - this.#sampled.ended;
    const seconds = Math.max(0, tally.slotMs - this.#sampled.slotMs) / 1000;
    tally.surprise += (ended - seconds / slotSeconds(tally, capacity)) ** 2;
    const share = rememberedShare(ended, capacity);
    tally.ended *= share;
    tally.slotMs *= share;
    tally.surprise *= share;
    tally.called *= share;
    tally.absent *= share;
    this.#sampled = { atMs: nowMs, ended: tally.ended, slotMs: tally.slotMs };
  }

  #countSlots(nowMs: number): void {
    this.#tally.slotMs += this.#admitted * (nowMs - this.#countedAtMs);
    this.#countedAtMs = nowMs;
  }

  #lastMinute(nowMs: number) {
    return this.#buckets.filter(({ startMs }) => startMs > nowMs - LAST_MINUTE_MS);
  }
}
