import { AsyncLocalStorage } from "node:async_hooks";
import type { ContinueTrace, MeasureRoundTrips, Store, Trace } from "../ports/trace.ts";

type Counts = Record<Store, { trips: number; ms: number }>;

export interface Tracing {
  readonly trace: Trace;
  readonly measure: MeasureRoundTrips;
  readonly continueTrace: ContinueTrace;
}

/**
 * Counts round trips for each request, and keeps its trace. Adapters find those of the current
 * request through the async context, so that nothing is built or passed along for each request.
 */
export function createTracing(): Tracing {
  const requests = new AsyncLocalStorage<Counts>();
  const spans = new AsyncLocalStorage<{ readonly traceparent: string }>();
  return {
    trace: {
      async roundTrip(store, act) {
        const count = requests.getStore()?.[store];
        if (!count) return await act();
        count.trips++;
        const startedMs = performance.now();
        try {
          return await act();
        } finally {
          count.ms += performance.now() - startedMs;
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

/** The same port, with each call counted as one round trip to `store`. */
export function tracePort<Port extends object>(port: Port, store: Store, trace: Trace): Port {
  const counted = Object.entries(port as unknown as Methods).map(([name, act]) => {
    const method = (...args: never[]) => trace.roundTrip(store, () => act(...args));
    return [name, method] as const;
  });
  return Object.fromEntries(counted) as unknown as Port;
}
