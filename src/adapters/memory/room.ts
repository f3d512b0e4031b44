import type { FanId, RoomId } from "../../domain/ids.ts";
import { orderBeforeFirst, type PlaceRef, type Standing, ticketOf } from "../../domain/queue.ts";
import { ROOM_STATE_POLICIES } from "../../domain/room.ts";
import type {
  DrawnTicket,
  Joined,
  JoinRefusal,
  PlaceView,
  QueueCounts,
} from "../../ports/queue_store.ts";
import { createGathering } from "./gathering.ts";
import { createRoomPlaces, type Place } from "./places.ts";
import { createRejoining } from "./rejoining.ts";
import { closed, type RoomRules } from "./rules.ts";
import type { RoomStock } from "./stock.ts";
import { createRoomUpkeep, type UpkeepResult } from "./upkeep.ts";

export type RoomCounts = Omit<QueueCounts, "lastTickAtMs" | "epoch" | "rules">;

/** One epoch of one room: its gathered, waiting, admitted and parked fans. */
export interface Room {
  readonly epoch: string;
  /** Whether a fan waits for a slot. */
  readonly hasWaitingFans: boolean;
  /** When the room last had a fan, in epoch milliseconds. */
  readonly lastActiveAtMs: number;
  join(fan: FanId, earlier: PlaceRef | null, nowMs: number): Joined | JoinRefusal;
  status(ref: PlaceRef, nowMs: number): Standing;
  /** Ends all places before any promotion, so that no place is promoted only to be ended. */
  endPlaces(refs: readonly PlaceRef[], nowMs: number): void;
  findPlace(fan: FanId, nowMs: number): PlaceView | null;
  counts(nowMs: number): RoomCounts;
  listDraw(aboveTicket: number, limit: number): readonly DrawnTicket[];
  /** At most `release` heads are promoted while the room is HELD. */
  upkeep(nowMs: number, release?: number): UpkeepResult;
}

export interface RoomOptions {
  readonly id: RoomId;
  readonly epoch: string;
  readonly createdAtMs: number;
  readonly waitingTtlMs: number;
  readonly rules: RoomRules;
  readonly stock: RoomStock;
}

const ENDED: Standing = { state: "GONE", reason: "ENDED" };

