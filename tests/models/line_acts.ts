import fc from "fast-check";
import { ROOM_STATES, type RoomSettings, type RoomState } from "../../src/domain/room.ts";
import type { TestSettings } from "../contract/queue_store/harness.ts";
import { actsOf, choice, type Fate, fates } from "./histories.ts";

export const FANS = ["ann", "bob", "cat", "dan", "eve", "fay"];

/** What an operator changes, and in how long the room is to open by itself. */
export interface Change extends Partial<Omit<RoomSettings, "opensAtMs">> {
  readonly opensInMs: number | null;
}

type Act =
  | { readonly act: "join"; readonly fan: number; readonly bringsToken: boolean }
  | { readonly act: "all join"; readonly from: number }
  | { readonly act: "poll"; readonly fan: number }
  | { readonly act: "all poll" }
  | { readonly act: "poll any token"; readonly token: number }
  | { readonly act: "leave"; readonly fan: number }
  | { readonly act: "end"; readonly tokens: readonly number[] }
  | { readonly act: "look"; readonly fan: number }
  | { readonly act: "promote"; readonly release: number }
  | { readonly act: "change rules"; readonly change: Change }
  | { readonly act: "apply old rules"; readonly byVersions: number; readonly capacity: number }
  | {
    readonly act: "update stock";
    readonly available: number;
    readonly returnsInMs: number | null;
    readonly agedMs: number;
  }
  | { readonly act: "pass"; readonly ms: number }
  | { readonly act: "pass to an end"; readonly end: number; readonly offsetMs: number }
  | { readonly act: "wipe" }
  | { readonly act: "forget" };

export type SentAct = Act & { readonly fate: Fate; readonly looked: boolean };

export interface LineHistory {
  readonly settings: Omit<TestSettings, "opensAtMs" | "draw">;
  readonly acts: readonly SentAct[];
  /** In the end these poll no more: they may stall nobody. */
  readonly silent: readonly string[];
  /** In the end these keep their slot for as long as they may. */
  readonly slow: readonly string[];
}

const states: fc.Arbitrary<RoomState> = fc.oneof(
  { arbitrary: fc.constant<RoomState>("OPEN"), weight: 3 },
  { arbitrary: fc.constant<RoomState>("LOBBY"), weight: 2 },
  { arbitrary: fc.constantFrom(...ROOM_STATES), weight: 3 },
);
const capacities = fc.integer({ min: 1, max: 3 });
const admissionTtls = fc.constantFrom(30_000, 300_000, 900_000);
/** Two of them: which windows overlap when there are more is left to the laws of poll bounds. */
const longestPolls = fc.constantFrom(10, 60);
/** Those whose interval is a whole number of milliseconds, so that nothing hangs on rounding. */
const rates = fc.constantFrom(null, 1, 6, 60, 121);

const settings = fc.record<LineHistory["settings"]>({
  state: states,
  capacity: capacities,
  admissionsPerMinute: fc.oneof({ arbitrary: fc.constant(null), weight: 2 }, rates),
  admissionTtlMs: admissionTtls,
  holdTtlMs: fc.constant(300_000),
  showUpMs: fc.constantFrom(1_000, 60_000),
  waitingTtlMs: fc.constantFrom(200_000, 600_000, 3_600_000),
  pollMinSeconds: fc.constant(2),
  pollMaxSeconds: longestPolls,
});

const change = fc.record({
  state: states,
  capacity: capacities,
  admissionsPerMinute: rates,
  admissionTtlMs: admissionTtls,
  holdTtlMs: fc.constantFrom(60_000, 300_000),
  pollMaxSeconds: longestPolls,
  opensInMs: fc.constantFrom(null, 1, 5_000, 40_000),
}, { requiredKeys: ["opensInMs"] }) as fc.Arbitrary<Change>;

const stock = {
  available: fc.constantFrom(0, 0, 0, 1, 2, 1_000),
  returnsInMs: fc.constantFrom(null, -500, 2_000, 20_000),
  agedMs: fc.constantFrom(0, 0, 0, 1, 5_000),
};

function sent(act: Record<string, fc.Arbitrary<unknown>>) {
  // Now and then nobody looks at the counts after an act: counting does upkeep of its own.
  const looked = fc.oneof({ arbitrary: fc.constant(true), weight: 4 }, fc.constant(false));
  return fc.record({ ...act, fate: fates, looked }) as unknown as fc.Arbitrary<SentAct>;
}
const is = <Name extends Act["act"]>(name: Name) => fc.constant(name);

export const lineHistory: fc.Arbitrary<LineHistory> = fc.record({
  settings,
  acts: actsOf<SentAct>(
    [10, sent({ act: is("join"), fan: choice, bringsToken: fc.boolean() })],
    [3, sent({ act: is("all join"), from: choice })],
    [8, sent({ act: is("poll"), fan: choice })],
    [4, sent({ act: is("all poll") })],
    [3, sent({ act: is("poll any token"), token: choice })],
    [3, sent({ act: is("leave"), fan: choice })],
    [3, sent({ act: is("end"), tokens: fc.array(choice, { minLength: 1, maxLength: 3 }) })],
    [1, sent({ act: is("look"), fan: choice })],
    [3, sent({ act: is("promote"), release: fc.nat({ max: 2 }) })],
    [5, sent({ act: is("change rules"), change })],
    [1, sent({ act: is("apply old rules"), byVersions: fc.nat({ max: 2 }), capacity: capacities })],
    [3, sent({ act: is("update stock"), ...stock })],
    [5, sent({ act: is("pass"), ms: fc.nat({ max: 60_000 }) })],
    [7, sent({ act: is("pass to an end"), end: choice, offsetMs: fc.constantFrom(-1, 0, 0, 1) })],
    [2, sent({ act: is("wipe") })],
    [1, sent({ act: is("forget") })],
  ),
  silent: fc.subarray(FANS),
  slow: fc.subarray(FANS),
});
