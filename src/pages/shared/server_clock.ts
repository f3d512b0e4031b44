/** Answers travel, and name whole seconds: so much is no difference. */
const TOLERANCE_MS = 2_000;

let aheadMs = 0;

/** Learns from the `Date` of an answer how far the clock of this device is wrong. */
export function learnServerTime(date: string | null): void {
  const at = Date.parse(date ?? "");
  if (!Number.isFinite(at)) return;
  const ahead = at - Date.now();
  aheadMs = Math.abs(ahead) < TOLERANCE_MS ? 0 : ahead;
}

/** The time by the server, whatever the clock of this device says. */
export function serverNow(): number {
  return Date.now() + aheadMs;
}
