import type { FanId } from "../domain/ids.ts";
import { PROGRAM_VERSION } from "../domain/version.ts";
import type { Clock, Random } from "../ports/clock.ts";
import type { RequestObserver, ServedRequest } from "../ports/request_observer.ts";
import type { RoundTrips } from "../ports/trace.ts";

export interface RequestLogDependencies {
  /** The share of requests that get a line. Requests that failed all get one. */
  readonly samplePercent: number;
  readonly random: Random;
  readonly clock: Clock;
  /** A name by which an operator finds a fan's lines again, and nobody the fan. */
  readonly pseudonymOf: (fan: FanId) => string;
  readonly write: (line: string) => void;
}

/** One line of JSON a request: no tokens, no user ids, no texts of callers but the request id. */
export function createRequestLog(dependencies: RequestLogDependencies): RequestObserver {
  const { samplePercent, random, clock, pseudonymOf, write } = dependencies;
  return {
    wants: (status) => status >= 500 || samplePercent > 0 && random() * 100 < samplePercent,
    observe: (request) => write(JSON.stringify(lineOf(request))),
  };

  function lineOf({ route, fan, room, status, code, ms, ...request }: ServedRequest) {
    return {
      what: "request",
      at: new Date(clock()).toISOString(),
      version: PROGRAM_VERSION,
      requestId: request.requestId,
      traceparent: request.traceparent,
      route,
      status,
      code,
      ms: tenths(ms),
      ...timesOf(request.roundTrips),
      room,
      fan: fan === null ? null : pseudonymOf(fan),
    };
  }
}

function timesOf({ redis, postgres }: RoundTrips) {
  return {
    redis: { trips: redis.trips, ms: tenths(redis.ms) },
    postgres: { trips: postgres.trips, ms: tenths(postgres.ms) },
  };
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
