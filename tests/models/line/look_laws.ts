import type { PlaceView } from "../../../src/ports/queue_store.ts";
import { checkCause, learnOrder } from "./answers.ts";
import { type Epoch, followsRules, tokenKey } from "./epoch.ts";
import type { Look } from "./look.ts";
import { isOver, type Place, surelyLives } from "./places.ts";
import { endPlace, type Witness } from "./witness.ts";

/** One look, the one before it, and the line between them. */
export interface Looked {
  readonly witness: Witness;
  readonly epoch: Epoch;
  /** Null after a wipe, a failover or the beginning. */
  readonly before: Look | null;
  readonly after: Look;
}

/** What is seen of each fan is what was answered, and brings what is known up to date. */
export function seePlaces(looked: Looked): void {
  const { witness: { laws }, epoch, after } = looked;
  for (const [fan, view] of after.views) {
    const place = epoch.latest.get(fan);
    laws.check(
      "L5: whoever has a place was given it",
      place !== undefined && view.epoch === epoch.id,
      () => `${fan} has ${JSON.stringify(view)}`,
    );
    laws.check(
      "L5: a place that ended does not come back",
      !isOver(place!, after.atMs),
      () => `${fan} has ${JSON.stringify(view)} after ${JSON.stringify(place!.end)}`,
    );
    seePlace(looked, place!, view);
  }
  for (const [fan, place] of epoch.latest) {
    if (place.state === "OVER" || after.views.has(fan) || !after.seen.has(fan)) continue;
    vanished(looked, place);
  }
  for (const place of epoch.latest.values()) {
    if (place.state !== "OVER") after.states.set(place, place.state);
  }
}

function seePlace({ witness, epoch, after }: Looked, place: Place, view: PlaceView): void {
  const { laws, period } = witness;
  const { atMs, front } = after;
  if (view.order > 0) learnOrder(witness, place, view.order);
  const known = epoch.byToken.get(tokenKey({ fan: place.fan as never, order: view.order }));
  laws.check(
    "support sees the order of a token",
    view.order < 0 ? place.draw !== null : known === undefined || known === place,
    () => `${place.fan}: ${JSON.stringify(view)}`,
  );
  place.isUncertain = false;
  const isCalled = place.order !== null && place.order > epoch.first && place.order <= front.called;
  switch (view.state) {
    case "GATHERED":
      laws.check("the opening shuffles all who gathered", place.state === "GATHERED", () => {
        return `${place.fan} gathers, and was ${place.state}`;
      });
      return;
    case "WAITING":
      if (place.state === "PARKED" || isCalled) place.state = "RETURNED";
      if (place.state === "RETURNED") {
        place.wasMissed = place.wasCalled = true;
        place.parked ??= { afterMs: period.sinceMs, byMs: atMs };
      }
      if (place.order !== null && place.order <= front.near) {
        place.nearSeen ??= { atMs, lostMs: epoch.lostMs };
      }
      return;
    case "ADMITTED":
      if (place.state === "RETURNED") place.wasCalledAgain = true;
      if (place.state !== "ADMITTED") {
        place.slot = { afterMs: period.sinceMs, byMs: atMs };
        period.slots.add(place);
      }
      place.state = "ADMITTED";
      place.wasCalled = true;
      return;
    case "PARKED":
      laws.check(
        "a second missed turn ends the place",
        !place.wasCalledAgain,
        () => `${place.fan} is parked again`,
      );
      if (place.state !== "PARKED") {
        place.parked = { afterMs: period.sinceMs, byMs: atMs };
        // The fan may have had a slot since the last look.
        epoch.lastSlotMs = atMs;
      }
      place.state = "PARKED";
      place.wasMissed = place.wasCalled = true;
  }
}

