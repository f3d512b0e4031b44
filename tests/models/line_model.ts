import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import {
  DRAW_PROBES,
  orderAfterReset,
  orderBeforeFirst,
  orderOfGathered,
  orderOfGatheredAfterReset,
  type PlaceRef,
  type QueueSettings,
  showUpWindowMs,
  ticketOf,
} from "../../src/domain/queue.ts";
import { admissionPace, type Rules, stateAt, type Stock } from "../../src/domain/room.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { lotOf, pseudonymOf } from "../contract/queue_store/drawing.ts";
import { emptyRoom, type ExpectedStanding, type Place } from "./line_model_room.ts";

const ENDED: ExpectedStanding = { state: "GONE", reason: "ENDED" };
const LINE_RESET: ExpectedStanding = { state: "GONE", reason: "LINE_RESET" };

const PLENTY = 1_000;
const RECOUNT_MS = 5_000;
const SOLD_OUT_RECOUNT_MS = 60_000;
const SOONEST_RECOUNT_MS = 1_000;

/** The line as the contract tells it: one array, looked through from end to end at each act. */
export function lineModel({ showUpMs, waitingTtlMs }: QueueSettings, clock: Clock) {
  let room = emptyRoom();

  const standing = (...kinds: Place["stands"][]) =>
    room.places.filter((place) => kinds.includes(place.stands));
  const placeOf = (ref: PlaceRef) =>
    room.places.find((place) =>
      place.epoch === ref.epoch && place.fan === ref.fan && place.tokens.has(ref.order)
    );
  const first = () => orderBeforeFirst(room.epochBeganMs);
  const state = () => stateAt(room.rules!, clock());
  const opened = () => ["OPEN", "HELD", "DRAINING"].includes(state());

  /** Those of one kind who stand in line, first to last; where orders tie, by name. */
  function inTurn(kind: Place["stands"]): Place[] {
    return standing(kind).sort((a, b) => a.turn - b.turn || (a.fan < b.fan ? -1 : 1));
  }

  function rulesSnapshot() {
    const { opensAtMs, capacity, admissionsPerMinute, holdTtlMs, pollMinSeconds, pollMaxSeconds } =
      room.rules!;
    return {
      state: state(),
      opensAtMs,
      capacity,
      admissionsPerMinute,
      holdTtlMs,
      pollMinSeconds,
      pollMaxSeconds,
    };
  }

  function windowMs(): number {
    const inForce = room.oldWindows.filter(({ untilMs }) => clock() < untilMs);
    const now = showUpWindowMs(showUpMs, room.rules!.pollMaxSeconds);
    return Math.max(now, ...inForce.map((old) => old.windowMs));
  }

  function remove(gone: Place): void {
    room.places = room.places.filter((place) => place !== gone);
  }

  function lapse(place: Place): void {
    if (place.endsAtMs > clock()) return;
    const missed = place.stands === "ADMITTED" && !place.shownUp && !place.missedTurn;
    if (!missed) return remove(place);
    place.missedTurn = true;
    place.stands = "PARKED";
    place.endsAtMs += waitingTtlMs;
    lapse(place);
  }

  /** All who gathered draw their tickets at once; the stores take several acts for a crowd. */
  function draw(): void {
    if (!opened()) return;
    const { draw } = room.rules!;
    const lots = standing("GATHERED").map((place) => ({
      place,
      pseudonym: pseudonymOf(draw!, place.fan),
      lot: lotOf(draw!, pseudonymOf(draw!, place.fan)),
    }));
    for (const { place, pseudonym } of lots.sort((a, b) => a.lot - b.lot)) {
      place.order = place.turn = room.lastOrder = Math.max(room.lastOrder, first()) + 1;
      place.stands = "WAITING";
      place.endsAtMs = clock() + waitingTtlMs;
      place.rejoinsBefore = room.rejoined.length;
      room.drawn.push({ pseudonym, order: place.order });
    }
  }

  function mayAdmit(): boolean {
    const pace = admissionPace(room.rules!.admissionsPerMinute);
    return pace === null || room.nextAdmissionMs - clock() <= pace.toleranceMs;
  }

  /** A clock that went back, or a rate that was raised, keeps nobody waiting for longer. */
  function keepPace(): void {
    const pace = admissionPace(room.rules!.admissionsPerMinute);
    if (!pace) return;
    const latest = clock() + pace.toleranceMs + pace.intervalMs;
    room.nextAdmissionMs = Math.min(room.nextAdmissionMs, latest);
  }

  function admit(place: Place): void {
    const pace = admissionPace(room.rules!.admissionsPerMinute);
    if (pace) room.nextAdmissionMs = Math.max(room.nextAdmissionMs, clock()) + pace.intervalMs;
    room.budget = Math.max(0, room.budget - 1);
    place.stands = "ADMITTED";
    place.endsAtMs = clock() + windowMs();
    room.promotedAtMs.push(clock());
  }

  function upkeep({ release = 0, fresh }: { release?: number; fresh?: Place } = {}) {
    if (!room.rules || room.epoch === null) return { expired: 0, admitted: 0, more: false };
    keepPace();
    draw();
    const due = room.places.filter((place) => place.endsAtMs <= clock());
    for (const place of due) lapse(place);
    const isHeld = state() === "HELD";
    const limit = isHeld ? release : ["OPEN", "DRAINING"].includes(state()) ? Infinity : 0;
    const line = () => [...inTurn("RETURNED"), ...inTurn("WAITING")];
    const walksIn = fresh !== undefined && line().length === 1;
    let admitted = 0;
    while (admitted < limit && standing("ADMITTED").length < room.rules.capacity && mayAdmit()) {
      const [head] = line();
      if (!head || (room.budget === 0 && !isHeld && !walksIn)) break;
      admit(head);
      admitted++;
    }
    return { expired: due.length, admitted, more: false };
  }

  function called(place: Place): void {
    if (place.stands === "ADMITTED" || place.stands === "GATHERED") return;
    if (place.stands === "PARKED") {
      place.stands = "RETURNED";
      place.turn = ++room.returns;
    }
    place.endsAtMs = clock() + waitingTtlMs;
  }

  const isOfThisEpoch = (place: Place) => place.order! > first();

  /** A fan who rejoins in front raises no position that was answered. */
  function aheadToTell(place: Place, rank: number): number {
    if (!isOfThisEpoch(place)) return place.toldAhead = Math.min(place.toldAhead, rank);
    const inFront = standing("WAITING").filter((other) => !isOfThisEpoch(other)).length;
    return rank - Math.min(room.rejoined.length - place.rejoinsBefore, inFront);
  }

  /** Only one of several answers asks its caller to count the stock. */
  function countStock(): boolean {
    const isWanted = room.budget !== Infinity && clock() >= room.recountAtMs &&
      standing("WAITING", "RETURNED").length > 0;
    if (isWanted) room.recountAtMs = clock() + RECOUNT_MS;
    return isWanted;
  }

  function tell(place: Place | undefined, mayCount: boolean): ExpectedStanding {
    if (!place || !room.places.includes(place)) return ENDED;
    const rules = rulesSnapshot();
    if (place.stands === "GATHERED") {
      return { state: "GATHERED", pseudonym: pseudonymOf(room.rules!.draw!, place.fan), rules };
    }
    const { order } = place;
    if (place.stands === "ADMITTED") {
      if (!place.shownUp) place.endsAtMs = clock() + room.rules!.admissionTtlMs;
      place.shownUp = true;
      return { state: "ADMITTED", order, expiresAtMs: place.endsAtMs, rules };
    }
    const rank = inTurn(place.stands).indexOf(place);
    const ahead = place.stands === "WAITING" ? aheadToTell(place, rank) : rank;
    return {
      state: "WAITING",
      order,
      ahead,
      aheadIsExact: ahead === rank,
      expiresAtMs: place.endsAtMs,
      rules,
      seats: room.seats,
      countStock: mayCount && countStock(),
    };
  }

  function mayRejoin(fan: FanId, earlier: PlaceRef | null): earlier is PlaceRef {
    if (!earlier || earlier.epoch === room.epoch) return false;
    const isLate = room.epoch !== null && clock() >= room.epochBeganMs + waitingTtlMs;
    return !isLate && !room.fansWhoRejoined.includes(fan);
  }

  /** The order, of those not taken, that an old token gives; null when it gives none. */
  function oldOrder(fan: FanId, earlier: PlaceRef | null): number | null {
    if (!mayRejoin(fan, earlier)) return null;
    room.fansWhoRejoined.push(fan);
    const { draw } = room.rules!;
    const share = draw ? lotOf(draw, pseudonymOf(draw, fan)) / 2 ** 52 : 0;
    const [lowest, probes] = earlier.order < 0
      ? [orderOfGatheredAfterReset(earlier.order, share, first()), DRAW_PROBES]
      : [orderAfterReset(earlier.order, first()), 1];
    const candidates = Array.from({ length: probes }, (_, i) => lowest + i);
    return candidates.find((order) => !room.rejoined.includes(order)) ?? null;
  }

  function gather(): Pick<Place, "order" | "stands" | "endsAtMs"> & { token: number } {
    const { id } = room.rules!.draw!;
    if (room.drawId !== id) room.drawn = [];
    room.drawId = id;
    const token = orderOfGathered(first(), ++room.gatherings);
    return { token, order: null, stands: "GATHERED", endsAtMs: Infinity };
  }

  function takeTicket(fan: FanId, earlier: PlaceRef | null, given: PlaceRef) {
    const old = oldOrder(fan, earlier);
    if (old !== null) room.rejoined.push(old);
    // The store chooses the number of a fresh ticket, as long as it is beyond all others.
    const order = old ??
      (room.lastOrder = Math.max(given.order, room.lastOrder + 1, first() + 1));
    const endsAtMs = clock() + waitingTtlMs;
    return { token: order, order, stands: "WAITING" as const, endsAtMs };
  }

  /** In a lobby, unless the fan had a ticket when the line was wiped. */
  function gathers(fan: FanId, earlier: PlaceRef | null): boolean {
    return state() === "LOBBY" && !(mayRejoin(fan, earlier) && earlier.order >= 0);
  }

  function newPlace(fan: FanId, earlier: PlaceRef | null, given: PlaceRef): Place {
    if (room.epoch === null) {
      room.epoch = given.epoch;
      room.epochBeganMs = clock();
    }
    const rejoinsBefore = room.rejoined.length;
    const { token, ...stand } = gathers(fan, earlier) ? gather() : takeTicket(fan, earlier, given);
    const place: Place = {
      fan,
      epoch: room.epoch,
      tokens: new Set([token]),
      ...stand,
      turn: stand.order ?? 0,
      missedTurn: false,
      shownUp: false,
      toldAhead: Infinity,
      rejoinsBefore,
    };
    room.places.push(place);
    return place;
  }

  /** A fan who gathered has a token for each time of joining, all of them good for one place. */
  function refOf(place: Place, given: PlaceRef | null): PlaceRef {
    const [token] = place.tokens;
    const latest = orderOfGathered(first(), room.gatherings);
    const order = token! < 0 && given?.order === latest ? latest : token!;
    place.tokens.add(order);
    return { room: MAIN_ROOM, fan: place.fan, order, epoch: place.epoch };
  }

  return {
    /**
     * `given` is the place that the store answered: it draws the epoch and the fresh tickets.
     * `mayCount`: the store decides whether the answer to a join asks to count.
     */
    join(fan: FanId, earlier: PlaceRef | null, given: PlaceRef | null, mayCount: boolean) {
      if (!room.rules) return { refused: "NO_RULES" as const };
      draw();
      const known = room.places.find((place) => place.fan === fan);
      if (known) lapse(known);
      const live = known && room.places.includes(known) ? known : undefined;
      if (!live && ["CLOSED", "DRAINING"].includes(state()) && !mayRejoin(fan, earlier)) {
        upkeep();
        return { refused: "CLOSED" as const, state: state(), opensAtMs: room.rules.opensAtMs };
      }
      if (!live && !given) return { refused: "nothing" as const };
      if (live) called(live);
      const place = live ?? newPlace(fan, earlier, given!);
      upkeep(live ? {} : { fresh: place });
      return { created: !live, place: refOf(place, given), standing: tell(place, mayCount) };
    },
    status(ref: PlaceRef): ExpectedStanding {
      if (ref.epoch !== room.epoch) return LINE_RESET;
      const place = placeOf(ref);
      if (place) {
        lapse(place);
        if (room.places.includes(place)) called(place);
      }
      upkeep();
      return tell(place, true);
    },
    end(refs: readonly PlaceRef[]): void {
      // Who has gathered, and ends the place in the act that opens, leaves a ticket unused.
      let unused = 0;
      for (const ref of refs) {
        const place = placeOf(ref);
        if (!place) continue;
        if (place.stands === "GATHERED" && opened()) unused++;
        if (place.stands !== "ADMITTED") room.endedInLineAtMs.push(clock());
        remove(place);
      }
      upkeep();
      if (unused > 0) room.lastOrder = Math.max(room.lastOrder, first()) + unused;
    },
    leave(ref: PlaceRef): ExpectedStanding {
      this.end([ref]);
      return ref.epoch === room.epoch ? ENDED : LINE_RESET;
    },
    promote(release = 0) {
      if (!room.rules) {
        return { expired: 0, admitted: 0, more: false, hasOpened: false, countStock: false };
      }
      room.lastTickAtMs = clock();
      const done = upkeep({ release });
      const hasOpened = ["CLOSED", "LOBBY"].includes(room.rules.state) && state() === "OPEN";
      return { ...done, hasOpened, countStock: countStock() };
    },
    counts() {
      if (!room.rules) return null;
      upkeep();
      return {
        gathered: standing("GATHERED").length,
        waiting: standing("WAITING", "RETURNED").length,
        admitted: standing("ADMITTED").length,
        parked: standing("PARKED").length,
        lastTickAtMs: room.lastTickAtMs,
        epoch: room.epoch,
        rules: rulesSnapshot(),
      };
    },
    look(fan: FanId) {
      upkeep();
      const place = room.places.find((one) => one.fan === fan);
      if (!place) return null;
      const inLine = place.stands === "WAITING" || place.stands === "RETURNED";
      return {
        state: inLine ? "WAITING" : place.stands,
        ahead: inLine ? inTurn(place.stands).indexOf(place) : null,
        expiresAtMs: place.endsAtMs === Infinity ? null : place.endsAtMs,
        ticket: place.order === null ? null : ticketOf(place.order),
        epoch: place.epoch,
      };
    },
    applyRules(rules: Rules): void {
      const old = room.rules;
      if (old && old.version >= rules.version) return;
      if (old && old.pollMaxSeconds > rules.pollMaxSeconds) {
        room.oldWindows.push({
          windowMs: showUpWindowMs(showUpMs, old.pollMaxSeconds),
          untilMs: clock() + old.pollMaxSeconds * 1000,
        });
      }
      if (old?.admissionsPerMinute !== rules.admissionsPerMinute) {
        room.promotedBefore = room.promotedAtMs.length;
      }
      room.rules = rules;
      keepPace();
    },
    updateStock({ available, returnsAtMs, asOfMs }: Stock): void {
      if (!room.rules || asOfMs <= room.countedAtMs) return;
      room.countedAtMs = asOfMs;
      room.seats = available > 0 ? "SOME" : returnsAtMs === null ? "NONE" : "HELD";
      const isUnlimited = available >= PLENTY || (available > 0 && room.budget === Infinity);
      room.budget = isUnlimited ? Infinity : available;
      const soon = Math.max(returnsAtMs ?? Infinity, clock() + SOONEST_RECOUNT_MS);
      room.recountAtMs = room.seats === "NONE"
        ? clock() + SOLD_OUT_RECOUNT_MS
        : Math.min(clock() + RECOUNT_MS, soon);
      if (room.epoch !== null) upkeep();
    },
    drawn: () => room.drawn,
    /** An act that ends several may admit, on the way from one to the next, whom it then ends. */
    admittedSince(ms: number) {
      const since = (times: number[]) => times.filter((atMs) => atMs > clock() - ms).length;
      const least = since(room.promotedAtMs);
      return { least, most: least + since(room.endedInLineAtMs) };
    },
    isTokenOfLivePlace: (ref: PlaceRef) => {
      const place = room.places.find(({ fan }) => fan === ref.fan);
      return place !== undefined && (place.tokens.has(ref.order) ||
        ref.order === refOf(place, ref).order);
    },
    isOfAnotherEpoch: (ref: PlaceRef) => ref.epoch !== room.epoch,
    /** The law that forbids an admission now; L2 when it is the order alone. */
    lawThatHoldsBack(): string {
      if (!room.rules || ["CLOSED", "LOBBY", "HELD"].includes(state())) return "L7";
      if (standing("ADMITTED").length >= room.rules.capacity) return "L1";
      if (!mayAdmit()) return "L6";
      return room.budget === 0 ? "nobody goes in for nothing" : "L2";
    },
    /** Of those admitted at the present rate. */
    mostAdmittedInAnyMinute(): number {
      const times = room.promotedAtMs.slice(room.promotedBefore);
      const sums = times.map((fromMs) =>
        times.filter((atMs) => atMs >= fromMs && atMs < fromMs + 60_000).length
      );
      return Math.max(0, ...sums);
    },
    /** The moments at which time alone changes something. */
    nextEndsMs(): number[] {
      if (!room.rules) return [];
      const pace = admissionPace(room.rules.admissionsPerMinute);
      const next = [
        ...room.places.map((place) => place.endsAtMs),
        ...room.oldWindows.map(({ untilMs }) => untilMs),
        room.rules.opensAtMs ?? Infinity,
        room.recountAtMs,
        pace ? Math.ceil(room.nextAdmissionMs - pace.toleranceMs) : Infinity,
      ];
      return next.filter((atMs) => Number.isFinite(atMs) && atMs > clock()).sort((a, b) => a - b);
    },
    forget(): void {
      room = emptyRoom();
    },
  };
}
