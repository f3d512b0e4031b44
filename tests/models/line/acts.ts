import fc from "fast-check";
import { ROOM_STATES, type RoomSettings, type RoomState } from "../../../src/domain/room.ts";
import { actsOf, choice } from "../histories.ts";
import type { Mood } from "./fans.ts";
import type { LineSettings } from "./line.ts";

export const FANS = ["ann", "bob", "cat", "dan", "eve", "fay", "gil", "hal"];

/** What may become of a call between a fan and the store. */
export type Fate =
  /** Done, and answered. */
  | "ANSWERED"
  /** Done, but the answer is lost. */
  | "LOST"
  /** Lost on its way. */
  | "NEVER"
  /** Sent again at once, as a client does that has timed out. */
  | "TWICE"
  /** Answered, but the store gave no document. */
  | "NO_FRONT";

/** What an operator changes, and in how long the room is to open by itself. */
export interface Change extends Partial<Omit<RoomSettings, "opensAtMs">> {
  readonly opensInMs: number | null;
  /** Whether the draw stays although it was opened, as when PostgreSQL does not know that. */
  readonly keepsDraw: boolean;
  readonly bringsStock: boolean;
  /** Whether it comes at the very moment of the opening, and whether it reaches the store. */
  readonly atOpening: boolean;
  readonly reaches: boolean;
}

type Act =
  | { readonly act: "join"; readonly fan: number; readonly bringsToken: boolean }
  | { readonly act: "all join"; readonly from: number }
  | { readonly act: "crowd"; readonly fans: number }
  | { readonly act: "poll"; readonly fan: number }
  | { readonly act: "poll any token"; readonly token: number }
  | { readonly act: "end"; readonly tokens: readonly number[]; readonly because: number }
  | { readonly act: "leave"; readonly fan: number }
  | { readonly act: "mood"; readonly fan: number; readonly mood: Mood }
  | { readonly act: "promote"; readonly release: number; readonly idles: boolean }
  | { readonly act: "change rules"; readonly change: Change }
  | { readonly act: "apply old rules"; readonly byVersions: number }
  | { readonly act: "count"; readonly takesMs: number }
  /** Seats come back, or are blocked. */
  | { readonly act: "seats"; readonly seats: number }
  | { readonly act: "pass"; readonly ms: number }
  | { readonly act: "pass to an end"; readonly end: number; readonly offsetMs: number }
  | { readonly act: "outage"; readonly ms: number }
  | { readonly act: "wipe"; readonly rules: "SAME" | "REMADE" | "NONE" }
  | { readonly act: "failover"; readonly losesActs: number };

export type SentAct = Act & {
  readonly isolate: number;
  readonly fate: Fate;
  /** Whether the whole line is looked at afterwards. */
  readonly looked: boolean;
};

/** How each act is done. */
export type Acts = {
  readonly [Name in Act["act"]]: (
    sent: Extract<SentAct, { readonly act: Name }>,
  ) => Promise<void>;
};

export interface LineHistory {
  readonly settings: LineSettings;
  readonly room: Omit<RoomSettings, "opensAtMs" | "challengeAtJoin">;
  readonly seed: number;
  /** The clocks of the isolates, each against that of the store. */
  readonly skewsMs: readonly number[];
  readonly moods: readonly Mood[];
  /** Seats of the sale; null when the line knows no stock. */
  readonly seats: number | null;
  readonly hasCron: boolean;
  /** Whether fans may call at the last moment, and nothing happens that makes that too late. */
  readonly isCalm: boolean;
  readonly acts: readonly SentAct[];
}

const states: fc.Arbitrary<RoomState> = fc.oneof(
  { arbitrary: fc.constant<RoomState>("OPEN"), weight: 5 },
  { arbitrary: fc.constant<RoomState>("LOBBY"), weight: 3 },
  { arbitrary: fc.constantFrom(...ROOM_STATES), weight: 3 },
);
const capacities = fc.constantFrom(1, 1, 2, 3, 100);
const admissionTtls = fc.constantFrom(20_000, 60_000, 200_000);
const longestPolls = fc.constantFrom(10, 10, 60);
const rates = fc.constantFrom(null, null, 1, 6, 60, 121, 600);

const room = fc.record<LineHistory["room"]>({
  state: states,
  capacity: capacities,
  admissionsPerMinute: fc.oneof({ arbitrary: fc.constant(null), weight: 2 }, rates),
  admissionTtlMs: admissionTtls,
  holdTtlMs: fc.constant(300_000),
  pollMinSeconds: fc.constantFrom(2, 5),
  pollMaxSeconds: longestPolls,
});

