import type { FanId } from "../../domain/ids.ts";
import { SortedSet } from "./sorted_set.ts";

export interface Place {
  readonly fan: FanId;
  readonly order: number;
  /** Whether the ticket was drawn at the opening: its tokens are those of the gathering. */
  readonly wasDrawn: boolean;
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
 * The places of a room. A live one is in exactly one of four sets: `waiting` (by order),
 * `returned` (missed a turn and came back, by return: they take the next slots and count in
 * nobody's position), `admitted` and `parked` (both by the time they end).
 */
export function roomPlaces(waitingTtlMs: number) {
  const places = new Map<FanId, Place>();
  const waiting = new SortedSet();
  const returned = new SortedSet();
  const admitted = new SortedSet();
  const parked = new SortedSet();
  /** When the fans of `waiting` and `returned` last called. */
  const lastCalls = new SortedSet();
  let lastReturn = 0;

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
    parked.add(place.fan, deadlineMs + waitingTtlMs);
  }

  /** Applies to one place whatever time has done to it, ahead of the bounded upkeep. */
  function expire(place: Place, nowMs: number): void {
    const deadlineMs = admitted.score(place.fan);
    if (deadlineMs !== undefined && deadlineMs <= nowMs) endAdmission(place, deadlineMs);
    const parkedUntilMs = parked.score(place.fan);
    if (parkedUntilMs !== undefined && parkedUntilMs <= nowMs) remove(place);
    const lastCallMs = lastCalls.score(place.fan);
    if (lastCallMs !== undefined && lastCallMs + waitingTtlMs <= nowMs) remove(place);
  }

  return {
    waiting,
    returned,
    admitted,
    parked,
    get size() {
      return places.size;
    },
    get inLine() {
      return waiting.size + returned.size;
    },
    get: (fan: FanId) => places.get(fan),
    has: (fan: FanId) => places.has(fan),
    lastCallMs: (fan: FanId) => lastCalls.score(fan)!,
    remove,
    /** The fan's place, unless its time is over. */
    live(fan: FanId, nowMs: number): Place | undefined {
      const place = places.get(fan);
      if (place) expire(place, nowMs);
      return places.get(fan);
    },
    add({ fan, order, wasDrawn }: Pick<Place, "fan" | "order" | "wasDrawn">, nowMs: number): Place {
      const place: Place = {
        fan,
        order,
        wasDrawn,
        missedTurn: false,
        shownUp: false,
        toldAhead: Infinity,
        fresh: !wasDrawn,
      };
      places.set(fan, place);
      standInLine(place, nowMs);
      return place;
    },
    /** The fan makes a call of their own; an admitted one shows up by being told so. */
    recordCall(place: Place, nowMs: number): void {
      if (parked.remove(place.fan)) standInLine(place, nowMs);
      else if (lastCalls.has(place.fan)) lastCalls.add(place.fan, nowMs);
    },
    admit(place: Place, showUpUntilMs: number): void {
      for (const set of [waiting, returned, lastCalls]) set.remove(place.fan);
      admitted.add(place.fan, showUpUntilMs);
      place.shownUp = false;
    },
    showUp(place: Place, untilMs: number): void {
      if (place.shownUp) return;
      place.shownUp = true;
      admitted.add(place.fan, untilMs);
    },
    /** Expires at most so many of each kind. */
    expireBatch(nowMs: number, batch: number): number {
      let expired = 0;
      const kinds = [[admitted, 0], [parked, 0], [lastCalls, waitingTtlMs]] as const;
      for (const [set, ttlMs] of kinds) {
        for (let moved = 0; moved < batch; moved++) {
          const first = set.first();
          if (!first || first.score + ttlMs > nowMs) break;
          expire(places.get(first.member as FanId)!, nowMs);
          expired++;
        }
      }
      return expired;
    },
  };
}

export type RoomPlaces = ReturnType<typeof roomPlaces>;
