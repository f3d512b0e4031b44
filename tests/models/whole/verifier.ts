import type { Verdict } from "./scheduler.ts";

/** The address of the application's adapter. */
export const VERIFY_URL = "https://challenges.cloudflare.com/turnstile/v0/siteverify";
export const CHALLENGE_SETTINGS = { TURNSTILE_SECRET: "secret", TURNSTILE_SITE_KEY: "site" };

/** The verifier of challenges. A token passes once; the same call again gets the same answer. */
export interface Verifier {
  /** The token of a challenge that was passed. */
  pass(): string;
  /** A token that is none. */
  invent(): string;
  verdictOn(request: Request): Promise<{ readonly verdict: Verdict; readonly text: string }>;
}

const verdict = (codes: readonly string[]) => ({
  verdict: codes.length === 0 ? "PASSED" as const : "FAILED" as const,
  text: JSON.stringify({ success: codes.length === 0, action: "join", "error-codes": codes }),
});

export function createVerifier(): Verifier {
  const passed = new Set<string>();
  const usedBy = new Map<string, string>();
  let tokens = 0;
  return {
    pass() {
      const token = `passed-${++tokens}`;
      passed.add(token);
      return token;
    },
    invent: () => `invented-${++tokens}`,
    async verdictOn(request) {
      const { response: token, idempotency_key: key } = await request.json();
      if (!passed.has(token)) return verdict(["invalid-input-response"]);
      const by = usedBy.get(token) ?? key;
      usedBy.set(token, by);
      return verdict(by === key ? [] : ["timeout-or-duplicate"]);
    },
  };
}
