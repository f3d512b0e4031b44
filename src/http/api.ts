import type { Services } from "../application/services.ts";
import type { Config } from "../config.ts";
import type { FanId } from "../domain/ids.ts";
import type { Clock, NewId } from "../ports/clock.ts";
import type { Report } from "../ports/report.ts";
import type { RequestObserver } from "../ports/request_observer.ts";
import type { ContinueTrace, MeasureRoundTrips } from "../ports/trace.ts";
import { createApp } from "./app.ts";
import { createNamedTokenVerifier } from "./auth/named_tokens.ts";
import { apiEndpoints } from "./endpoints.ts";
import { createQueueTokens } from "./auth/queue_tokens.ts";
import { createUserVerifier } from "./auth/user_tokens.ts";
import type { StaticFiles } from "./pages/static_files.ts";
import type { App } from "./pipeline/api_env.ts";
import type { AnyEndpoint } from "./pipeline/endpoint.ts";
import { crossOrigin } from "./pipeline/cross_origin.ts";
import { observedRequest } from "./pipeline/observed_request.ts";
import type { RandomHex } from "./pipeline/trace_context.ts";

export interface ApiOptions {
  readonly services: Services;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly randomHex: RandomHex;
  readonly report: Report;
  readonly measure: MeasureRoundTrips;
  readonly continueTrace: ContinueTrace;
  readonly observers: readonly RequestObserver[];
  /** The pages of the documentation and their assets. */
  readonly staticFiles: StaticFiles;
  /** Endpoints that only one kind of run has. */
  readonly addition?: readonly AnyEndpoint[];
  /** Signs in by a name alone; no run but the local one has it. */
  readonly signIn?: ((fan: FanId) => Promise<string>) | null;
}

/** The HTTP API over the services. */
export function createApi(config: Config, options: ApiOptions): App {
  const { services, clock, newId, randomHex, report, staticFiles } = options;
  const { measure, continueTrace, observers, addition = [], signIn = null } = options;
  const queueTokens = createQueueTokens(config.queueTokenSecrets);

  const endpoints = [...apiEndpoints(config, services), ...addition];
  return createApp({
    endpoints,
    authentication: {
      verifyUser: createUserVerifier(config.users, { keySet: services.keySet, clock }),
      queueTokens,
      verifyOperator: createNamedTokenVerifier(config.operators),
      verifyDoor: createNamedTokenVerifier(config.doors),
      limitFailed: services.limitFailedCredentials,
    },
    continueTrace,
    observedRequest: observedRequest({
      measure,
      activity: services.activity,
      counters: services.counters,
      observers,
    }),
    crossOrigin: crossOrigin({
      allowed: config.allowedOrigins,
      operators: config.operatorOrigins,
      allowLoopback: config.onThisMachine,
    }),
    staticFile: staticFiles(endpoints),
    pages: { settings: config, services, signIn },
    clock,
    newId,
    randomHex,
    report,
  });
}
