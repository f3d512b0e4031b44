import type { FanId, RoomId } from "../../domain/ids.ts";
import { orderBeforeFirst, type PlaceRef, type Standing, ticketOf } from "../../domain/queue.ts";
import type { Joined, JoinRefusal, PlaceView } from "../../ports/queue_store.ts";
import { gathering } from "./gathering.ts";
import { type Place, roomPlaces } from "./places.ts";
import { rejoining } from "./rejoining.ts";
import { closed, type RoomRules } from "./rules.ts";
import type { RoomStock } from "./stock.ts";
import { roomUpkeep } from "./upkeep.ts";

export interface RoomParts {
  readonly id: RoomId;
  readonly epoch: string;
  readonly createdAtMs: number;
  readonly waitingTtlMs: number;
  readonly rules: RoomRules;
  readonly stock: RoomStock;
}

const ENDED: Standing = { state: "GONE", reason: "ENDED" };

/** One epoch of one room: who gathered, who stands in line, who was admitted. */
export function room({ id, epoch, createdAtMs, waitingTtlMs, rules, stock }: RoomParts) {
  const first = orderBeforeFirst(createdAtMs);
  const lobby = gathering(first);
  const places = roomPlaces(waitingTtlMs);
  const { waiting, returned, admitted, parked } = places;
  const earlierTickets = rejoining({
    epoch,
    first,
    untilMs: createdAtMs + waitingTtlMs,
  });
  const upkeepOf = roomUpkeep({ places, lobby, rules, stock });
  const { meter } = upkeepOf;
  let lastTicket = first;
  let lastActiveAtMs = createdAtMs;

  /** Whoever gathered draws before anybody else is given a ticket. */
  function open(nowMs: number): void {
    const state = rules.state(nowMs);
    const isOpen = state !== "CLOSED" && state !== "LOBBY";
    if (isOpen || lobby.isOver(rules.now.draw)) lastTicket = lobby.begin(lastTicket);
  }

  function upkeep(nowMs: number, release = 0) {
    open(nowMs);
    if (places.size > 0 || lobby.isDrawing) lastActiveAtMs = nowMs;
    return upkeepOf.run(nowMs, release);
  }

  /** Those who have not drawn yet are ahead of every later ticket. */
  function rankOf(place: Place): number {
    if (place.missedTurn) return returned.rank(place.fan)!;
    const undrawn = lobby.isDrawing && place.order > lobby.lastTicket ? lobby.size : 0;
    return waiting.rank(place.fan)! + undrawn;
  }

  /**
   * A told position never rises, whoever rejoins in front. For a ticket of this epoch, those who
   * rejoined after it are taken off; for one of an earlier epoch, the lowest number told is kept.
   */
  function aheadToTell(place: Place, rank: number): number {
    if (place.missedTurn) return rank;
    if (place.order < first) return place.toldAhead = Math.min(place.toldAhead, rank);
    return withoutRejoined(place.order, rank);
  }

  function withoutRejoined(order: number, rank: number): number {
    return rank - Math.min(earlierTickets.since(order), waiting.countBelow(first));
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
      rules: rules.told(nowMs),
      seats: stock.seats,
      countStock: false,
    } as const;
  }

  function standing(fan: FanId, nowMs: number): Standing {
    if (lobby.has(fan)) {
      if (!lobby.isDrawing) {
        return { state: "GATHERED", pseudonym: lobby.pseudonym(fan), rules: rules.told(nowMs) };
      }
      const rank = rankOfUndrawn(fan);
      return waitingStanding(null, withoutRejoined(lobby.lastTicket, rank), rank, nowMs);
    }
    const place = places.get(fan);
    if (!place) return ENDED;
    const { order } = place;
    if (admitted.has(fan)) {
      places.showUp(place, nowMs + rules.now.admissionTtlMs);
      return {
        state: "ADMITTED",
        order,
        expiresAtMs: admitted.score(fan)!,
        rules: rules.told(nowMs),
      };
    }
    const rank = rankOf(place);
    return waitingStanding(order, aheadToTell(place, rank), rank, nowMs);
  }

  function standInLine(fan: FanId, earlier: PlaceRef | null, nowMs: number): void {
    const order = earlierTickets.rejoin(earlier, rules.now.draw, lastTicket, nowMs);
    places.add({ fan, order: order ?? ++lastTicket, wasDrawn: false }, nowMs);
  }

  /**
   * Gives a fan without a place one, or tells why not. Whoever had a ticket when the store was
   * wiped gets it back, whatever the room has come to since.
   */
  function enter(fan: FanId, earlier: PlaceRef | null, nowMs: number): JoinRefusal | null {
    const { draw } = rules.now;
    const state = rules.state(nowMs);
    const rejoins = earlierTickets.mayRejoin(earlier, nowMs);
    const gathers = state === "LOBBY" && !(rejoins && earlier.order >= 0);
    const refusal = rejoins ? null : rules.refusal(nowMs);
    if (refusal) return refusal;
    if (!gathers) standInLine(fan, earlier, nowMs);
    else if (draw && lobby.mayGather(draw)) lobby.gather(fan, draw);
    else return closed(state, rules.now);
    lastActiveAtMs = nowMs;
    return null;
  }

  /** Tokens of whoever gathered stand for the place in the lobby, and for the ticket drawn there. */
  function tokenOf(fan: FanId): PlaceRef {
    const place = places.get(fan);
    const order = place && !place.wasDrawn ? place.order : lobby.order();
    return { room: id, fan, order, epoch };
  }

  /** Whether this is a token of the fan's live place. */
  function isLive({ fan, order }: PlaceRef, nowMs: number): boolean {
    const place = places.live(fan, nowMs);
    if (order >= 0) return place?.order === order;
    return (lobby.has(fan) || place?.wasDrawn === true) && lobby.isGood(fan, order);
  }

  function end(ref: PlaceRef, nowMs: number): void {
    if (!isLive(ref, nowMs)) return;
    lastActiveAtMs = nowMs;
    const place = places.get(ref.fan);
    if (!place || place.wasDrawn) lobby.end(ref.fan);
    if (place) places.remove(place);
  }

  return {
    epoch,
    upkeep,
    published: lobby.published,
    join(fan: FanId, earlier: PlaceRef | null, nowMs: number): Joined | JoinRefusal {
      open(nowMs);
      const known = places.live(fan, nowMs);
      if (known) places.recordCall(known, nowMs);
      const created = !known && !lobby.has(fan);
      const refusal = created ? enter(fan, earlier, nowMs) : null;
      upkeep(nowMs);
      if (refusal) return refusal;
      const place = places.get(fan);
      if (place) place.fresh = false;
      return { created, place: tokenOf(fan), standing: standing(fan, nowMs) };
    },
    status(ref: PlaceRef, nowMs: number): Standing {
      const lives = isLive(ref, nowMs);
      const place = lives && places.get(ref.fan);
      if (place) places.recordCall(place, nowMs);
      upkeep(nowMs);
      const told = lives ? standing(ref.fan, nowMs) : ENDED;
      return told.state === "WAITING" ? { ...told, countStock: stock.takeRecount(nowMs) } : told;
    },
    /** Ends all of them before it promotes anybody: none may be promoted only to be ended. */
    end(refs: readonly PlaceRef[], nowMs: number): void {
      open(nowMs);
      for (const ref of refs) end(ref, nowMs);
      upkeep(nowMs);
    },
    look(fan: FanId, nowMs: number): PlaceView | null {
      upkeep(nowMs);
      const place = places.live(fan, nowMs);
      const told = { epoch, order: tokenOf(fan).order, ticket: null, ahead: null };
      if (lobby.has(fan)) {
        if (!lobby.isDrawing) return { state: "GATHERED", ...told, expiresAtMs: null };
        return { state: "WAITING", ...told, ahead: rankOfUndrawn(fan), expiresAtMs: null };
      }
      if (!place) return null;
      const seen = { ...told, ticket: ticketOf(place.order) };
      const admittedUntilMs = admitted.score(fan);
      if (admittedUntilMs !== undefined) {
        return { state: "ADMITTED", ...seen, expiresAtMs: admittedUntilMs };
      }
      const parkedUntilMs = parked.score(fan);
      if (parkedUntilMs !== undefined) {
        return { state: "PARKED", ...seen, expiresAtMs: parkedUntilMs };
      }
      const expiresAtMs = places.lastCallMs(fan) + waitingTtlMs;
      return { state: "WAITING", ...seen, ahead: rankOf(place), expiresAtMs };
    },
    counts(nowMs: number) {
      upkeep(nowMs);
      return {
        gathered: lobby.size,
        waiting: places.inLine,
        admitted: admitted.size,
        parked: parked.size,
        admittedLastMinute: meter.admittedLastMinute(nowMs),
      };
    },
    /** Whether anybody is waiting for a slot. */
    get isAwaited() {
      return places.inLine > 0 || lobby.isDrawing;
    },
    get lastActiveAtMs() {
      return lastActiveAtMs;
    },
  };
}

export type Room = ReturnType<typeof room>;
