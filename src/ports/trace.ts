export type Store = "redis" | "postgres";

/** Counts and times the round trips to each store, on behalf of the request at work. */
export interface Trace {
  roundTrip<Value>(store: Store, act: () => Promise<Value>): Promise<Value>;
}
