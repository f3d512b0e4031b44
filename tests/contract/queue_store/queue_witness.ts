import assert from "node:assert/strict";
import type { PlaceRef, QueueSettings, Standing } from "../../../src/domain/queue.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { Joined, QueueCounts } from "../../../src/ports/queue_store.ts";

/** What the answers to one fan have promised about one place. */
interface Testimony {
  readonly place: PlaceRef;
  readonly createdSeq: number;
  /** Whether the fan has called often enough never to miss a turn nor to age out. */
  polls: boolean;
  lastCallMs: number;
  lastStanding: Standing | null;
  /** The ticket, once an answer has named it. */
  order: number | null;
  /** The last answer before the admission, and the first answer with it. */
  waitedUntilSeq: number;
  admittedSeq: number | null;
  over: boolean;
}

function refKey({ fan, order, epoch }: PlaceRef): string {
  return JSON.stringify([fan, order, epoch]);
}

/** A fan who gathered has a token for each time of joining, and another one after the draw. */
function isSamePlace(one: PlaceRef, other: PlaceRef | undefined): boolean {
  if (!other || one.fan !== other.fan || one.epoch !== other.epoch) return false;
  return one.order === other.order || other.order < 0;
}

/**
 * Holds the answers of a line against L1 to L5 of the contract, by the answers to fans alone,
 * under any change of the rules. It is no model of the queue: it knows what must not be,
 * not what must come next.
 */
export function queueWitness({ showUpMs }: Pick<QueueSettings, "showUpMs">, clock: Clock) {
  let latest = new Map<string, Testimony>();
  let byRef = new Map<string, Testimony>();
  let seq = 0;
  let lastAdmitted = 0;
  let lastCapacity = 0;

  /** How long a fan may be silent after this answer and be sure not to have missed a turn. */
  function mayBeSilentMs(last: Standing | null): number {
    if (last?.state === "WAITING") return last.pollAfterSeconds * 1000 + showUpMs;
    return last?.state === "GATHERED" ? last.rules.pollMaxSeconds * 1000 + showUpMs : 0;
  }

  function assertEnded(standing: Standing, message: string): void {
    const endedBecause = standing.state === "GONE" ? standing.endedBecause : null;
    assert.deepEqual(standing, { state: "GONE", reason: "ENDED", endedBecause }, message);
  }

  function hear(testimony: Testimony, standing: Standing): void {
    const { lastStanding: last } = testimony;
    const nowMs = clock();
    if (last && nowMs - testimony.lastCallMs >= mayBeSilentMs(last)) testimony.polls = false;
    if (testimony.over) {
      assertEnded(standing, "a place that is over stays so");
      return;
    }
    if (last?.state === "ADMITTED") {
      const message = "an admission lasts exactly as long as the answer says";
      const rules = "rules" in standing ? standing.rules : last.rules;
      if (nowMs >= last.expiresAtMs) assertEnded(standing, message);
      else assert.deepEqual(standing, { ...last, rules, provenAtMs: nowMs }, message);
    }
    if (testimony.polls && last && last.state !== "ADMITTED") {
      assert.notEqual(standing.state, "GONE", "L4: never gone while waiting");
      if (standing.state === "WAITING" && last.state === "WAITING") {
        const isFirm = standing.positionIs !== "AT_LEAST" && last.positionIs !== "AT_LEAST";
        assert.ok(!isFirm || standing.ahead! <= last.ahead!, "L4: the position never rises");
        assert.ok(standing.isNear || !last.isNear, "near never becomes far");
      }
    }
    assert.ok(
      standing.state !== "GATHERED" || !last || last.state === "GATHERED",
      "nobody goes back from the line into the lobby",
    );
    testimony.lastCallMs = nowMs;
    testimony.lastStanding = standing;
    if (standing.state === "WAITING" || standing.state === "ADMITTED") {
      assert.ok(
        testimony.order === null || testimony.order === standing.order,
        "a ticket never changes",
      );
      testimony.order = standing.order;
    }
    if (standing.state === "WAITING") {
      testimony.waitedUntilSeq = seq;
      for (const other of byRef.values()) assertNotOvertaken(testimony, other);
    }
    if (standing.state === "ADMITTED") testimony.admittedSeq ??= seq;
    if (standing.state === "GONE") testimony.over = true;
  }

  /** L2, among fans who miss no turn: no later ticket is admitted while an earlier one waits. */
  function assertNotOvertaken(waiting: Testimony, other: Testimony): void {
    if (!waiting.polls || !other.polls || other.admittedSeq === null) return;
    if (waiting.order === null || other.order === null) return;
    const wasThere = waiting.createdSeq < other.waitedUntilSeq;
    const overtaken = wasThere && waiting.order < other.order;
    assert.ok(!overtaken, `L2: ${other.place.fan} overtook ${waiting.place.fan}`);
  }

  function mayLive(testimony: Testimony): boolean {
    const last = testimony.lastStanding;
    return !testimony.over && !(last?.state === "ADMITTED" && last.expiresAtMs <= clock());
  }

  function surelyLives(testimony: Testimony): boolean {
    const last = testimony.lastStanding;
    const silentMs = clock() - testimony.lastCallMs;
    const isAlive = last?.state === "ADMITTED" || silentMs < mayBeSilentMs(last);
    return mayLive(testimony) && isAlive;
  }

  return {
    joined(fan: string, { created, place, standing }: Joined): void {
      seq++;
      const known = latest.get(fan);
      assert.notEqual(standing.state, "GONE", "a fan who joins has a place");
      assert.equal(place.fan, fan);
      if (!created) {
        assert.ok(isSamePlace(place, known?.place), "L3: the same place again");
        byRef.set(refKey(place), known!);
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
        order: null,
        waitedUntilSeq: seq,
        admittedSeq: null,
        over: false,
      };
      latest.set(fan, testimony);
      byRef.set(refKey(place), testimony);
      hear(testimony, standing);
    },
    answered(place: PlaceRef, standing: Standing): void {
      seq++;
      const testimony = byRef.get(refKey(place));
      if (testimony) hear(testimony, standing);
      else assert.equal(standing.state === "GONE" && standing.reason, "LINE_RESET");
    },
    left(place: PlaceRef, standing: Standing): void {
      const reason = byRef.has(refKey(place)) ? "ENDED" : "LINE_RESET";
      assert.equal(standing.state === "GONE" && standing.reason, reason);
      this.ended(place);
    },
    ended(place: PlaceRef): void {
      seq++;
      const testimony = byRef.get(refKey(place));
      if (testimony) testimony.over = true;
    },
    /** To be called before and after each change of the rules: a lower capacity evicts nobody. */
    counted({ gathered, waiting, admitted, parked, rules }: QueueCounts): void {
      seq++;
      assert.ok(
        admitted <= Math.max(rules.capacity, lastCapacity, lastAdmitted),
        `L1: ${admitted} are admitted`,
      );
      lastAdmitted = admitted;
      // What was due under earlier rules is done before they are replaced.
      lastCapacity = rules.capacity;
      const stand = [...latest.values()];
      const total = gathered + waiting + admitted + parked;
      const least = stand.filter(surelyLives).length;
      const most = stand.filter(mayLive).length;
      assert.ok(least <= total, `L5: ${total} stand in the room, at least ${least} should`);
      assert.ok(total <= most, `L5: ${total} stand in the room, at most ${most} can`);
    },
    wiped(): void {
      latest = new Map();
      byRef = new Map();
      lastAdmitted = 0;
    },
  };
}
