import type { ReportedEvent } from "./report.ts";
import type { Store } from "./trace.ts";

/** What became of an attempt to deliver an event: taken, refused by its status, not answered. */
export type DeliveryResult = "delivered" | "refused" | "silent";

/**
 * Counts what this isolate does. No method throws, and none allocates after the first call with the
 * same names: every request calls some of them. No name comes from a caller, so they are few.
 */
export interface Counters {
  /** `route` is the method and the template of the path; `code` that of the problem document. */
  countRequest(route: string, status: number, code: string | null, ms: number): void;
  /** One HTTP request to a store, or one call of an embedded one. */
  countRoundTrip(store: Store, ms: number, failed: boolean): void;
  /** A look into the shared cache; `kind` is the part of the key that says what the value is. */
  countCacheRead(kind: string, isHit: boolean): void;
  /** A load under a lease of the cache. */
  countCacheLoad(kind: string): void;
  /** An answer from a document about the front of a line that is so old. */
  countFront(ageMs: number): void;
  countDelivery(result: DeliveryResult): void;
  countCronRun(succeeded: boolean): void;
  countFault(what: ReportedEvent["what"]): void;
}
