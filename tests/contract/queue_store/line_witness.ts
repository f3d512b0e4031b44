import assert from "node:assert/strict";
import {
  type LineSettings,
  type PlaceRef,
  showUpWindowMs,
  type Standing,
} from "../../../src/domain/line.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { Joined, LineCounts } from "../../../src/ports/queue_store.ts";

/** What the answers to one fan have promised about one place. */
interface Testimony {
  readonly place: PlaceRef;
  readonly createdSeq: number;
  /** Whether the fan has called often enough never to miss a turn nor to age out. */
  polls: boolean;
  lastCallMs: number;
  lastStanding: Standing | null;
  /** The last answer before the admission, and the one that told it. */
  waitedUntilSeq: number;
  admittedSeq: number | null;
  over: boolean;
}

function refKey({ fan, order, epoch }: PlaceRef): string {
  return JSON.stringify([fan, order, epoch]);
}

/**
 * Holds the answers of a line against L1 to L5 of the contract, by what fans were told alone.
 * It is no model of the line: it knows what must not be, not what must come next.
 */
export function lineWitness(settings: LineSettings, clock: Clock) {
  const windowMs = showUpWindowMs(settings);
  let latest = new Map<string, Testimony>();
  let byRef = new Map<string, Testimony>();
  let seq = 0;

  function hear(testimony: Testimony, standing: Standing): void {
    const { lastStanding: last } = testimony;
    const nowMs = clock();
    if (nowMs - testimony.lastCallMs >= windowMs) testimony.polls = false;
    if (testimony.over) {
      assert.deepEqual(
        standing,
        { state: "GONE", reason: "ENDED" },
        "a place that is over stays so",
      );
      return;
    }
    if (last?.state === "ADMITTED") {
      const expected = nowMs < last.expiresAtMs ? last : { state: "GONE", reason: "ENDED" };
      assert.deepEqual(standing, expected, "an admission lasts exactly as long as it was told");
    }
    if (testimony.polls && last?.state === "WAITING") {
      assert.notEqual(standing.state, "GONE", "L4: never gone while waiting");
      if (standing.state === "WAITING") {
        assert.ok(standing.ahead <= last.ahead, "L4: the position never rises");
      }
    }
    testimony.lastCallMs = nowMs;
    testimony.lastStanding = standing;
    if (standing.state === "WAITING") {
      testimony.waitedUntilSeq = seq;
      for (const other of byRef.values()) assertNotOvertaken(testimony, other);
    }
    if (standing.state === "ADMITTED") testimony.admittedSeq ??= seq;
    if (standing.state === "GONE") testimony.over = true;
  }

  /** L2, among fans who miss no turn: no later ticket goes in while an earlier one waits. */
  function assertNotOvertaken(waiting: Testimony, other: Testimony): void {
    if (!waiting.polls || !other.polls || other.admittedSeq === null) return;
    const wasThere = waiting.createdSeq < other.waitedUntilSeq;
    const overtaken = wasThere && waiting.place.order < other.place.order;
    assert.ok(!overtaken, `L2: ${other.place.fan} overtook ${waiting.place.fan}`);
  }

  function mayLive(testimony: Testimony): boolean {
    const last = testimony.lastStanding;
    return !testimony.over && !(last?.state === "ADMITTED" && last.expiresAtMs <= clock());
  }

  function surelyLives(testimony: Testimony): boolean {
    const silentMs = clock() - testimony.lastCallMs;
    const told = testimony.lastStanding?.state === "ADMITTED" || silentMs < windowMs;
    return mayLive(testimony) && told;
  }

  return {
    joined(fan: string, { created, place, standing }: Joined): void {
      seq++;
      const known = latest.get(fan);
      assert.notEqual(standing.state, "GONE", "whoever joins has a place");
      assert.equal(place.fan, fan);
      if (!created) {
        assert.deepEqual(place, known?.place, "L3: the same place again");
        hear(known!, standing);
        return;
      }
      assert.ok(!byRef.has(refKey(place)), "a new place has a ticket of its own");
      assert.ok(!known || !surelyLives(known), "L3: no second place beside a live one");
      if (known) known.over = true;
      const testimony: Testimony = {
        place,
        createdSeq: seq,
        polls: true,
        lastCallMs: clock(),
        lastStanding: null,
        waitedUntilSeq: seq,
        admittedSeq: null,
        over: false,
      };
      latest.set(fan, testimony);
      byRef.set(refKey(place), testimony);
      hear(testimony, standing);
    },
    told(place: PlaceRef, standing: Standing): void {
      seq++;
      const testimony = byRef.get(refKey(place));
      if (testimony) hear(testimony, standing);
      else assert.deepEqual(standing, { state: "GONE", reason: "LINE_RESET" });
    },
    left(place: PlaceRef, standing: Standing): void {
      const reason = byRef.has(refKey(place)) ? "ENDED" : "LINE_RESET";
      assert.deepEqual(standing, { state: "GONE", reason });
      this.ended(place);
    },
    ended(place: PlaceRef): void {
      seq++;
      const testimony = byRef.get(refKey(place));
      if (testimony) testimony.over = true;
    },
    counted({ waiting, admitted, parked }: LineCounts): void {
      seq++;
      assert.ok(admitted <= settings.capacity, `L1: ${admitted} are admitted`);
      const stand = [...latest.values()];
      const total = waiting + admitted + parked;
      const least = stand.filter(surelyLives).length;
      const most = stand.filter(mayLive).length;
      assert.ok(least <= total, `L5: ${total} stand in the room, at least ${least} should`);
      assert.ok(total <= most, `L5: ${total} stand in the room, at most ${most} can`);
    },
    wiped(): void {
      latest = new Map();
      byRef = new Map();
    },
  };
}
