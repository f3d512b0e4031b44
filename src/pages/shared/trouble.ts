import type { SeatsState } from "@stanchion/client";
import { accessToken } from "./session.ts";

/** Why something did not happen: a refusal of the API, or no answer at all. */
export type Trouble = { readonly code: string } | "NO_ANSWER";

export function troubleOf(error: { readonly code: string } | undefined): Trouble {
  return error ? { code: error.code } : "NO_ANSWER";
}

/** Why what is followed is not answered at present. */
export function troubleOfFailure({ problem }: NonNullable<SeatsState["failure"]>): Trouble {
  return problem ? { code: problem.code } : "NO_ANSWER";
}

/** Why a call threw: the sign-in has run out, or there was no answer. */
export function troubleOfThrown(): Trouble {
  return accessToken() === null ? { code: "UNAUTHENTICATED" } : "NO_ANSWER";
}
