import {
  type EndCause,
  type PlaceRef,
  type Standing,
  ticketOf,
} from "../../../src/domain/queue.ts";
import { ENDED_KEPT_MS } from "../../../src/domain/queue_bounds.ts";
import {
  addToken,
  type Epoch,
  followsRules,
  longestPollMs,
  placeOf,
  placeOfLost,
} from "./epoch.ts";
import { isOver, isPunctual, type Place, surelyLives } from "./places.ts";
import { endPlace, type Witness } from "./witness.ts";

type Waiting = Standing & { readonly state: "WAITING" };

/** An answer of the store to a token. The store has done what was due before it. */
export function answered(witness: Witness, ref: PlaceRef, standing: Standing): void {
  const { laws, epoch, period, clock } = witness;
  const isOfEpoch = epoch !== null && epoch.id === ref.epoch;
  const isReset = standing.state === "GONE" && standing.reason === "LINE_RESET";
  laws.check(
    "a token of another epoch reads LINE_RESET, and no other does",
    isReset === !isOfEpoch,
    () => `${say(ref)} of ${ref.epoch} reads ${JSON.stringify(standing)}`,
  );
  if (!isOfEpoch) return;
  period.callers.add(ref.fan);
  const known = placeOf(epoch, ref);
  if (standing.state === "GONE") return gone(witness, known, ref, standing.endedBecause);
  const place = known ?? placeOfLost(epoch, ref);
  const nowMs = clock();
  laws.check(
    "L5: an ended token reads GONE for good",
    place !== undefined && !isOver(place, nowMs),
    () => `${say(ref)} reads ${standing.state}, and ended: ${JSON.stringify(place?.end)}`,
  );
  // The number of a lost gathering may be above those of a draw that goes on.
  if (known || standing.state !== "GATHERED") hear(witness, epoch, place!, standing);
}

export function say({ fan, order }: PlaceRef): string {
  return order < 0 ? `${fan}, who gathered as number ${order}` : `${fan} with ${ticketOf(order)}`;
}

/** What an answer says of a live place. */
export function hear(witness: Witness, epoch: Epoch, place: Place, standing: Standing): void {
  const { laws, clock } = witness;
  const nowMs = clock();
  if (standing.state === "GONE") return;
  laws.check(
    "L8: answers follow the last rules",
    followsRules(epoch, standing.rules, nowMs),
    () => `${JSON.stringify(standing.rules)}, and they are ${JSON.stringify(epoch.rules)}`,
  );
  switch (standing.state) {
    case "GATHERED":
      laws.check(
        "the opening shuffles all who gathered",
        place.state === "GATHERED",
        () => `${place.fan} gathers, and was ${place.state}`,
      );
      laws.check(
        "a fan has one pseudonym",
        standing.pseudonym === place.pseudonym,
        () => `${place.fan} is ${standing.pseudonym}`,
      );
      place.provenMs = nowMs;
      return;
    case "WAITING":
      return waiting(witness, epoch, place, standing);
    case "ADMITTED":
      return admitted(witness, epoch, place, standing);
  }
}

export function learnOrder({ laws, epoch, clock }: Witness, place: Place, order: number): void {
  laws.check(
    "a ticket never changes",
    place.order === null || place.order === order,
    () => `${place.fan} has ${order}, and had ${place.order}`,
  );
  // Whoever is near when the ticket is drawn counts as a caller then.
  if (place.order === null) place.loggedMs = clock();
  place.order = order;
  addToken(epoch!, place, order);
  epoch!.lastOrder = Math.max(epoch!.lastOrder, order);
}

function waiting(witness: Witness, epoch: Epoch, place: Place, standing: Waiting): void {
  const { laws, clock, settings: { waitingTtlMs } } = witness;
  const nowMs = clock();
  const { order, isNear, pollAfterSeconds, expiresAtMs, provenAtMs, rules } = standing;
  laws.check(
    "the queue's answer proves the place",
    provenAtMs === nowMs && expiresAtMs === nowMs + waitingTtlMs,
    () => `${place.fan}: proven at ${provenAtMs}, until ${expiresAtMs}`,
  );
  laws.check(
    "the next poll is within the bounds of the rules",
    pollAfterSeconds >= 1 && pollAfterSeconds <= rules.pollMaxSeconds,
    () => `${place.fan} is to call after ${pollAfterSeconds} s`,
  );
  laws.check(
    "whoever was admitted does not wait again",
    !place.hasShownUp && place.state !== "GATHERED",
    () => `${place.fan} waits, and was ${place.state}`,
  );
  if (order !== null) learnOrder(witness, place, order);
  const isCalled = order !== null && order > epoch.first && order <= epoch.called;
  const isReturned = isCalled || place.state === "PARKED" || place.state === "RETURNED" ||
    (place.isRejoined && standing.positionIs === "EXACT");
  // Until the first answer as near arrives, the fan calls as an answer to a far place says.
  const isFirst = place.due === null || (isReturned && place.state !== "RETURNED");
  if (isReturned) {
    place.wasMissed = place.wasCalled = true;
    place.parked ??= { afterMs: witness.period.sinceMs, byMs: nowMs };
  }
  place.state = isReturned ? "RETURNED" : "WAITING";
  place.provenMs = nowMs;
  // A longer interval of earlier rules counts on while time is lost.
  const longestMs = isFirst ? longestPollMs(epoch, nowMs - epoch.lostMs) : 0;
  const told = {
    atMs: nowMs + Math.max(longestMs, pollAfterSeconds * 1000),
    lostMs: epoch.lostMs,
  };
  // An earlier answer may have told a longer interval; time lost since then comes on top of it.
  const isEarlier = place.due !== null &&
    place.due.atMs + epoch.lostMs - place.due.lostMs > told.atMs;
  if (!isNear) place.due = null;
  else if (!isEarlier) place.due = told;
}

