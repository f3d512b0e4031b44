import type { Config } from "../config.ts";
import type { AnyEndpoint } from "../http/pipeline/endpoint.ts";
import type { ReferenceAddition } from "../http/pages/reference.ts";
import type { Clock } from "../ports/clock.ts";
import { referenceSignIn } from "./reference_sign_in.ts";
import { createSignIn } from "./sign_in.ts";
import { localRunRoutes } from "./sign_in_route.ts";

/** The additions of the local run to the API: an identity provider of its own. */
export interface LocalRun {
  readonly endpoints: readonly AnyEndpoint[];
  readonly reference: ReferenceAddition;
}

/** Null if an identity provider is configured. */
export function createLocalRun(config: Config, clock: Clock): LocalRun | null {
  if (!config.localSignIn) return null;
  const endpoints = localRunRoutes({ signIn: createSignIn(config.users, clock) });
  return { endpoints, reference: referenceSignIn };
}
