import type { FanId } from "../../domain/ids.ts";
import { SortedSet } from "./sorted_set.ts";

export interface Place {
  readonly fan: FanId;
  readonly order: number;
  /** Whether the ticket was drawn at the opening. Its tokens are the tokens of the gathering. */
  readonly wasDrawn: boolean;
  /** Whether the fan has missed a turn. A second missed turn ends the place. */
  missedTurn: boolean;
  /** Whether the fan has received the answer ADMITTED since the promotion. */
  shownUp: boolean;
  /** The lowest position that a rejoined fan has received; a position never rises. */
  lowestAhead: number;
  /** Whether the call that made the place is still in progress: such a fan has not waited. */
  isNew: boolean;
}

/**
 * The places of a room. A live place is in exactly one of four sets: `waiting` (sorted by order),
 * `returned` (the fan missed a turn and came back; sorted by the return), `admitted` or `parked`
 * (both sorted by the end of the place). Returned fans get the next slots. They do not count in the
 * positions of waiting fans.
 */
export interface RoomPlaces {
  readonly waiting: SortedSet;
  readonly returned: SortedSet;
  readonly admitted: SortedSet;
  readonly parked: SortedSet;
  readonly size: number;
  /** The number of fans who wait for a slot. */
  readonly inLine: number;
  get(fan: FanId): Place | undefined;
  /** When a fan of `waiting` or `returned` last made a call, in epoch milliseconds. */
  lastCallMs(fan: FanId): number;
  remove(place: Place): void;
  /** The fan's place, after everything that has lapsed is applied to it. */
  live(fan: FanId, nowMs: number): Place | undefined;
  add(place: Pick<Place, "fan" | "order" | "wasDrawn">, nowMs: number): Place;
  /** Applies a call of the fan: a parked fan returns, a waiting place stays alive. */
  recordCall(place: Place, nowMs: number): void;
  admit(place: Place, showUpUntilMs: number): void;
  showUp(place: Place, untilMs: number): void;
  /** Expires at most `batch` places of each kind. Returns the number of expired places. */
  expireBatch(nowMs: number, batch: number): number;
}

export function createRoomPlaces(waitingTtlMs: number): RoomPlaces {
  const places = new Map<FanId, Place>();
  const waiting = new SortedSet();
  const returned = new SortedSet();
  const admitted = new SortedSet();
  const parked = new SortedSet();
  /** The last calls of the fans of `waiting` and `returned`. */
  const lastCalls = new SortedSet();
  let lastReturn = 0;

  function remove(place: Place): void {
    for (const set of [waiting, returned, admitted, parked, lastCalls]) set.remove(place.fan);
    places.delete(place.fan);
  }

  function enqueue(place: Place, nowMs: number): void {
    if (place.missedTurn) returned.add(place.fan, ++lastReturn);
    else waiting.add(place.fan, place.order);
    lastCalls.add(place.fan, nowMs);
    place.lowestAhead = Infinity;
  }

  function endAdmission(place: Place, deadlineMs: number): void {
    admitted.remove(place.fan);
    if (place.shownUp || place.missedTurn) return remove(place);
    place.missedTurn = true;
    parked.add(place.fan, deadlineMs + waitingTtlMs);
  }

  /** Applies everything that has lapsed to one place, also if the bounded upkeep is behind. */
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
    get: (fan) => places.get(fan),
    lastCallMs: (fan) => lastCalls.score(fan)!,
    remove,
    live(fan, nowMs) {
      const place = places.get(fan);
      if (place) expire(place, nowMs);
      return places.get(fan);
    },
    add({ fan, order, wasDrawn }, nowMs) {
      const place: Place = {
        fan,
        order,
        wasDrawn,
        missedTurn: false,
        shownUp: false,
        lowestAhead: Infinity,
        isNew: !wasDrawn,
      };
      places.set(fan, place);
      enqueue(place, nowMs);
      return place;
    },
    recordCall(place, nowMs) {
      if (parked.remove(place.fan)) enqueue(place, nowMs);
      else if (lastCalls.has(place.fan)) lastCalls.add(place.fan, nowMs);
    },
    admit(place, showUpUntilMs) {
      for (const set of [waiting, returned, lastCalls]) set.remove(place.fan);
      admitted.add(place.fan, showUpUntilMs);
      place.shownUp = false;
    },
    showUp(place, untilMs) {
      if (place.shownUp) return;
      place.shownUp = true;
      admitted.add(place.fan, untilMs);
    },
    expireBatch(nowMs, batch) {
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
