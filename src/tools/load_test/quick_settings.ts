/** The shortest times are made for a crowd of this size. */
const SMALL_CROWD = 2_000;

/**
 * Settings for a sale that takes seconds. Polling must cost less than the machine can serve: with
 * too many polls all calls wait, holds lapse and turns pass. So the time between polls grows faster
 * than the crowd: 2,000 waiting fans poll 670 times a second, 20,000 some 210 times. The other times
 * grow with the crowd.
 */
export function quickSettings(fans: number): Readonly<Record<string, string>> {
  const factor = Math.max(1, fans / SMALL_CROWD);
  const times = (seconds: number, growth: number) => String(Math.ceil(seconds * growth));
  return {
    POLL_MIN_SECONDS: "1",
    POLL_MAX_SECONDS: times(3, factor ** 1.5),
    SHOW_UP_SECONDS: times(1, factor ** 1.5),
    HOLD_TTL_SECONDS: times(5, factor),
    ADMISSION_TTL_SECONDS: times(30, factor),
  };
}

/** SHOW_UP_SECONDS of an environment in milliseconds. Null where it is not set. */
export function readShowUpMs(
  { SHOW_UP_SECONDS: seconds }: Readonly<Record<string, string>>,
): number | null {
  return seconds ? 1000 * Math.max(1, Number(seconds) || 1) : null;
}
