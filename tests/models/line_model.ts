import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import {
  type LineSettings,
  orderAfterReset,
  orderBeforeFirst,
  type PlaceRef,
} from "../../src/domain/line.ts";
import type { Clock } from "../../src/ports/clock.ts";

interface Place {
  readonly ref: PlaceRef;
  stands: "WAITING" | "RETURNED" | "ADMITTED" | "PARKED";
  /** When silence, the admission, the time to show up or the parking is over. */
  endsAtMs: number;
  /** Lower goes first: the ticket's order, or the count of returns. */
  turn: number;
  missedTurn: boolean;
  shownUp: boolean;
  /** The lowest number ahead that was told, for whoever rejoined. */
  toldAhead: number;
  /** How many had rejoined when the place was made. */
  rejoinsBefore: number;
}

type Told = { readonly state: "WAITING" | "ADMITTED" | "GONE" } & Record<string, unknown>;

const ENDED: Told = { state: "GONE", reason: "ENDED" };
const LINE_RESET: Told = { state: "GONE", reason: "LINE_RESET" };

/** The line as the contract tells it: one array, looked through from end to end at each act. */
export function lineModel(settings: LineSettings, clock: Clock) {
  const windowMs = settings.pollMaxSeconds * 1000 + settings.showUpMs;
  let places: Place[] = [];
  let epoch: string | null = null;
  let epochBeganMs = 0;
  let lastOrder = 0;
  let returns = 0;
  let rejoined: number[] = [];
  let fansWhoRejoined: FanId[] = [];
  let promotedAtMs: number[] = [];
  let endedInLineAtMs: number[] = [];
  let lastTickAtMs: number | null = null;

  const standing = (...kinds: Place["stands"][]) =>
    places.filter((place) => kinds.includes(place.stands));
  const isOf = (ref: PlaceRef) => (place: Place) =>
    place.ref.fan === ref.fan && place.ref.order === ref.order;

  /** Those of one kind who stand in line, first to last; where orders tie, by name. */
  function inTurn(kind: Place["stands"]): Place[] {
    return standing(kind).sort((a, b) => a.turn - b.turn || (a.ref.fan < b.ref.fan ? -1 : 1));
  }

  function remove(gone: Place): void {
    places = places.filter((place) => place !== gone);
  }

  function lapse(place: Place): void {
    if (place.endsAtMs > clock()) return;
    const missed = place.stands === "ADMITTED" && !place.shownUp && !place.missedTurn;
    if (!missed) return remove(place);
    place.missedTurn = true;
    place.stands = "PARKED";
    place.endsAtMs += settings.waitingTtlMs;
    lapse(place);
  }

  function upkeep() {
    const due = places.filter((place) => place.endsAtMs <= clock());
    for (const place of due) lapse(place);
    let admitted = 0;
    while (standing("ADMITTED").length < settings.capacity) {
      const [head] = [...inTurn("RETURNED"), ...inTurn("WAITING")];
      if (!head) break;
      head.stands = "ADMITTED";
      head.endsAtMs = clock() + windowMs;
      promotedAtMs.push(clock());
      admitted++;
    }
    return { expired: due.length, admitted, more: false };
  }

  function called(place: Place): void {
    if (place.stands === "ADMITTED") return;
    if (place.stands === "PARKED") {
      place.stands = "RETURNED";
      place.turn = ++returns;
    }
    place.endsAtMs = clock() + settings.waitingTtlMs;
  }

  const isOfThisEpoch = (place: Place) => place.ref.order > orderBeforeFirst(epochBeganMs);

  /** Whoever rejoins in front makes no told position rise. */
  function aheadToTell(place: Place, rank: number): number {
    if (!isOfThisEpoch(place)) return place.toldAhead = Math.min(place.toldAhead, rank);
    const inFront = standing("WAITING").filter((other) => !isOfThisEpoch(other)).length;
    return rank - Math.min(rejoined.length - place.rejoinsBefore, inFront);
  }

  function tell(place: Place | undefined): Told {
    if (!place || !places.includes(place)) return ENDED;
    if (place.stands === "ADMITTED") {
      if (!place.shownUp) place.endsAtMs = clock() + settings.admissionTtlMs;
      place.shownUp = true;
      return { state: "ADMITTED", expiresAtMs: place.endsAtMs };
    }
    const rank = inTurn(place.stands).indexOf(place);
    const ahead = place.stands === "WAITING" ? aheadToTell(place, rank) : rank;
    return {
      state: "WAITING",
      ahead,
      aheadIsExact: ahead === rank,
      expiresAtMs: place.endsAtMs,
    };
  }

  function newPlace(fan: FanId, earlier: PlaceRef | null, given: PlaceRef): Place {
    epoch ??= (epochBeganMs = clock(), given.epoch);
    const first = orderBeforeFirst(epochBeganMs);
    const rejoinsBefore = rejoined.length;
    let order = earlier && earlier.epoch !== epoch ? orderAfterReset(earlier.order, first) : null;
    const isLate = clock() >= epochBeganMs + settings.waitingTtlMs;
    if (order !== null && (isLate || fansWhoRejoined.includes(fan))) order = null;
    if (order !== null) fansWhoRejoined.push(fan);
    if (order === null || rejoined.includes(order)) {
      // Which number a fresh ticket has is the store's affair, as long as it is beyond all others.
      order = lastOrder = Math.max(given.order, lastOrder + 1, first + 1);
    } else rejoined.push(order);
    const place: Place = {
      ref: { room: MAIN_ROOM, fan, order, epoch },
      stands: "WAITING",
      endsAtMs: clock() + settings.waitingTtlMs,
      turn: order,
      missedTurn: false,
      shownUp: false,
      toldAhead: Infinity,
      rejoinsBefore,
    };
    places.push(place);
    return place;
  }

  return {
    /** `given` is the place that the store answered: it draws the epoch and the fresh tickets. */
    join(fan: FanId, earlier: PlaceRef | null, given: PlaceRef) {
      const known = places.find((place) => place.ref.fan === fan);
      if (known) lapse(known);
      const live = known && places.includes(known) ? known : undefined;
      if (live) called(live);
      const place = live ?? newPlace(fan, earlier, given);
      upkeep();
      return { created: !live, place: place.ref, standing: tell(place) };
    },
    status(ref: PlaceRef): Told {
      const place = places.find(isOf(ref));
      if (place && ref.epoch === epoch) {
        lapse(place);
        if (places.includes(place)) called(place);
      }
      upkeep();
      return ref.epoch === epoch ? tell(place) : LINE_RESET;
    },
    end(refs: readonly PlaceRef[]): void {
      for (const ref of refs) {
        const place = places.find(isOf(ref));
        if (!place || ref.epoch !== epoch) continue;
        if (place.stands !== "ADMITTED") endedInLineAtMs.push(clock());
        remove(place);
      }
      upkeep();
    },
    leave(ref: PlaceRef): Told {
      this.end([ref]);
      return ref.epoch === epoch ? ENDED : LINE_RESET;
    },
    promote() {
      lastTickAtMs = clock();
      return upkeep();
    },
    counts() {
      upkeep();
      return {
        waiting: standing("WAITING", "RETURNED").length,
        admitted: standing("ADMITTED").length,
        parked: standing("PARKED").length,
        lastTickAtMs,
        epoch,
      };
    },
    /** An act that ends several may admit, on the way from one to the next, whom it then ends. */
    admittedSince(ms: number) {
      const since = (times: number[]) => times.filter((atMs) => atMs > clock() - ms).length;
      const least = since(promotedAtMs);
      return { least, most: least + since(endedInLineAtMs) };
    },
    isOfAnotherEpoch: (ref: PlaceRef) => ref.epoch !== epoch,
    /** The next moment at which time alone changes something; null when nobody stands here. */
    nextEndMs: () => places.length === 0 ? null : Math.min(...places.map((one) => one.endsAtMs)),
    wipe(): void {
      places = [];
      epoch = null;
      lastOrder = 0;
      rejoined = [];
      fansWhoRejoined = [];
      promotedAtMs = [];
      endedInLineAtMs = [];
      lastTickAtMs = null;
    },
  };
}
