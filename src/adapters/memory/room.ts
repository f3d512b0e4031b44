import type { FanId, RoomId } from "../../domain/ids.ts";
import {
  type LineSettings,
  orderAfterReset,
  orderBeforeFirst,
  type PlaceRef,
  showUpWindowMs,
  type Standing,
} from "../../domain/line.ts";
import type { Sighting } from "../../ports/queue_store.ts";
import { admissionMeter } from "./admission_meter.ts";
import { SortedSet } from "./sorted_set.ts";

/** The most fans that one act moves for each kind of upkeep. */
export const UPKEEP_BATCH = 256;

interface Place {
  readonly fan: FanId;
  readonly order: number;
  /** Whether a turn was missed already; the second miss ends the place. */
  missedTurn: boolean;
  /** Whether the fan has made a call, or was told, since being admitted. */
  shownUp: boolean;
  /** The lowest number ahead that a rejoined fan was told; a position never rises. */
  toldAhead: number;
  /** Promoted by the very call that made the place, without waiting. */
  fresh: boolean;
}

/**
 * One epoch of one room. A live place is in exactly one of four sets: `waiting` (by order),
 * `returned` (missed a turn and came back, by return: they take the next slots and count in
 * nobody's position), `admitted` and `parked` (both by the time they end).
 */
