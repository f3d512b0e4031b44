import fc from "fast-check";
import type { LineSettings } from "../../src/domain/line.ts";
import { actsOf, choice, type Fate, fates } from "./histories.ts";

export const FANS = ["ann", "bob", "cat", "dan", "eve", "fay"];

type Act =
  | { readonly act: "join"; readonly fan: number; readonly bringsToken: boolean }
  | { readonly act: "poll"; readonly fan: number }
  | { readonly act: "all poll" }
  | { readonly act: "poll any token"; readonly token: number }
  | { readonly act: "leave"; readonly fan: number }
  | { readonly act: "end"; readonly tokens: readonly number[] }
  | { readonly act: "promote" }
  | { readonly act: "pass"; readonly ms: number }
  | { readonly act: "pass to an end"; readonly offsetMs: number }
  | { readonly act: "wipe" };

export type SentAct = Act & { readonly fate: Fate; readonly looked: boolean };

export interface LineHistory {
  readonly settings: LineSettings;
  readonly acts: readonly SentAct[];
  /** In the end these poll no more: they may stall nobody. */
  readonly silent: readonly string[];
  /** In the end these keep their slot for as long as they may. */
  readonly slow: readonly string[];
}

const settings = fc.record<LineSettings>({
  capacity: fc.integer({ min: 1, max: 3 }),
  admissionTtlMs: fc.constantFrom(30_000, 300_000, 900_000),
  showUpMs: fc.constantFrom(1_000, 60_000),
  waitingTtlMs: fc.constantFrom(200_000, 600_000, 3_600_000),
  pollMinSeconds: fc.constant(2),
  pollMaxSeconds: fc.constantFrom(10, 60),
});

function sent(act: Record<string, fc.Arbitrary<unknown>>) {
  // Now and then nobody looks at the counts after an act: counting does upkeep of its own.
  const looked = fc.oneof({ arbitrary: fc.constant(true), weight: 4 }, fc.constant(false));
  return fc.record({ ...act, fate: fates, looked }) as unknown as fc.Arbitrary<SentAct>;
}
const is = <Name extends Act["act"]>(name: Name) => fc.constant(name);

export const lineHistory: fc.Arbitrary<LineHistory> = fc.record({
  settings,
  acts: actsOf<SentAct>(
    [6, sent({ act: is("join"), fan: choice, bringsToken: fc.boolean() })],
    [6, sent({ act: is("poll"), fan: choice })],
    [3, sent({ act: is("all poll") })],
    [2, sent({ act: is("poll any token"), token: choice })],
    [2, sent({ act: is("leave"), fan: choice })],
    [2, sent({ act: is("end"), tokens: fc.array(choice, { minLength: 1, maxLength: 3 }) })],
    [1, sent({ act: is("promote") })],
    [4, sent({ act: is("pass"), ms: fc.nat({ max: 60_000 }) })],
    [4, sent({ act: is("pass to an end"), offsetMs: fc.constantFrom(-1, 0, 0, 1) })],
    [1, sent({ act: is("wipe") })],
  ),
  silent: fc.subarray(FANS),
  slow: fc.subarray(FANS),
});
