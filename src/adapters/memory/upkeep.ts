import type { FanId } from "../../domain/ids.ts";
import { admissionMeter } from "./admission_meter.ts";
import type { Gathering } from "./gathering.ts";
import type { RoomPlaces } from "./places.ts";
import { admissionRate } from "./rate.ts";
import type { RoomRules } from "./rules.ts";
import type { RoomStock } from "./stock.ts";

/** The most fans that one act moves for each kind of upkeep. */
export const UPKEEP_BATCH = 256;

export interface UpkeepParts {
  readonly places: RoomPlaces;
  readonly lobby: Gathering;
  readonly rules: RoomRules;
  readonly stock: RoomStock;
}

/** What every act does on the way: a bounded share of drawing, expiring and promoting. */
export function roomUpkeep({ places, lobby, rules, stock }: UpkeepParts) {
  const { waiting, returned, admitted } = places;
  const meter = admissionMeter();
  const rate = admissionRate();

  function drawBatch(nowMs: number): void {
    for (let drawn = 0; drawn < UPKEEP_BATCH; drawn++) {
      const next = lobby.drawNext();
      if (!next) return;
      places.add({ ...next, wasDrawn: true }, nowMs);
    }
  }

  /** Whoever comes in a free slot's way with nobody in front walks in, whatever the stock. */
  function walksIn(): boolean {
    const head = places.inLine === 1 && !lobby.isDrawing && waiting.first();
    return head ? places.get(head.member as FanId)!.fresh : false;
  }

  /** How many may be promoted now. */
  function free(nowMs: number, release: number): number {
    const slots = rules.now.capacity - admitted.size;
    const allowed = Math.min(slots, rate.allowed(rules.pace(), nowMs));
    switch (rules.state(nowMs)) {
      case "OPEN":
      case "DRAINING":
        return Math.min(allowed, Math.max(stock.budget, walksIn() ? 1 : 0));
      case "HELD":
        return Math.min(allowed, release);
      default:
        return 0;
    }
  }

  /** Nobody overtakes those who have not drawn their tickets yet. */
  function head() {
    const first = waiting.first();
    const isBehind = lobby.isDrawing && first && first.score > lobby.lastTicket;
    return returned.first() ?? (isBehind ? undefined : first);
  }

  function promoteBatch(nowMs: number, release: number) {
    const most = free(nowMs, release);
    let promoted = 0;
    let waited = 0;
    let taken = 0;
    for (; taken < UPKEEP_BATCH && promoted < most; taken++) {
      const next = head();
      if (!next) break;
      const place = places.live(next.member as FanId, nowMs);
      if (!place) continue;
      places.admit(place, nowMs + rules.windowMs(nowMs));
      promoted++;
      if (!place.fresh) waited++;
    }
    rate.admitted(promoted, rules.pace(), nowMs);
    stock.spend(promoted);
    meter.count(nowMs, promoted, waited);
    return { promoted, more: taken === UPKEEP_BATCH };
  }

  return {
    meter,
    run(nowMs: number, release = 0) {
      drawBatch(nowMs);
      const expired = places.expireBatch(nowMs, UPKEEP_BATCH);
      const { promoted, more } = promoteBatch(nowMs, release);
      meter.observe(nowMs, places.inLine + (lobby.isDrawing ? lobby.size : 0));
      return {
        expired,
        admitted: promoted,
        more: more || lobby.isDrawing || expired >= UPKEEP_BATCH,
      };
    },
  };
}
