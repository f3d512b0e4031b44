import { admissionPace } from "../../../src/domain/room.ts";
import type { Looked } from "./look_laws.ts";
import { isBefore, isPunctual, type Place } from "./places.ts";

const MINUTE_MS = 60_000;

/** Fans who called as told, and whose trust is older than the period. */
function punctual({ witness: { graceMs, period }, after, before }: Looked): Place[] {
  if (!before) return [];
  return [...before.states.keys()].filter((place) =>
    place.punctualSinceMs <= period.sinceMs && isPunctual(place, after.atMs, graceMs)
  );
}

/** L2: slots are given in the order of the tickets. */
export function checkOrder(looked: Looked): void {
  const { witness: { laws, period }, before, after } = looked;
  for (const place of punctual(looked)) {
    const was = before!.states.get(place)!;
    laws.check(
      "L2: nobody who calls as told is parked",
      place.state !== "PARKED" || was === "PARKED",
      () => `${place.fan} is parked, and was to call by ${place.callByMs}`,
    );
    const isWaiting = after.states.get(place) === "WAITING" && was === "WAITING";
    const isReturned = after.states.get(place) === "RETURNED" && was === "RETURNED";
    if (!isWaiting && !isReturned) continue;
    for (const other of period.slots) {
      const cameBack = other.wasMissed;
      // A fan who called may have missed a turn and come back within the period.
      const isSurelyFirst = !cameBack &&
        (before!.states.get(other) === "WAITING" || !before!.states.has(other)) &&
        (!period.callers.has(other.fan) || other.punctualSinceMs <= period.sinceMs);
      if (!isSurelyFirst) continue;
      laws.check(
        isReturned ? "L2: a fan who comes back gets the next slot" : "L2: nobody is overtaken",
        !isReturned && !isBefore(place, other),
        () => `${other.fan} with ${other.order} overtook ${place.fan} with ${place.order}`,
      );
    }
  }
}

/** Absent fans get no slot: those whose time to show up was over before the period. */
export function checkAbsent(
  { witness: { laws, period, settings: { showUpMs } }, epoch, before }: Looked,
): void {
  if (!before || epoch.hasLostActs) return;
  for (const place of period.slots) {
    if (!before.states.has(place)) continue;
    const { due, nearSeen } = place;
    const since = due ?? nearSeen;
    const isFar = due === null;
    if (since === null || place.lotOpenedMs !== null || period.callers.has(place.fan)) continue;
    const waitMs = isFar ? showUpMs + epoch.longestPollEverMs : showUpMs;
    const lostMs = epoch.lostMs - since.lostMs;
    // When fans became near is kept for a window only, as long as it was then.
    const sinceMs = isFar ? Math.max(since.atMs, epoch.longerPollsSinceMs) : since.atMs;
    laws.check(
      "absent fans get no slot",
      sinceMs + waitMs + lostMs > period.sinceMs,
      () => `${place.fan} was to call by ${sinceMs + waitMs}, and got a slot`,
    );
  }
}

/** L7 and the hold after a reset. */
export function checkStates({ witness: { laws, period }, epoch, before, after }: Looked): void {
  if (!before) return;
  const slots = [...period.slots];
  laws.check(
    "L7: nobody is promoted but by the state or a release",
    period.promotes || slots.length <= period.released,
    () => `${slots.map(({ fan }) => fan)} got a slot, and ${period.released} were released`,
  );
  const holdUntilMs = Math.min(period.holdUntilMs, epoch.holdUntilMs);
  const early = after.atMs < holdUntilMs ? slots.filter(({ wasMissed }) => !wasMissed) : [];
  laws.check(
    "nobody goes in while the line re-forms",
    early.length === 0,
    () => `${early.map(({ fan }) => fan)} got a slot before ${holdUntilMs}`,
  );
}

/** L6: the slots of a half-open minute, by the times at which they were given for certain. */
export function checkRate({ witness: { laws, period }, epoch }: Looked): void {
  const { admissionsPerMinute } = epoch.rules;
  for (const { slot } of period.slots) {
    if (period.isOfOneRate) epoch.slots.push(slot!);
    epoch.lastSlotMs = Math.max(epoch.lastSlotMs, slot!.byMs);
  }
  if (admissionsPerMinute === null) return;
  epoch.slots = epoch.slots.filter(({ byMs }) => byMs > epoch.contactMs - 2 * MINUTE_MS);
  const { intervalMs, toleranceMs } = admissionPace(admissionsPerMinute)!;
  for (const { afterMs } of epoch.slots) {
    const later = epoch.slots.filter((slot) => slot.afterMs >= afterMs);
    const ends = later.map(({ byMs }) => byMs).sort((a, b) => a - b);
    const within = ends.filter((byMs) => byMs < afterMs + MINUTE_MS).length;
    laws.check(
      "L6: no more in a minute than the rate",
      within <= admissionsPerMinute,
      () => `${within} got a slot within a minute, and ${admissionsPerMinute} may`,
    );
    // GCRA: so many in any time, however short.
    laws.check(
      "L6: the rate is smooth",
      ends.every((byMs, i) => i * intervalMs <= byMs - afterMs + toleranceMs),
      () => `${ends} after ${afterMs} at ${admissionsPerMinute} a minute`,
    );
  }
}
