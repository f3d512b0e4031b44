export type Store = "redis" | "postgres";

/** Counts and times the round trips to each store for the current request. */
export interface Trace {
  roundTrip<Value>(store: Store, act: () => Promise<Value>): Promise<Value>;
}

/** The round trips of one request so far, and the time that they took. */
export type RoundTrips = Readonly<Record<Store, { readonly trips: number; readonly ms: number }>>;

/** Runs a request with a count of its own. */
export type MeasureRoundTrips = <Value>(
  request: (soFar: RoundTrips) => Promise<Value>,
) => Promise<Value>;
