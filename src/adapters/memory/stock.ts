import type { StockOutlook } from "../../domain/queue.ts";
import type { Stock } from "../../domain/room.ts";

/** So many seats are counted as any number. */
const PLENTY = 1_000;
const RECOUNT_MS = 5_000;
const SOLD_OUT_RECOUNT_MS = 60_000;
const SOONEST_RECOUNT_MS = 1_000;

/** What a room knows of the seats that its fans wait for; any number until it is told. */
export function roomStock() {
  let seats: StockOutlook = "SOME";
  let asOfMs = -Infinity;
  /** How many may still be admitted by the latest count. */
  let budget = Infinity;
  let recountAtMs = Infinity;

  return {
    /** Whether it was news. */
    tell(stock: Stock, nowMs: number): boolean {
      if (stock.asOfMs <= asOfMs) return false;
      const { available, returnsAtMs } = stock;
      asOfMs = stock.asOfMs;
      seats = available > 0 ? "SOME" : returnsAtMs === null ? "NONE" : "HELD";
      const isUnlimited = available >= PLENTY || (available > 0 && budget === Infinity);
      budget = isUnlimited ? Infinity : available;
      const returnMs = Math.max(returnsAtMs ?? Infinity, nowMs + SOONEST_RECOUNT_MS);
      recountAtMs = seats === "NONE"
        ? nowMs + SOLD_OUT_RECOUNT_MS
        : Math.min(nowMs + RECOUNT_MS, returnMs);
      return true;
    },
    get seats() {
      return seats;
    },
    get budget() {
      return budget;
    },
    spend(admitted: number): void {
      budget = Math.max(0, budget - admitted);
    },
    /** Whether it is to be counted again; the next one to ask is told so a while later. */
    takeRecount(nowMs: number): boolean {
      const isDue = budget !== Infinity && nowMs >= recountAtMs;
      if (isDue) recountAtMs = nowMs + RECOUNT_MS;
      return isDue;
    },
  };
}

export type RoomStock = ReturnType<typeof roomStock>;
