import { isPunctual } from "./places.ts";
import type { World } from "./world.ts";

/** After an outage a fan's call may be so late, as calls are repeated only now and then. */
const REPEATED_MS = 2_000;

/** The store does not answer from now on. Whoever was to call before now was late already. */
export function beginOutage({ wire, witness: { epoch, clock } }: World): void {
  wire.isDown = true;
  for (const place of epoch?.places ?? []) {
    if (place.callByMs <= clock()) place.punctualSinceMs = Infinity;
  }
}

/** The store answers again. Nobody's time to call has passed meanwhile. */
export function endOutage(world: World, beganMs: number): void {
  const { wire, fans, witness: { epoch, clock, graceMs } } = world;
  const nowMs = clock();
  wire.isDown = false;
  for (const place of epoch?.places ?? []) {
    const wasPunctual = isPunctual(place, Math.max(beganMs, place.punctualSinceMs), graceMs);
    if (wasPunctual) place.excusedUntilMs = nowMs + REPEATED_MS;
  }
  for (const fan of fans.values()) {
    if (fan.nextMs < Infinity) fan.nextMs = Math.min(fan.nextMs, nowMs + REPEATED_MS);
  }
}
