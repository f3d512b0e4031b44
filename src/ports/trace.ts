export type Store = "redis" | "postgres";

/** The trace of the current request, and its round trips to each store. */
export interface Trace {
  /**
   * Counts and times a round trip. It failed when `act` throws anything but an answer of the store;
   * by default nothing that is thrown is one.
   */
  roundTrip<Value>(
    store: Store,
    act: () => Promise<Value>,
    isAnswer?: (error: unknown) => boolean,
  ): Promise<Value>;
  /**
   * The headers with which a call that goes out continues the trace of the current request (W3C
   * Trace Context); none outside of a request.
   */
  headers(): Readonly<Record<string, string>>;
}

/** Runs a request, and what follows its answer, as this span of its trace. */
export type ContinueTrace = <Value>(
  traceparent: string,
  request: () => Promise<Value>,
) => Promise<Value>;

/** The round trips of one request so far, and the time that they took. */
export type RoundTrips = Readonly<Record<Store, { readonly trips: number; readonly ms: number }>>;

/** Runs a request with a count of its own. */
export type MeasureRoundTrips = <Value>(
  request: (soFar: RoundTrips) => Promise<Value>,
) => Promise<Value>;
