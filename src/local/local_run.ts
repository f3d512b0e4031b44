import type { Config } from "../config.ts";
import type { AnyEndpoint } from "../http/pipeline/endpoint.ts";
import type { Clock } from "../ports/clock.ts";
import { createSignIn, type SignIn } from "./sign_in.ts";
import { localRunRoutes } from "./sign_in_route.ts";

/** What a local run adds to the API, an identity provider; nothing if another one is configured. */
export function localRunEndpoints(config: Config, clock: Clock): AnyEndpoint[] {
  if (!config.localSignIn) return [];
  return localRunRoutes({ signIn: createSignIn(config.users, clock) });
}

/** Signs in by a name alone; null if an identity provider is configured. */
export function localSignIn(config: Config, clock: Clock): SignIn | null {
  return config.localSignIn ? createSignIn(config.users, clock) : null;
}
