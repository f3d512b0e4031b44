import type { Rules } from "../../../src/domain/room.ts";
import { SEAL_MS } from "../../../src/domain/queue_bounds.ts";
import { surelyLives } from "./places.ts";
import { endPlace, newPeriod, type Witness } from "./witness.ts";

/** The room was to be removed while nobody is in it. */
export function sealed(witness: Witness, version: number, isSealed: boolean): void {
  const { laws, epoch, clock, graceMs, settings: { waitingTtlMs } } = witness;
  if (!isSealed) return;
  const there = epoch?.places.filter((place) =>
    surelyLives(place, clock(), { graceMs, waitingTtlMs })
  );
  laws.check(
    "a room with somebody in it is not removed",
    !there?.length && (epoch?.rules.version ?? 0) <= version,
    () => `${there?.map(({ fan }) => fan)}, and version ${epoch?.rules.version} of ${version}`,
  );
  remove(witness, version);
}

/** The room is removed, whoever is in it, unless it has newer rules. */
export function removed(witness: Witness, version: number): void {
  if ((witness.epoch?.rules.version ?? 0) <= version) remove(witness, version);
}

function remove(witness: Witness, version: number): void {
  const { epoch, clock, seal, sealed } = witness;
  if (epoch?.id) witness.sealed = [...sealed, epoch.id];
  witness.epoch = null;
  witness.period = newPeriod(clock());
  witness.seal = { version: Math.max(version, seal?.version ?? 0), untilMs: clock() + SEAL_MS };
}

/** The operator has deleted the room. */
export function deleted({ epoch, sealed, removed }: Witness): void {
  for (const id of [...sealed, epoch?.id]) if (id) removed.add(id);
}

/** Whether rules come too late for a room that was removed meanwhile. */
export function areKeptOut(witness: Witness, { version }: Rules): boolean {
  const { seal, clock } = witness;
  if (!seal) return false;
  if (version <= seal.version && clock() < seal.untilMs) return true;
  witness.seal = null;
  return false;
}

/** The line has forgotten the fan: no place lives, and no end is remembered. */
export function forgotten({ epoch, clock, period }: Witness, fan: string): void {
  if (!epoch) return;
  const nowMs = clock();
  epoch.erased.add(fan);
  for (const place of epoch.places) {
    if (place.fan !== fan) continue;
    if (place.state !== "OVER") period.ended.add(place);
    // The act may have called the fan before it ended the place.
    if (place.state === "WAITING" || place.state === "RETURNED") epoch.lastSlotMs = nowMs;
    endPlace(place, "UNKNOWN", nowMs, nowMs);
    place.end!.cause = "UNKNOWN";
    place.wasCalled = false;
  }
}