function admitted(
  witness: Witness,
  epoch: Epoch,
  place: Place,
  { order, expiresAtMs, provenAtMs }: Standing & { readonly state: "ADMITTED" },
): void {
  const { laws, clock, graceMs, period } = witness;
  const nowMs = clock();
  learnOrder(witness, place, order);
  const isFirst = !place.hasShownUp;
  laws.check("the queue's answer proves the place", provenAtMs === nowMs, () => {
    return `${place.fan}: proven at ${provenAtMs}`;
  });
  laws.check(
    "an admission lasts exactly as long as its first answer says",
    expiresAtMs === (isFirst ? nowMs + epoch.rules.admissionTtlMs : place.expiresAtMs),
    () => `${place.fan} is admitted until ${expiresAtMs}, and was until ${place.expiresAtMs}`,
  );
  place.hasShownUp = place.wasCalled = true;
  place.expiresAtMs = expiresAtMs;
  if (place.state === "RETURNED") place.wasCalledAgain = true;
  if (place.state !== "ADMITTED") {
    place.slot = { afterMs: period.sinceMs, byMs: nowMs };
    period.slots.add(place);
  } else if (isFirst && !isPunctual(place, nowMs, graceMs)) {
    // The turn may have been missed unseen, and this is another one.
    place.slot = { afterMs: place.slot!.afterMs, byMs: nowMs };
    epoch.lastSlotMs = nowMs;
  }
  place.state = "ADMITTED";
}

/** The place of a token is over, which must be so, for the reason that is told. */
function gone(
  witness: Witness,
  place: Place | undefined,
  ref: PlaceRef,
  because: EndCause | null,
): void {
  const { laws, epoch, clock, graceMs, settings: { waitingTtlMs }, period } = witness;
  const nowMs = clock();
  if (!place) {
    // After a failover the line may have a place, and its end, of acts that were taken as lost.
    const isRight = because === null || epoch!.hasLostActs;
    laws.check("a place that nobody was given ended for no reason", isRight, () => {
      return `${say(ref)} ended: ${because}`;
    });
    return;
  }
  laws.check(
    "L4 L5: a live place never reads GONE",
    !surelyLives(place, nowMs, { graceMs, waitingTtlMs }),
    () => `${say(ref)}, ${place.state}, reads GONE because ${because}`,
  );
  if (isOver(place, nowMs)) {
    if (place.state !== "OVER") endPlace(place, "ADMISSION_LAPSED", place.expiresAtMs!, nowMs);
  } else endPlace(place, because ?? "UNKNOWN", period.sinceMs, nowMs);
  checkCause(witness, place, because);
}

/** Why a place ended is told for an hour when the fan was called, and never wrongly. */
export function checkCause(witness: Witness, place: Place, because: EndCause | null): void {
  const { laws, clock, epoch } = witness;
  const { cause, byMs, afterMs } = place.end!;
  const nowMs = clock();
  const isLatest = epoch!.latest.get(place.fan) === place;
  const isRecorded = place.wasCalled || cause === "REMOVED";
  const isKept = afterMs >= epoch!.recordsSinceMs && nowMs < afterMs + ENDED_KEPT_MS;
  const mustBeKnown = isRecorded && isLatest && isKept;
  // A token of a gathering that the fan left may name the end of the fan's later place.
  const isOfLater = place.draw !== null &&
    epoch!.places.some(({ fan, draw, end }) =>
      fan === place.fan && draw?.id === place.draw!.id &&
      (end?.cause === because || end?.cause === "UNKNOWN")
    );
  laws.check(
    "endedBecause is true",
    because === null || cause === "UNKNOWN" || because === cause || isOfLater,
    () => `${place.fan} ended because ${because}, and did because ${cause} until ${byMs}`,
  );
  laws.check(
    "endedBecause is known for an hour after a turn",
    because !== null || !mustBeKnown,
    () => `${place.fan} was ${place.wasMissed ? "missed and " : ""}called, and ended at ${byMs}`,
  );
}
