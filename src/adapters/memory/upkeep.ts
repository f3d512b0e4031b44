import type { FanId } from "../../domain/ids.ts";
import { ROOM_STATE_POLICIES } from "../../domain/room.ts";
import { type AdmissionMeter, createAdmissionMeter } from "./admission_meter.ts";
import type { Gathering } from "./gathering.ts";
import type { RoomPlaces } from "./places.ts";
import { createAdmissionRate } from "./rate.ts";
import type { RoomRules } from "./rules.ts";
import type { RoomStock } from "./stock.ts";

/** The maximum of fans that one act moves for each kind of upkeep. */
export const UPKEEP_BATCH = 256;

export interface UpkeepParts {
  readonly places: RoomPlaces;
  readonly lobby: Gathering;
  readonly rules: RoomRules;
  readonly stock: RoomStock;
}

export interface UpkeepResult {
  readonly expired: number;
  readonly admitted: number;
  readonly more: boolean;
}

/** The part of every act that draws tickets, expires places and promotes fans, all bounded. */
export interface RoomUpkeep {
  readonly meter: AdmissionMeter;
  /** At most `release` heads are promoted while the room is HELD. */
  run(nowMs: number, release?: number): UpkeepResult;
}

export function createRoomUpkeep({ places, lobby, rules, stock }: UpkeepParts): RoomUpkeep {
  const { waiting, returned, admitted } = places;
  const meter = createAdmissionMeter();
  const rate = createAdmissionRate();

  function drawBatch(nowMs: number): void {
    for (let drawn = 0; drawn < UPKEEP_BATCH; drawn++) {
      const next = lobby.drawNext();
      if (!next) return;
      places.add({ ...next, wasDrawn: true }, nowMs);
    }
  }

  /** A fan who joins an empty line is admitted into a free slot even if no seat is left. */
  function isNewFanAlone(): boolean {
    const head = places.inLine === 1 && !lobby.isDrawing && waiting.first();
    return head ? places.get(head.member as FanId)!.isNew : false;
  }

  /** How many fans may be promoted now. */
  function quota(nowMs: number, release: number): number {
    const slots = rules.current.capacity - admitted.size;
    const allowed = Math.min(slots, rate.allowed(rules.pace(), nowMs));
    const { promotes, isReleasable } = ROOM_STATE_POLICIES[rules.state(nowMs)];
    if (promotes) return Math.min(allowed, Math.max(stock.budget, isNewFanAlone() ? 1 : 0));
    if (isReleasable) return Math.min(allowed, release);
    return 0;
  }

  /** Fans who joined after the opening are not promoted before all gathered fans have tickets. */
  function head() {
    const first = waiting.first();
    const isBehind = lobby.isDrawing && first && first.score > lobby.lastTicket;
    return returned.first() ?? (isBehind ? undefined : first);
  }

  function promoteBatch(nowMs: number, release: number) {
    const most = quota(nowMs, release);
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
      if (!place.isNew) waited++;
    }
    rate.record(promoted, rules.pace(), nowMs);
    stock.spend(promoted);
    meter.count(nowMs, promoted, waited);
    return { promoted, more: taken === UPKEEP_BATCH };
  }

  return {
    meter,
    run(nowMs, release = 0) {
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
