import type { Operation } from "../requests/document.ts";

/** Schemes whose credential is the `Authorization` header. */
const BEARER_SCHEMES = ["userToken", "operatorToken", "doorToken"] as const;
export type Bearer = typeof BEARER_SCHEMES[number];

/** What a route needs, as its document says it. */
export interface NeedsOfRoute {
  /** Any one of them in `Authorization`; none if nobody has to say who they are. */
  readonly bearers: readonly Bearer[];
  readonly queueToken: "NEVER" | "MAY" | "MUST";
}

/** Throws for a scheme that no test here knows, so that a new one cannot be forgotten. */
export function needsOf({ operationId, security }: Operation): NeedsOfRoute {
  if (!security) throw new Error(`${operationId} does not say what it needs`);
  const schemes = security.map((alternative) => Object.keys(alternative));
  for (const scheme of schemes.flat()) {
    if (scheme !== "queueToken" && !(BEARER_SCHEMES as readonly string[]).includes(scheme)) {
      throw new Error(`${operationId} needs ${scheme}, for which there is no attack`);
    }
  }
  const withPlace = schemes.filter((alternative) => alternative.includes("queueToken"));
  return {
    bearers: BEARER_SCHEMES.filter((scheme) => schemes.flat().includes(scheme)),
    queueToken: withPlace.length === 0
      ? "NEVER"
      : withPlace.length === schemes.length
      ? "MUST"
      : "MAY",
  };
}
