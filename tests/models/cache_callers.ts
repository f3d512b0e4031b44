import type { Loaded } from "../../src/application/singleflight.ts";
import type { CacheEntry } from "../../src/ports/cache.ts";

export type Value = { readonly load: number; readonly version: number };

export interface Load {
  readonly id: number;
  readonly ask: Ask;
  /** What the database said when the load began. */
  readonly version: number;
  readonly beganMs: number;
  /** The lease that stood then, lapsed ones excepted. */
  readonly standing: string | null;
  readonly settle: PromiseWithResolvers<Loaded<Value>>;
  state: "FLYING" | "LANDED" | "CUT OFF";
  landedAt: number;
  foundNothing: boolean;
  endsAtMs: number;
}

export interface Ask {
  readonly key: string;
  readonly isolate: number;
  readonly found: CacheEntry;
  readonly readMs: number;
  readonly readAt: number;
  readonly disturbancesBefore: number;
  /** The oldest version that may be the answer. */
  readonly floor: number;
  resumed: boolean;
  answered: boolean;
  /** Whether the cache was broken at any time of it. */
  disturbed: boolean;
  ownLoads: Load[];
}

export interface Payment {
  readonly keys: readonly string[];
  readonly commit: () => void;
  readonly followUps: (() => Promise<unknown>)[];
  versions: number[] | null;
}
