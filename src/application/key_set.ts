import { DependencyError } from "../domain/failures.ts";
import {
  type DatedKeySet,
  KEY_SET_ATTEMPT_INTERVAL_MS,
  KEY_SET_DEADLINE_MS,
  KEY_SET_REFRESH_MS,
  KEY_SET_USABLE_MS,
  type KeySetDocument,
} from "../domain/key_set.ts";
import type { Clock } from "../ports/clock.ts";
import type { KeySetSource } from "../ports/key_set_source.ts";
import type { Report } from "../ports/report.ts";
import { within } from "./deadline.ts";
import type { RequestContext } from "./request_context.ts";
import type { SharedKeySet } from "./shared_key_set.ts";

type KeepAlive = Pick<RequestContext, "keepAlive">;

/** The key set of the identity provider, kept through its outages. */
export interface KeySet {
  /** The latest key set. Throws `DependencyError` when none is known that may be used. */
  latest(context: KeepAlive): Promise<KeySetDocument>;
  /** A later one than `known`, for a token whose key `known` does not have; null if there is none. */
  laterThan(context: KeepAlive, known: KeySetDocument): Promise<KeySetDocument | null>;
}

export interface KeySetDependencies {
  readonly source: KeySetSource;
  /** What the isolates of the deployment share. */
  readonly shared: SharedKeySet;
  readonly clock: Clock;
  readonly report: Report;
}

/**
 * One load at a time and one attempt an interval, whatever comes: a failure waits as long as a
 * success, and tokens with unknown keys cannot cause more. A load first looks for what another
 * isolate fetched. If the fetch fails, the last good key set goes on.
 */
export function createKeySet(
  { source, shared, clock, report }: KeySetDependencies,
): KeySet {
  let known: DatedKeySet | null = null;
  let attemptedAtMs = -Infinity;
  /** Why the last attempt failed. */
  let failure: unknown = null;
  let running: Promise<void> | null = null;

  const ageOf = ({ fetchedAtMs }: DatedKeySet) => clock() - fetchedAtMs;

  function keep(found: DatedKeySet): void {
    if (!known || found.fetchedAtMs > known.fetchedAtMs) known = found;
  }

  async function fetchOrFind(context: KeepAlive, youngEnoughMs: number): Promise<void> {
    const nowMs = attemptedAtMs;
    const found = await shared.read();
    if (found) {
      // The clock of the isolate that fetched it may be ahead.
      keep({ ...found, fetchedAtMs: Math.min(found.fetchedAtMs, nowMs) });
      if (nowMs - found.fetchedAtMs < youngEnoughMs) {
        // The interval counts from the fetch of the other isolate.
        attemptedAtMs = Math.min(found.fetchedAtMs, nowMs);
        failure = null;
        return;
      }
    }
    try {
      const fetched = { document: await source.fetch(), fetchedAtMs: nowMs };
      keep(fetched);
      failure = null;
      context.keepAlive(shared.write(fetched));
    } catch (error) {
      failure = error;
      report({ what: "dependency_failed", error: new DependencyError("jwks", error) });
    }
  }

  /** Starts a load if one may start, else gives the running one. Null if nothing runs. */
  function load(context: KeepAlive, youngEnoughMs: number): Promise<void> | null {
    const nowMs = clock();
    // A clock that was set back does not lengthen the interval.
    if (Math.abs(nowMs - attemptedAtMs) < KEY_SET_ATTEMPT_INTERVAL_MS) return running;
    attemptedAtMs = nowMs;
    const loading = fetchOrFind(context, youngEnoughMs).finally(() => {
      if (running === loading) running = null;
    });
    context.keepAlive(loading);
    return running = loading;
  }

  /** Waits for a load, but no longer than the deadline: the request that began it may have died. */
  async function wait(loading: Promise<void> | null): Promise<void> {
    if (loading) await within(KEY_SET_DEADLINE_MS, loading).catch((error) => failure ??= error);
  }

  return {
    async latest(context) {
      if (known && ageOf(known) < KEY_SET_REFRESH_MS) return known.document;
      const loading = load(context, KEY_SET_REFRESH_MS);
      const isUsable = () => known !== null && ageOf(known) < KEY_SET_USABLE_MS;
      // During an outage nobody waits for an attempt that will fail again.
      if (!isUsable() || failure === null) await wait(loading);
      if (!known || !isUsable()) throw new DependencyError("jwks", failure);
      return known.document;
    },
    async laterThan(context, document) {
      if (known?.document === document) await wait(load(context, KEY_SET_ATTEMPT_INTERVAL_MS));
      return known && known.document !== document ? known.document : null;
    },
  };
}