export function createRoom(
  { id, epoch, createdAtMs, waitingTtlMs, rules, stock }: RoomOptions,
): Room {
  const first = orderBeforeFirst(createdAtMs);
  const lobby = createGathering(first);
  const places = createRoomPlaces(waitingTtlMs);
  const { waiting, returned, admitted, parked } = places;
  const rejoining = createRejoining({ epoch, first, untilMs: createdAtMs + waitingTtlMs });
  const roomUpkeep = createRoomUpkeep({ places, lobby, rules, stock });
  const { meter } = roomUpkeep;
  let lastTicket = first;
  let lastActiveAtMs = createdAtMs;

  /** Reserves the tickets of all gathered fans before another fan gets a ticket. */
  function openIfDue(nowMs: number): void {
    const state = rules.state(nowMs);
    const isOpen = !ROOM_STATE_POLICIES[state].opensByItself;
    if (isOpen || lobby.isDrawOver(rules.current.draw)) lastTicket = lobby.beginDraw(lastTicket);
  }

  function upkeep(nowMs: number, release = 0): UpkeepResult {
    openIfDue(nowMs);
    if (places.size > 0 || lobby.isDrawing) lastActiveAtMs = nowMs;
    return roomUpkeep.run(nowMs, release);
  }

  /** Gathered fans without a ticket are ahead of every ticket that is issued after the opening. */
  function rankOf(place: Place): number {
    if (place.missedTurn) return returned.rank(place.fan)!;
    const undrawn = lobby.isDrawing && place.order > lobby.lastTicket ? lobby.size : 0;
    return waiting.rank(place.fan)! + undrawn;
  }

  /**
   * The number ahead that the fan receives. It never rises when other fans rejoin in front. For a
   * ticket of this epoch, the fans who rejoined after it are subtracted. For a ticket of an earlier
   * epoch, the lowest number that the fan has received is kept.
   */
  function reportedAhead(place: Place, rank: number): number {
    if (place.missedTurn) return rank;
    if (place.order < first) return place.lowestAhead = Math.min(place.lowestAhead, rank);
    return withoutRejoined(place.order, rank);
  }

  function withoutRejoined(order: number, rank: number): number {
    return rank - Math.min(rejoining.rejoinedSince(order), waiting.countBelow(first));
  }

  function rankOfUndrawn(fan: FanId): number {
    return waiting.countBelow(lobby.lastTicket + 1) + lobby.rank(fan);
  }

  function waitingStanding(order: number | null, ahead: number, rank: number, nowMs: number) {
    return {
      state: "WAITING",
      order,
      ahead,
      aheadIsExact: ahead === rank,
      expiresAtMs: nowMs + waitingTtlMs,
      pace: meter.pace(nowMs),
      rules: rules.snapshot(nowMs),
      seats: stock.outlook,
      countStock: false,
    } as const;
  }

  function standingOf(fan: FanId, nowMs: number): Standing {
    if (lobby.has(fan)) {
      if (!lobby.isDrawing) {
        const pseudonym = lobby.pseudonym(fan);
        return { state: "GATHERED", pseudonym, rules: rules.snapshot(nowMs) };
      }
      const rank = rankOfUndrawn(fan);
      return waitingStanding(null, withoutRejoined(lobby.lastTicket, rank), rank, nowMs);
    }
    const place = places.get(fan);
    if (!place) return ENDED;
    const { order } = place;
    if (admitted.has(fan)) {
      places.showUp(place, nowMs + rules.current.admissionTtlMs);
      return {
        state: "ADMITTED",
        order,
        expiresAtMs: admitted.score(fan)!,
        rules: rules.snapshot(nowMs),
      };
    }
    const rank = rankOf(place);
    return waitingStanding(order, reportedAhead(place, rank), rank, nowMs);
  }

  function addToLine(fan: FanId, earlier: PlaceRef | null, nowMs: number): void {
    const order = rejoining.rejoin(earlier, rules.current.draw, lastTicket, nowMs);
    places.add({ fan, order: order ?? ++lastTicket, wasDrawn: false }, nowMs);
  }

  /**
   * Gives a fan without a place a new one, or returns the refusal. A fan who had a ticket when the
   * store was wiped gets it back in every state of the room.
   */
  function addPlace(fan: FanId, earlier: PlaceRef | null, nowMs: number): JoinRefusal | null {
    const { draw } = rules.current;
    const state = rules.state(nowMs);
    const rejoins = rejoining.mayRejoin(earlier, nowMs);
    const gathers = ROOM_STATE_POLICIES[state].gathers && !(rejoins && earlier.order >= 0);
    const refusal = rejoins ? null : rules.refusal(nowMs);
    if (refusal) return refusal;
    if (!gathers) addToLine(fan, earlier, nowMs);
    else if (draw && lobby.mayGather(draw)) lobby.gather(fan, draw);
    else return closed(state, rules.current);
    lastActiveAtMs = nowMs;
    return null;
  }

  /** A token of a gathered fan is valid for the place in the lobby and for the drawn ticket. */
  function tokenOf(fan: FanId): PlaceRef {
    const place = places.get(fan);
    const order = place && !place.wasDrawn ? place.order : lobby.tokenOrder();
    return { room: id, fan, order, epoch };
  }

  /** Whether this is a token of the fan's live place. */
  function isLive({ fan, order }: PlaceRef, nowMs: number): boolean {
    const place = places.live(fan, nowMs);
    if (order >= 0) return place?.order === order;
    return (lobby.has(fan) || place?.wasDrawn === true) && lobby.isValidOrder(fan, order);
  }

  function endPlace(ref: PlaceRef, nowMs: number): void {
    if (!isLive(ref, nowMs)) return;
    lastActiveAtMs = nowMs;
    const place = places.get(ref.fan);
    if (!place || place.wasDrawn) lobby.end(ref.fan);
    if (place) places.remove(place);
  }

  return {
    epoch,
    get hasWaitingFans() {
      return places.inLine > 0 || lobby.isDrawing;
    },
    get lastActiveAtMs() {
      return lastActiveAtMs;
    },
    join(fan, earlier, nowMs) {
      openIfDue(nowMs);
      const known = places.live(fan, nowMs);
      if (known) places.recordCall(known, nowMs);
      const created = !known && !lobby.has(fan);
      const refusal = created ? addPlace(fan, earlier, nowMs) : null;
      upkeep(nowMs);
      if (refusal) return refusal;
      const place = places.get(fan);
      if (place) place.isNew = false;
      return { created, place: tokenOf(fan), standing: standingOf(fan, nowMs) };
    },
    status(ref, nowMs) {
      const lives = isLive(ref, nowMs);
      const place = lives && places.get(ref.fan);
      if (place) places.recordCall(place, nowMs);
      upkeep(nowMs);
      const standing = lives ? standingOf(ref.fan, nowMs) : ENDED;
      if (standing.state !== "WAITING") return standing;
      return { ...standing, countStock: stock.claimRecount(nowMs) };
    },
    endPlaces(refs, nowMs) {
      openIfDue(nowMs);
      for (const ref of refs) endPlace(ref, nowMs);
      upkeep(nowMs);
    },
    findPlace(fan, nowMs) {
      upkeep(nowMs);
      const place = places.live(fan, nowMs);
      const undrawn = { epoch, order: tokenOf(fan).order, ticket: null, ahead: null };
      if (lobby.has(fan)) {
        if (!lobby.isDrawing) return { state: "GATHERED", ...undrawn, expiresAtMs: null };
        return { state: "WAITING", ...undrawn, ahead: rankOfUndrawn(fan), expiresAtMs: null };
      }
      if (!place) return null;
      const view = { ...undrawn, ticket: ticketOf(place.order) };
      const admittedUntilMs = admitted.score(fan);
      if (admittedUntilMs !== undefined) {
        return { state: "ADMITTED", ...view, expiresAtMs: admittedUntilMs };
      }
      const parkedUntilMs = parked.score(fan);
      if (parkedUntilMs !== undefined) {
        return { state: "PARKED", ...view, expiresAtMs: parkedUntilMs };
      }
      const expiresAtMs = places.lastCallMs(fan) + waitingTtlMs;
      return { state: "WAITING", ...view, ahead: rankOf(place), expiresAtMs };
    },
    counts(nowMs) {
      upkeep(nowMs);
      return {
        gathered: lobby.size,
        waiting: places.inLine,
        admitted: admitted.size,
        parked: parked.size,
        admittedLastMinute: meter.admittedLastMinute(nowMs),
      };
    },
    listDraw: lobby.listDraw,
    upkeep,
  };
}
