import type { Challenge } from "../ports/challenge.ts";
import type { Clock } from "../ports/clock.ts";

export const STAND_IN_SCRIPT_PATH = "/dev/challenge.js";

/** As long as that of Turnstile. */
const TOKEN_TTL_MS = 300_000;
const MAX_SPENT = 10_000;
const TOKEN = /^passed\.(\d{13})\.[\w-]+$/;

/** The token of a passed stand-in. `id` is one of its own. */
export function standInToken(passedAtMs: number, id: string): string {
  return `passed.${passedAtMs}.${id}`;
}

/**
 * A challenge without a network, for local runs and tests: a click passes it. Its tokens follow the
 * rules of Turnstile: each counts for one join, for five minutes.
 */
export function standInChallenge({ clock }: { readonly clock: Clock }): Challenge {
  /** For which join each token counts. The oldest ones go when there are too many. */
  const spent = new Map<string, string>();
  return {
    siteKey: "stand-in",
    scriptUrl: STAND_IN_SCRIPT_PATH,
    async hasPassed(token, { room, fan }) {
      const passedAtMs = TOKEN.exec(token)?.[1];
      if (passedAtMs === undefined) return false;
      if (Math.abs(clock() - Number(passedAtMs)) >= TOKEN_TTL_MS) return false;
      const join = JSON.stringify([room, fan]);
      const earlier = spent.get(token) ?? join;
      spent.set(token, earlier);
      if (spent.size > MAX_SPENT) spent.delete(spent.keys().next().value!);
      return earlier === join;
    },
  };
}

/** What a page loads in place of Turnstile's `api.js`. */
export const STAND_IN_SCRIPT = `globalThis.turnstile = {
  render(box, { callback }) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button main wide";
    button.textContent = document.documentElement.lang === "ko" ? "사람입니다" : "I am a person";
    button.onclick = () => callback(\`passed.\${Date.now()}.\${crypto.randomUUID()}\`);
    box.append(button);
    return "stand-in";
  },
  reset() {},
};
`;