export function room(id: RoomId, epoch: string, createdAtMs: number, settings: LineSettings) {
  const places = new Map<FanId, Place>();
  const waiting = new SortedSet();
  const returned = new SortedSet();
  const admitted = new SortedSet();
  const parked = new SortedSet();
  /** When the fans of `waiting` and `returned` last called. */
  const lastCalls = new SortedSet();
  const first = orderBeforeFirst(createdAtMs);
  /** Orders of earlier epochs that were used, by the last ticket given out by then. */
  const rejoined = new SortedSet();
  const fansWhoRejoined = new Set<FanId>();
  const meter = admissionMeter();
  let lastTicket = first;
  let lastReturn = 0;
  let lastActiveAtMs = createdAtMs;

  function remove(place: Place): void {
    for (const set of [waiting, returned, admitted, parked, lastCalls]) set.remove(place.fan);
    places.delete(place.fan);
  }

  function standInLine(place: Place, nowMs: number): void {
    if (place.missedTurn) returned.add(place.fan, ++lastReturn);
    else waiting.add(place.fan, place.order);
    lastCalls.add(place.fan, nowMs);
    place.toldAhead = Infinity;
  }

  function endAdmission(place: Place, deadlineMs: number): void {
    admitted.remove(place.fan);
    if (place.shownUp || place.missedTurn) return remove(place);
    place.missedTurn = true;
    parked.add(place.fan, deadlineMs + settings.waitingTtlMs);
  }

  /** Applies to one place whatever time has done to it, ahead of the bounded upkeep. */
  function expire(place: Place, nowMs: number): void {
    const deadlineMs = admitted.score(place.fan);
    if (deadlineMs !== undefined && deadlineMs <= nowMs) endAdmission(place, deadlineMs);
    const parkedUntilMs = parked.score(place.fan);
    if (parkedUntilMs !== undefined && parkedUntilMs <= nowMs) remove(place);
    const lastCallMs = lastCalls.score(place.fan);
    if (lastCallMs !== undefined && lastCallMs + settings.waitingTtlMs <= nowMs) remove(place);
  }

  function live(fan: FanId, nowMs: number): Place | undefined {
    const place = places.get(fan);
    if (place) expire(place, nowMs);
    return places.get(fan);
  }

  function showUp(place: Place, nowMs: number): void {
    if (place.shownUp) return;
    place.shownUp = true;
    admitted.add(place.fan, nowMs + settings.admissionTtlMs);
  }

  /** The fan makes a call of their own; an admitted one shows up by being told so. */
  function recordCall(place: Place, nowMs: number): void {
    if (parked.remove(place.fan)) standInLine(place, nowMs);
    else if (lastCalls.has(place.fan)) lastCalls.add(place.fan, nowMs);
  }

  function expireBatch(nowMs: number): number {
    let expired = 0;
    for (
      const [set, ttlMs] of [[admitted, 0], [parked, 0], [
        lastCalls,
        settings.waitingTtlMs,
      ]] as const
    ) {
      for (let moved = 0; moved < UPKEEP_BATCH; moved++) {
        const first = set.first();
        if (!first || first.score + ttlMs > nowMs) break;
        expire(places.get(first.member as FanId)!, nowMs);
        expired++;
      }
    }
    return expired;
  }

  function promoteBatch(nowMs: number): number {
    let promoted = 0;
    let waited = 0;
    for (let moved = 0; moved < UPKEEP_BATCH && admitted.size < settings.capacity; moved++) {
      const head = returned.first() ?? waiting.first();
      if (!head) break;
      const place = places.get(head.member as FanId)!;
      expire(place, nowMs);
      if (!places.has(place.fan)) continue;
      for (const set of [waiting, returned, lastCalls]) set.remove(place.fan);
      admitted.add(place.fan, nowMs + showUpWindowMs(settings));
      place.shownUp = false;
      promoted++;
      if (!place.fresh) waited++;
    }
    meter.count(nowMs, promoted, waited);
    return promoted;
  }

  function upkeep(nowMs: number) {
    if (places.size > 0) lastActiveAtMs = nowMs;
    const expired = expireBatch(nowMs);
    const promoted = promoteBatch(nowMs);
    meter.observe(nowMs, waiting.size + returned.size);
    const more = expired >= UPKEEP_BATCH || promoted >= UPKEEP_BATCH;
    return { expired, admitted: promoted, more };
  }

  /**
   * A told position never rises, whoever rejoins in front. For a ticket of this epoch, those who
   * rejoined after it are taken off; for one of an earlier epoch, the lowest number told is kept.
   */
  function aheadToTell(place: Place, rank: number): number {
    if (place.order < first) return place.toldAhead = Math.min(place.toldAhead, rank);
    const rejoinedAfter = rejoined.size - rejoined.countBelow(place.order);
    return rank - Math.min(rejoinedAfter, waiting.countBelow(first));
  }

  function standing(place: Place | undefined, nowMs: number): Standing {
    if (!place || !places.has(place.fan)) return { state: "GONE", reason: "ENDED" };
    if (admitted.has(place.fan)) {
      showUp(place, nowMs);
      return { state: "ADMITTED", expiresAtMs: admitted.score(place.fan)! };
    }
    const rank = (place.missedTurn ? returned : waiting).rank(place.fan)!;
    const ahead = place.missedTurn ? rank : aheadToTell(place, rank);
    return {
      state: "WAITING",
      ahead,
      aheadIsExact: ahead === rank,
      expiresAtMs: nowMs + settings.waitingTtlMs,
      pace: meter.pace(nowMs),
    };
  }

  /**
   * A ticket of an earlier epoch counts once, and a fan has one, for the waiting time after the
   * reset.
   */
  function orderFor(fan: FanId, earlier: PlaceRef | null, nowMs: number): number {
    const isEarlier = earlier !== null && earlier.epoch !== epoch;
    const mayRejoin = isEarlier && nowMs < createdAtMs + settings.waitingTtlMs &&
      !fansWhoRejoined.has(fan);
    if (mayRejoin) {
      fansWhoRejoined.add(fan);
      const order = orderAfterReset(earlier.order, first);
      if (!rejoined.has(String(order))) {
        rejoined.add(String(order), lastTicket);
        return order;
      }
    }
    return ++lastTicket;
  }

  function newPlace(fan: FanId, earlier: PlaceRef | null, nowMs: number): Place {
    const order = orderFor(fan, earlier, nowMs);
    const place: Place = {
      fan,
      order,
      missedTurn: false,
      shownUp: false,
      toldAhead: Infinity,
      fresh: true,
    };
    places.set(fan, place);
    standInLine(place, nowMs);
    return place;
  }

  function find(ref: PlaceRef, nowMs: number): Place | undefined {
    const place = live(ref.fan, nowMs);
    return place?.order === ref.order ? place : undefined;
  }

  return {
    id,
    epoch,
    upkeep,
    join(fan: FanId, earlier: PlaceRef | null, nowMs: number) {
      const known = live(fan, nowMs);
      if (known) recordCall(known, nowMs);
      const place = known ?? newPlace(fan, earlier, nowMs);
      upkeep(nowMs);
      place.fresh = false;
      const ref: PlaceRef = { room: id, fan, order: place.order, epoch };
      return { created: !known, place: ref, standing: standing(place, nowMs) };
    },
    status(ref: PlaceRef, nowMs: number): Standing {
      const place = find(ref, nowMs);
      if (place) recordCall(place, nowMs);
      upkeep(nowMs);
      return standing(place, nowMs);
    },
    /** Ends all of them before it promotes anybody: none may be promoted only to be ended. */
    end(refs: readonly PlaceRef[], nowMs: number): void {
      for (const ref of refs) {
        const place = find(ref, nowMs);
        if (!place) continue;
        lastActiveAtMs = nowMs;
        remove(place);
      }
      upkeep(nowMs);
    },
    look(fan: FanId, nowMs: number): Sighting | null {
      upkeep(nowMs);
      const place = live(fan, nowMs);
      if (!place) return null;
      const { order } = place;
      const admittedUntilMs = admitted.score(fan);
      if (admittedUntilMs !== undefined) {
        return { state: "ADMITTED", order, ahead: null, expiresAtMs: admittedUntilMs };
      }
      const parkedUntilMs = parked.score(fan);
      if (parkedUntilMs !== undefined) {
        return { state: "PARKED", order, ahead: null, expiresAtMs: parkedUntilMs };
      }
      const ahead = (place.missedTurn ? returned : waiting).rank(fan)!;
      const expiresAtMs = lastCalls.score(fan)! + settings.waitingTtlMs;
      return { state: "WAITING", order, ahead, expiresAtMs };
    },
    counts(nowMs: number) {
      upkeep(nowMs);
      return {
        waiting: waiting.size + returned.size,
        admitted: admitted.size,
        parked: parked.size,
        admittedLastMinute: meter.admittedLastMinute(nowMs),
      };
    },
    get lastActiveAtMs() {
      return lastActiveAtMs;
    },
  };
}
