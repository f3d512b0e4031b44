import { AsyncLocalStorage } from "node:async_hooks";
import type { MiddlewareHandler } from "hono";
import type { Store, Trace } from "../../ports/trace.ts";

type Meter = Record<Store, { trips: number; ms: number }>;

/**
 * Counts round trips on behalf of the request at work and tells them in `Server-Timing`. The
 * middleware opens the request's meter; adapters find it through the async context, so that
 * nothing has to be built, or handed down, per request.
 */
export function requestTrace(): { trace: Trace; middleware: MiddlewareHandler } {
  const meters = new AsyncLocalStorage<Meter>();
  return {
    trace: {
      async roundTrip(store, act) {
        const meter = meters.getStore()?.[store];
        if (!meter) return await act();
        meter.trips++;
        const startedMs = performance.now();
        try {
          return await act();
        } finally {
          meter.ms += performance.now() - startedMs;
        }
      },
    },
    middleware: (c, next) => {
      const meter: Meter = { redis: { trips: 0, ms: 0 }, postgres: { trips: 0, ms: 0 } };
      return meters.run(meter, async () => {
        await next();
        c.header("Server-Timing", serverTiming(meter));
      });
    },
  };
}

function serverTiming(meter: Meter): string {
  return Object.entries(meter)
    .map(([store, { trips, ms }]) => `${store};desc="${trips}";dur=${ms.toFixed(1)}`)
    .join(", ");
}

type Methods = Record<string, (...args: never[]) => Promise<unknown>>;

/** The same port, with every call counted as one round trip to `store`. */
export function traced<Port extends object>(port: Port, store: Store, trace: Trace): Port {
  const counted = Object.entries(port as unknown as Methods).map(([name, act]) => {
    const method = (...args: never[]) => trace.roundTrip(store, () => act(...args));
    return [name, method] as const;
  });
  return Object.fromEntries(counted) as unknown as Port;
}
