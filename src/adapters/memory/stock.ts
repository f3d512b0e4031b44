import { PLENTIFUL_STOCK } from "../../domain/limits.ts";
import type { StockOutlook } from "../../domain/queue.ts";
import {
  COUNT_ORDER_MS,
  COUNT_TAKES_MS,
  RECOUNT_MS,
  SOLD_OUT_RECOUNT_MS,
  SOONEST_RECOUNT_MS,
} from "../../domain/queue_bounds.ts";
import type { Stock } from "../../domain/room.ts";

/** The admissions since all seats were gone. Each of them may take one of the seats left. */
class Limit {
  admitted = 0;
  /** How many of them have ended, and when the last one did. */
  over = 0;
  lastEndMs = -Infinity;
  /** `over` before the first end of each of the latest two spans of `COUNT_TAKES_MS`. */
  samples: readonly { readonly atMs: number; readonly over: number }[] = [];
  /** How many had ended for certain when the latest count began. */
  overAtCount = 0;

  constructor(readonly sinceMs: number) {}

  recordEnd(nowMs: number): void {
    if (nowMs - (this.samples[0]?.atMs ?? -Infinity) >= COUNT_TAKES_MS) {
      this.samples = [{ atMs: nowMs, over: this.over }, ...this.samples.slice(0, 1)];
    }
    this.over++;
    this.lastEndMs = nowMs;
  }

  recordCount(nowMs: number): void {
    const beganMs = nowMs - COUNT_TAKES_MS;
    const sampled = this.samples.find(({ atMs }) => atMs <= beganMs)?.over ?? 0;
    this.overAtCount = this.lastEndMs <= beganMs ? this.over : sampled;
  }
}

/** The seats left, which limit the admissions from a sell-out until plenty come back. */
export class RoomStock {
  outlook: StockOutlook = "SOME";
  /** The last count; null before the first. */
  available: number | null = null;
  #asOfMs = -Infinity;
  #storedAtMs = -Infinity;
  #recountAtMs = 0;
  #limit: Limit | null = null;

  /** How many more fans may be admitted; null without a limit. */
  get budget(): number | null {
    const limit = this.#limit;
    return limit && Math.max(0, (this.available ?? 0) - (limit.admitted - limit.overAtCount));
  }

  /**
   * Stores a count. Returns false if a newer one was stored just now. The order of arrival decides
   * after a while: the clock of a count may have been ahead.
   */
  update({ available, returnsAtMs, asOfMs }: Stock, nowMs: number): boolean {
    const ageMs = nowMs - this.#storedAtMs;
    if (asOfMs <= this.#asOfMs && ageMs >= 0 && ageMs < COUNT_ORDER_MS) return false;
    this.#asOfMs = asOfMs;
    this.#storedAtMs = nowMs;
    this.available = available;
    this.outlook = available > 0 ? "SOME" : returnsAtMs === null ? "NONE" : "HELD";
    if (available >= PLENTIFUL_STOCK) this.#limit = null;
    else if (available === 0) this.#limit ??= new Limit(nowMs);
    this.#limit?.recordCount(nowMs);
    const returnMs = Math.max(returnsAtMs ?? Infinity, nowMs + SOONEST_RECOUNT_MS);
    this.#recountAtMs = this.outlook === "NONE"
      ? nowMs + SOLD_OUT_RECOUNT_MS
      : Math.min(nowMs + RECOUNT_MS, returnMs);
    return true;
  }

  /** Must be called when a fan gets a slot, and when the fan gives it back. */
  recordTurn(nowMs: number): void {
    if (this.#limit && nowMs > this.#limit.sinceMs) this.#limit.admitted++;
  }

  recordEnd(sinceMs: number, nowMs: number): void {
    if (this.#limit && sinceMs > this.#limit.sinceMs) this.#limit.recordEnd(nowMs);
  }

  /** Whether the caller must have the stock counted again. True for one caller per interval. */
  claimRecount(nowMs: number): boolean {
    const isDue = this.#limit !== null && nowMs >= this.#recountAtMs;
    if (isDue) this.#recountAtMs = nowMs + RECOUNT_MS;
    return isDue;
  }
}
