import type { GivenSettings, ReportFault } from "./config_values.ts";

// The settings of the challenge in front of lines.

export interface ChallengeSettings {
  readonly secret: string;
  readonly siteKey: string;
}

const NAMES = ["TURNSTILE_SECRET", "TURNSTILE_SITE_KEY"] as const;

/** Reports every fault of these settings. */
export function checkChallenge(given: GivenSettings, fault: ReportFault): void {
  for (const [index, name] of NAMES.entries()) {
    const other = NAMES[1 - index]!;
    const value = given[name];
    if (!value && given[other]) fault(name, `is required with ${other}`);
    if (value && !/^[\w.-]+$/.test(value)) {
      fault(name, "must be as Turnstile gives it: letters, digits, _, - and . alone");
    }
  }
}

/** Null if no challenge is set up. */
export function challengeSettings(
  { TURNSTILE_SECRET: secret, TURNSTILE_SITE_KEY: siteKey }: {
    readonly TURNSTILE_SECRET?: string | undefined;
    readonly TURNSTILE_SITE_KEY?: string | undefined;
  },
): ChallengeSettings | null {
  return secret && siteKey ? { secret, siteKey } : null;
}
