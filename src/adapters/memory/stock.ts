import { PLENTIFUL_STOCK } from "../../domain/limits.ts";
import type { StockOutlook } from "../../domain/queue.ts";
import type { Stock } from "../../domain/room.ts";

const RECOUNT_MS = 5_000;
const SOLD_OUT_RECOUNT_MS = 60_000;
const SOONEST_RECOUNT_MS = 1_000;

/** The latest stock of a room and the admissions that it allows; unlimited before an update. */
export interface RoomStock {
  readonly outlook: StockOutlook;
  /** How many more fans the latest count allows to be admitted; Infinity without a limit. */
  readonly budget: number;
  /** Stores a count. Returns false if it is not newer than the stored count. */
  update(stock: Stock, nowMs: number): boolean;
  spend(admitted: number): void;
  /** Whether the caller must have the stock counted again. True for one caller per interval. */
  claimRecount(nowMs: number): boolean;
}

export function createRoomStock(): RoomStock {
  let outlook: StockOutlook = "SOME";
  let asOfMs = -Infinity;
  let budget = Infinity;
  let recountAtMs = Infinity;

  return {
    get outlook() {
      return outlook;
    },
    get budget() {
      return budget;
    },
    update(stock, nowMs) {
      if (stock.asOfMs <= asOfMs) return false;
      const { available, returnsAtMs } = stock;
      asOfMs = stock.asOfMs;
      outlook = available > 0 ? "SOME" : returnsAtMs === null ? "NONE" : "HELD";
      const isUnlimited = available >= PLENTIFUL_STOCK || (available > 0 && budget === Infinity);
      budget = isUnlimited ? Infinity : available;
      const returnMs = Math.max(returnsAtMs ?? Infinity, nowMs + SOONEST_RECOUNT_MS);
      recountAtMs = outlook === "NONE"
        ? nowMs + SOLD_OUT_RECOUNT_MS
        : Math.min(nowMs + RECOUNT_MS, returnMs);
      return true;
    },
    spend(admitted) {
      budget = Math.max(0, budget - admitted);
    },
    claimRecount(nowMs) {
      const isDue = budget !== Infinity && nowMs >= recountAtMs;
      if (isDue) recountAtMs = nowMs + RECOUNT_MS;
      return isDue;
    },
  };
}
