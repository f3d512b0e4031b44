import { AsyncLocalStorage } from "node:async_hooks";
import { DependencyError } from "../domain/failures.ts";
import type { Counters } from "../ports/counters.ts";
import type { ContinueTrace, MeasureRoundTrips, Store, Trace } from "../ports/trace.ts";

type Counts = Record<Store, { trips: number; ms: number }>;

export interface Tracing {
  readonly trace: Trace;
  readonly measure: MeasureRoundTrips;
  readonly continueTrace: ContinueTrace;
}

export interface TracingOptions {
  readonly counters: Pick<Counters, "countRoundTrip">;
  /** The time in milliseconds since any moment. */
  readonly stopwatch?: () => number;
}

/**
 * Counts round trips for each request, and keeps its trace. Adapters find those of the current
 * request through the async context, so that nothing is built or passed along for each request.
 */
export function createTracing(
  { counters, stopwatch = () => performance.now() }: TracingOptions,
): Tracing {
  const requests = new AsyncLocalStorage<Counts>();
  const spans = new AsyncLocalStorage<{ readonly traceparent: string }>();
  return {
    trace: {
      async roundTrip(store, act, isAnswer = () => false) {
        const count = requests.getStore()?.[store];
        if (count) count.trips++;
        const startedMs = stopwatch();
        let failed = false;
        try {
          return await act();
        } catch (error) {
          failed = !isAnswer(error);
          throw error;
        } finally {
          const ms = stopwatch() - startedMs;
          if (count) count.ms += ms;
          counters.countRoundTrip(store, ms, failed);
        }
      },
      headers: () => spans.getStore() ?? {},
    },
    continueTrace: (traceparent, request) => spans.run({ traceparent }, request),
    measure(request) {
      const counts: Counts = { redis: { trips: 0, ms: 0 }, postgres: { trips: 0, ms: 0 } };
      return requests.run(counts, () => request(counts));
    },
  };
}

type Methods = Record<string, (...args: never[]) => Promise<unknown>>;

/** An error of an embedded store is its answer, unless it says that the store is away. */
export function isEmbeddedAnswer(error: unknown): boolean {
  return !(error instanceof DependencyError);
}

/** The same port of an embedded store, with each call counted as one round trip to `store`. */
export function tracePort<Port extends object>(port: Port, store: Store, trace: Trace): Port {
  const counted = Object.entries(port as unknown as Methods).map(([name, act]) => {
    const method = (...args: never[]) =>
      trace.roundTrip(store, () => act(...args), isEmbeddedAnswer);
    return [name, method] as const;
  });
  return Object.fromEntries(counted) as unknown as Port;
}
