import type { Config } from "../config.ts";
import type { AnyEndpoint } from "../http/pipeline/endpoint.ts";
import type { Challenge } from "../ports/challenge.ts";
import type { Clock } from "../ports/clock.ts";
import { createSignIn, type SignIn } from "./sign_in.ts";
import { localRunRoutes } from "./sign_in_route.ts";
import { standInChallenge } from "./stand_in_challenge.ts";
import { standInRoutes } from "./stand_in_route.ts";

/**
 * What a local run adds to the API: an identity provider and a challenge, each unless another one is
 * configured.
 */
export function localRunEndpoints(config: Config, clock: Clock): AnyEndpoint[] {
  return [
    ...config.localSignIn ? localRunRoutes({ signIn: createSignIn(config.users, clock) }) : [],
    ...hasStandIn(config) ? standInRoutes() : [],
  ];
}

/** Signs in by a name alone; null if an identity provider is configured. */
export function localSignIn(config: Config, clock: Clock): SignIn | null {
  return config.localSignIn ? createSignIn(config.users, clock) : null;
}

/** The challenge in front of lines; null if Turnstile or an identity provider is configured. */
export function localChallenge(config: Config, clock: Clock): Challenge | null {
  return hasStandIn(config) ? standInChallenge({ clock }) : null;
}

/** It stands where a name is enough to sign in. */
function hasStandIn({ localSignIn, turnstile }: Config): boolean {
  return localSignIn && turnstile === null;
}
