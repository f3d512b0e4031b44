import fc from "fast-check";
import type { Outage } from "./cache_model.ts";
import { ISOLATES, KEYS } from "./cache_world.ts";
import { actsOf, choice } from "./histories.ts";

/** The shorter one is over before a stalled load may land. */
export const TTLS_MS = [1_000, 10_000];

export type Act =
  | { readonly act: "ask"; readonly isolate: number; readonly key: number; readonly many: number }
  | { readonly act: "look first"; readonly isolate: number; readonly key: number }
  | { readonly act: "go on"; readonly ask: number }
  | {
    readonly act: "land";
    readonly load: number;
    readonly as: "VALUE" | "NULL" | "FAILURE" | "CUT OFF";
    readonly ttl: number;
  }
  | { readonly act: "pay"; readonly all: boolean }
  | {
    readonly act: "commit";
    readonly payment: number;
    /** What becomes of that which follows the answer; a process may die before it. */
    readonly then: "FOLLOW" | "FOLLOW LATER" | "DIE";
  }
  | { readonly act: "follow"; readonly payment: number }
  | { readonly act: "break down"; readonly as: Outage | null }
  | { readonly act: "fill again"; readonly key: number; readonly lease: number }
  | { readonly act: "pass"; readonly ms: number };

export interface CacheHistory {
  readonly acts: readonly Act[];
}

function made(act: Record<string, fc.Arbitrary<unknown>>) {
  return fc.record(act) as unknown as fc.Arbitrary<Act>;
}
const is = <Name extends Act["act"]>(name: Name) => fc.constant(name);
const isolate = fc.nat({ max: ISOLATES - 1 });
const key = fc.nat({ max: KEYS.length - 1 });

export const cacheHistory: fc.Arbitrary<CacheHistory> = fc.record({
  acts: actsOf<Act>(
    [8, made({ act: is("ask"), isolate, key, many: fc.integer({ min: 1, max: 3 }) })],
    [2, made({ act: is("look first"), isolate, key })],
    [2, made({ act: is("go on"), ask: choice })],
    [
      6,
      made({
        act: is("land"),
        load: choice,
        as: fc.constantFrom("VALUE", "VALUE", "VALUE", "NULL", "FAILURE", "CUT OFF"),
        ttl: fc.nat({ max: 1 }),
      }),
    ],
    [2, made({ act: is("pay"), all: fc.boolean() })],
    [
      3,
      made({
        act: is("commit"),
        payment: choice,
        then: fc.constantFrom("FOLLOW", "FOLLOW", "FOLLOW LATER", "DIE"),
      }),
    ],
    [2, made({ act: is("follow"), payment: choice })],
    [
      1,
      made({
        act: is("break down"),
        as: fc.constantFrom<Outage | null>("DEAF", "MUTE", null, null),
      }),
    ],
    [1, made({ act: is("fill again"), key, lease: choice })],
    [
      6,
      made({
        act: is("pass"),
        ms: fc.oneof(
          fc.constantFrom(1, 25, 75, 175, 200, 999, 1_000, 3_000, 10_000),
          fc.nat({ max: 400 }),
        ),
      }),
    ],
  ),
});