/** Silence for the waiting TTL ends a place that waits or is parked, as soon as it can be noticed. */
export function checkAgeing({ witness: { laws, settings }, epoch, after }: Looked): void {
  if (epoch.hasLostActs) return;
  for (const [place, state] of after.states) {
    if (state === "ADMITTED" || state === "GATHERED" || place.order === null) continue;
    // A ticket that is drawn when those of the opening have aged out ages with the next issued ones.
    if (place.loggedMs - (place.lotOpenedMs ?? Infinity) >= settings.waitingTtlMs) continue;
    const parkedMs = state === "PARKED" ? place.parked!.byMs : 0;
    const sinceMs = Math.max(place.datedMs, place.provenMs, place.loggedMs, parkedMs);
    laws.check(
      "silent places age out",
      after.atMs <= sinceMs + settings.waitingTtlMs,
      () => `${place.fan}, ${state}, was silent since ${sinceMs}`,
    );
  }
}

/** A place is gone that was there: it was ended, or its time was over. */
function vanished({ witness, after }: Looked, place: Place): void {
  const { laws, period, graceMs, settings: { waitingTtlMs } } = witness;
  const { atMs } = after;
  const last = after.lastPlaces.get(place.fan);
  laws.check(
    "L5: nobody vanishes but at the end of a time",
    !surelyLives(place, atMs, { graceMs, waitingTtlMs }),
    () => `${place.fan}, ${place.state}, is gone: ${JSON.stringify(last)}`,
  );
  const cause = last && last.endedAtMs >= period.sinceMs ? last.endedBecause : "UNKNOWN";
  const isLapsed = isOver(place, atMs);
  endPlace(place, isLapsed ? "ADMISSION_LAPSED" : cause, period.sinceMs, atMs);
  laws.check(
    "endedBecause is true",
    place.isUncertain || isPlausible(place, cause, atMs, waitingTtlMs),
    () => `${place.fan}, proven at ${place.provenMs}, ended: ${cause}`,
  );
}

function isPlausible(
  place: Place,
  cause: string,
  nowMs: number,
  waitingTtlMs: number,
): boolean {
  switch (cause) {
    case "ADMISSION_LAPSED":
      return place.hasShownUp;
    case "TURN_MISSED":
      return !place.hasShownUp;
    case "SILENT":
      return !place.hasShownUp && nowMs >= place.provenMs + waitingTtlMs;
    default:
      return cause === "UNKNOWN";
  }
}

/** The ends that support sees are those that were told. */
export function seeEnds({ witness, epoch, after }: Looked): void {
  for (const fan of after.seen) {
    const place = epoch.latest.get(fan);
    if (!place || place.state !== "OVER") continue;
    checkCause(witness, place, after.lastPlaces.get(fan)?.endedBecause ?? null);
  }
}

/** Every fan stands in exactly one way, and the counts say how many do. */
export function checkCounts({ witness, epoch, before, after }: Looked): void {
  const { laws } = witness;
  const { counts, atMs } = after;
  laws.check(
    "L8: the counts follow the last rules",
    followsRules(epoch, counts.rules, atMs) && counts.rulesVersion === epoch.rules.version,
    () => `${JSON.stringify(counts)}, and they are ${JSON.stringify(epoch.rules)}`,
  );
  const tally = { GATHERED: 0, WAITING: 0, ADMITTED: 0, PARKED: 0 };
  for (const { state } of after.views.values()) tally[state]++;
  const seen = [tally.GATHERED + tally.WAITING, tally.ADMITTED, tally.PARKED];
  const told = [counts.gathered + counts.waiting, counts.admitted, counts.parked];
  laws.check(
    "L3 L5: the counts are those of the places",
    JSON.stringify(seen) === JSON.stringify(told),
    () => `not admitted, admitted, parked: counted ${told}, seen ${seen}`,
  );
  const unseen = epoch.hasLostActs ? Infinity : 0;
  laws.check(
    "L1: nobody is promoted above the capacity",
    counts.admitted <= Math.max(witness.period.maxCapacity, before?.counts.admitted ?? unseen),
    () => `${counts.admitted} are inside, and ${witness.period.maxCapacity} may`,
  );
  const somebody = after.views.size > 0;
  laws.check(
    "a room with fans is active",
    after.isActive || !somebody,
    () => `${after.views.size}`,
  );
}
