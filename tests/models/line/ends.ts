import type { EndCause, PlaceRef } from "../../../src/domain/queue.ts";
import type { PromoteOptions, Upkeep } from "../../../src/ports/queue_store.ts";
import { allowsNow, type Epoch, placeOf, placeOfLost, stateNow } from "./epoch.ts";
import { type Place, surelyLives } from "./places.ts";
import { endPlace, type Witness } from "./witness.ts";

/** An act that ends exactly these places has reached the store. */
export function ended(
  { epoch, clock, period, graceMs, settings: { waitingTtlMs } }: Witness,
  refs: readonly PlaceRef[],
  because: EndCause,
): void {
  if (!epoch) return;
  const nowMs = clock();
  for (const ref of refs) {
    const lost = ref.epoch === epoch.id ? placeOfLost(epoch, ref) : undefined;
    const place = placeOf(epoch, ref) ?? (lost ? undefined : gatheringOf(epoch, ref));
    if (!place && lost) lost.isUncertain = true;
    if (!place || place.state === "OVER") continue;
    period.ended.add(place);
    // The act may have called the fan before it ended the place.
    if (place.state === "WAITING" || place.state === "RETURNED") epoch.lastSlotMs = nowMs;
    // Upkeep is bounded: it may not have come to an admission that has lapsed.
    const isCertain = surelyLives(place, nowMs, { graceMs, waitingTtlMs });
    endPlace(place, isCertain ? because : "UNKNOWN", nowMs, nowMs);
  }
}

/**
 * The operator's view of a fan who gathers has a number of its own, which no token has. After the
 * opening it has the ticket, which no answer may have named yet.
 */
function gatheringOf(epoch: Epoch, { epoch: id, fan, order }: PlaceRef): Place | undefined {
  const latest = epoch.latest.get(fan);
  if (id !== epoch.id || !latest?.draw) return undefined;
  return order < 0 || latest.order === null ? latest : undefined;
}

export function promoted(
  { laws, epoch, clock, period, settings: { bounds } }: Witness,
  { release = 0, idleAfterMs = Infinity }: PromoteOptions,
  { admitted, lastActiveAtMs, hasOpened }: Upkeep,
): void {
  if (!epoch) return;
  const nowMs = clock();
  const { promotes, isReleasable } = allowsNow(epoch, nowMs);
  const most = promotes ? bounds.promotionBatch : isReleasable ? release : 0;
  laws.check(
    "L7: nobody is promoted but by the state or a release",
    admitted <= most,
    () => `${admitted} got a slot in ${stateNow(epoch, nowMs)}, and ${most} may`,
  );
  if (!promotes && isReleasable) period.released += release;
  laws.check(
    "an opening is reported while the rules name the state before it",
    hasOpened === (stateNow(epoch, nowMs) !== epoch.rules.state),
    () => `${hasOpened} in ${stateNow(epoch, nowMs)} by rules of ${epoch.rules.state}`,
  );
  laws.check("activity is of the past", (lastActiveAtMs ?? 0) <= nowMs, () => `${lastActiveAtMs}`);
  if (nowMs - (lastActiveAtMs ?? -Infinity) >= idleAfterMs) epoch.recordsSinceMs = nowMs;
}

/** The next moments at which time alone changes something, soonest first. */
export function nextEndsMs({ epoch, clock, settings }: Witness): number[] {
  if (!epoch) return [];
  const nowMs = clock();
  const { showUpMs, waitingTtlMs } = settings;
  const lives = [...epoch.latest.values()].filter(({ state }) => state !== "OVER");
  const next = [
    epoch.rules.opensAtMs ?? Infinity,
    epoch.holdUntilMs,
    epoch.beganMs + waitingTtlMs,
    epoch.lastSlotMs + 60_000,
    ...epoch.longestPolls.map(({ untilMs }) => untilMs),
    ...lives.flatMap(({ expiresAtMs, due, callByMs, provenMs }) => [
      expiresAtMs ?? Infinity,
      (due?.atMs ?? Infinity) + showUpMs,
      callByMs,
      provenMs + waitingTtlMs,
    ]),
  ];
  return next.filter((atMs) => Number.isFinite(atMs) && atMs > nowMs).sort((a, b) => a - b);
}