const settings = fc.record<LineSettings>({
  showUpMs: fc.constantFrom(20_000, 60_000),
  // At least four times the longest window, so that proofs come in time.
  waitingTtlMs: fc.constantFrom(480_000, 1_200_000),
  bounds: fc.record({
    promotionBatch: fc.constantFrom(1, 2, 4),
    ageingBatch: fc.constantFrom(1, 2, 4),
    drawBatch: fc.constantFrom(1, 2, 4),
    leastNear: fc.constantFrom(1, 2, 6),
    exactAhead: fc.constantFrom(0, 2, 100),
  }),
});

const change = fc.record({
  state: states,
  capacity: capacities,
  admissionsPerMinute: rates,
  admissionTtlMs: admissionTtls,
  pollMaxSeconds: longestPolls,
  opensInMs: fc.constantFrom(null, 1, 5_000, 40_000),
  keepsDraw: fc.boolean(),
  bringsStock: fc.boolean(),
  atOpening: fc.boolean(),
  reaches: fc.constantFrom(true, true, true, true, false),
}, {
  requiredKeys: ["opensInMs", "keepsDraw", "bringsStock", "atOpening", "reaches"],
}) as fc.Arbitrary<Change>;

const fates: fc.Arbitrary<Fate> = fc.oneof(
  { arbitrary: fc.constant<Fate>("ANSWERED"), weight: 8 },
  { arbitrary: fc.constantFrom<Fate>("LOST", "NEVER", "TWICE", "NO_FRONT"), weight: 3 },
);
const moods = fc.constantFrom<Mood>("PUNCTUAL", "PUNCTUAL", "PUNCTUAL", "LATE", "ABSENT");

function sent(act: Record<string, fc.Arbitrary<unknown>>) {
  const looked = fc.oneof({ arbitrary: fc.constant(true), weight: 4 }, fc.constant(false));
  const isolate = fc.nat({ max: 2 });
  return fc.record({ ...act, isolate, fate: fates, looked }) as unknown as fc.Arbitrary<SentAct>;
}
const is = <Name extends Act["act"]>(name: Name) => fc.constant(name);

const acts = actsOf<SentAct>(
  [9, sent({ act: is("join"), fan: choice, bringsToken: fc.boolean() })],
  [3, sent({ act: is("all join"), from: choice })],
  [2, sent({ act: is("crowd"), fans: fc.integer({ min: 1, max: 12 }) })],
  [6, sent({ act: is("poll"), fan: choice })],
  [3, sent({ act: is("poll any token"), token: choice })],
  [2, sent({ act: is("leave"), fan: choice })],
  [
    3,
    sent({
      act: is("end"),
      tokens: fc.array(choice, { minLength: 1, maxLength: 3 }),
      because: choice,
    }),
  ],
  [2, sent({ act: is("mood"), fan: choice, mood: moods })],
  [3, sent({ act: is("promote"), release: fc.nat({ max: 2 }), idles: fc.boolean() })],
  [5, sent({ act: is("change rules"), change })],
  [1, sent({ act: is("apply old rules"), byVersions: fc.nat({ max: 2 }) })],
  [2, sent({ act: is("count"), takesMs: fc.nat({ max: 2_900 }) })],
  [3, sent({ act: is("seats"), seats: fc.constantFrom(0, 1, 1, 2, 5, 1_000) })],
  [9, sent({ act: is("pass"), ms: fc.nat({ max: 30_000 }) })],
  [7, sent({ act: is("pass to an end"), end: choice, offsetMs: fc.constantFrom(-1, 0, 0, 1) })],
  [1, sent({ act: is("outage"), ms: fc.constantFrom(20_000, 100_000, 300_000) })],
  [1, sent({ act: is("wipe"), rules: fc.constantFrom("SAME", "SAME", "REMADE", "NONE") })],
  [1, sent({ act: is("failover"), losesActs: fc.integer({ min: 1, max: 4 }) })],
);

export const lineHistory: fc.Arbitrary<LineHistory> = fc.record({
  settings,
  room,
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  skewsMs: fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(0, 0, -2_000, 2_000, 700))),
  moods: fc.array(moods, { minLength: FANS.length, maxLength: FANS.length }),
  seats: fc.constantFrom(null, 3, 8),
  hasCron: fc.boolean(),
  isCalm: fc.boolean(),
  acts,
});

/** What a calm history leaves out, so that the last moment is soon enough for every call. */
export function isPlayed({ act, fate }: SentAct, isCalm: boolean): boolean {
  return !isCalm || (act !== "outage" && act !== "failover" && fate !== "NEVER" && fate !== "LOST");
}
