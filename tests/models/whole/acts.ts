import fc from "fast-check";
import { ROOM_STATES, type RoomState } from "../../../src/domain/room.ts";
import { choice } from "../histories.ts";
import { type Fate, fates } from "./fates.ts";
import { VERSION_NAMES, type VersionName } from "./versions.ts";
import { WIRE_NAMES, type WireName } from "./wires.ts";

/** What an operator changes in a room. */
export interface RoomChange {
  readonly state?: RoomState;
  readonly capacity?: number;
  readonly admissionsPerMinute?: number | null;
  readonly opensInMs?: number;
  readonly challengeAtJoin?: boolean;
}

/** How a request is sent: through which isolate, and what becomes of its calls. */
export interface Sending {
  readonly isolate: number;
  readonly fates: readonly Fate[];
  /**
   * Null: everything ends before the next act. Else so many calls go on, which is the number of
   * each among those that are parked, and the others are still there at the next act.
   */
  readonly picks: readonly number[] | null;
}

export const SALE_ACTS = [
  "withdraw",
  "put on sale again",
  "block a seat",
  "unblock a seat",
  "refund a payment",
  "refund the concert",
  "correct a balance",
  "evict the caches",
  "move the concert",
  "move the opening",
  "check a ticket in",
] as const;
export type SaleAct = typeof SALE_ACTS[number];

export type Act =
  /** The fan does what comes next; `whim` chooses where there is a choice. */
  | { readonly act: "move"; readonly fan: number; readonly whim: number }
  /** The fan tries to get what is not theirs. */
  | { readonly act: "pry"; readonly fan: number; readonly whim: number }
  /** A request that was sent before is sent again. */
  | { readonly act: "send again"; readonly sent: number }
  | { readonly act: "vanish"; readonly fan: number }
  | { readonly act: "pass"; readonly ms: number }
  | { readonly act: "cron"; readonly isTwice: boolean }
  | { readonly act: "cron stops"; readonly ms: number }
  | { readonly act: "change the room"; readonly room: number; readonly change: RoomChange }
  /** `clears`: the places of its fans are ended before. */
  | { readonly act: "delete a room"; readonly room: number; readonly clears: boolean }
  | { readonly act: "make a room"; readonly room: number; readonly isLobby: boolean }
  /** `isPrepared`: the fan's balance is paid out before. */
  | { readonly act: "erase"; readonly fan: number; readonly isPrepared: boolean }
  | { readonly act: "promote"; readonly room: number; readonly count: number }
  | { readonly act: "remove"; readonly fan: number }
  | { readonly act: "sale"; readonly what: SaleAct; readonly room: number; readonly which: number }
  | { readonly act: "register a webhook" }
  | { readonly act: "away"; readonly wire: WireName; readonly ms: number }
  | { readonly act: "short of memory"; readonly ms: number }
  | { readonly act: "receivers hang"; readonly ms: number }
  | { readonly act: "wipe redis" }
  | { readonly act: "fail redis over"; readonly losesActs: number }
  | { readonly act: "restore postgres"; readonly losesActs: number }
  | { readonly act: "restart"; readonly isolate: number };

export type SentAct = Act & { readonly sending: Sending };

export interface WholeHistory {
  readonly seed: number;
  readonly fans: number;
  /** The rooms that fans go to. */
  readonly rooms: readonly number[];
  /** The clocks of the isolates, each against that of the stores. */
  readonly skewsMs: readonly number[];
  /** The version of the program that each isolate runs. */
  readonly versions: readonly VersionName[];
  /** Whether user tokens are verified by the keys of an identity provider. */
  readonly usesKeySet: boolean;
  /** Whether isolates share documents of the front. */
  readonly sharesDocuments: boolean;
  /** Of calls that come with time, this share is disturbed. */
  readonly noise: number;
  /** Whether fans come by themselves, one soon after the other. */
  readonly isCrowd: boolean;
  /** Whether requests that come with time overlap. */
  readonly overlaps: boolean;
  readonly acts: readonly SentAct[];
}

const sending = fc.record<Sending>({
  isolate: fc.nat({ max: 3 }),
  fates,
  picks: fc.option(fc.array(fc.nat({ max: 30 }), { maxLength: 8 }), { freq: 2, nil: null }),
});

function sent(act: Record<string, fc.Arbitrary<unknown>>) {
  return fc.record({ ...act, sending }) as unknown as fc.Arbitrary<SentAct>;
}
const is = <Name extends Act["act"]>(name: Name) => fc.constant(name);
const rarely = fc.constantFrom(20_000, 90_000, 3_600_000);
const mostly = fc.nat({ max: 3 }).map((n) => n !== 1);
const rarelyTrue = fc.nat({ max: 3 }).map((n) => n === 1);
const change = fc.record<RoomChange>({
  state: fc.constantFrom<RoomState>("OPEN", "OPEN", "OPEN", ...ROOM_STATES),
  capacity: fc.constantFrom(1, 2, 3, 100),
  admissionsPerMinute: fc.constantFrom(null, 6, 60),
  opensInMs: fc.constantFrom(5_000, 40_000),
  challengeAtJoin: fc.boolean(),
}, { requiredKeys: [] }) as fc.Arbitrary<RoomChange>;

const KINDS: readonly [weight: number, act: fc.Arbitrary<SentAct>][] = [
  [40, sent({ act: is("move"), fan: choice, whim: choice })],
  [4, sent({ act: is("pry"), fan: choice, whim: choice })],
  [5, sent({ act: is("send again"), sent: choice })],
  [1, sent({ act: is("vanish"), fan: choice })],
  [12, sent({ act: is("pass"), ms: fc.constantFrom(300, 1_000, 2_500, 5_000, 12_000, 31_000) })],
  [1, sent({ act: is("pass"), ms: fc.constantFrom(61_000, 61_000, 200_000, 700_000) })],
  [4, sent({ act: is("cron"), isTwice: fc.boolean() })],
  [1, sent({ act: is("cron stops"), ms: rarely })],
  [4, sent({ act: is("change the room"), room: choice, change })],
  [4, sent({ act: is("delete a room"), room: choice, clears: mostly })],
  [3, sent({ act: is("make a room"), room: choice, isLobby: rarelyTrue })],
  [2, sent({ act: is("erase"), fan: choice, isPrepared: mostly })],
  [1, sent({ act: is("promote"), room: choice, count: fc.integer({ min: 1, max: 3 }) })],
  [1, sent({ act: is("remove"), fan: choice })],
  [
    6,
    sent({ act: is("sale"), what: fc.constantFrom(...SALE_ACTS), room: choice, which: choice }),
  ],
  [1, sent({ act: is("register a webhook") })],
  [2, sent({ act: is("away"), wire: fc.constantFrom(...WIRE_NAMES), ms: rarely })],
  [1, sent({ act: is("short of memory"), ms: rarely })],
  [1, sent({ act: is("receivers hang"), ms: rarely })],
  [1, sent({ act: is("wipe redis") })],
  [2, sent({ act: is("fail redis over"), losesActs: fc.integer({ min: 1, max: 4 }) })],
  [2, sent({ act: is("restore postgres"), losesActs: fc.integer({ min: 1, max: 4 }) })],
  [2, sent({ act: is("restart"), isolate: fc.nat({ max: 3 }) })],
];

function acts(maxLength: number) {
  const act = fc.oneof(...KINDS.map(([weight, arbitrary]) => ({ weight, arbitrary })));
  return fc.array(act, { maxLength, size: "max" });
}

const rooms = fc.oneof(
  { weight: 5, arbitrary: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }) },
  // Only the last one can be deleted as it is.
  { weight: 1, arbitrary: fc.constantFrom([5], [5, 1]) },
);

/** One line that is long enough for far fans, who are answered from documents. */
const crowd = fc.record({
  fans: fc.integer({ min: 5, max: 8 }),
  acts: acts(12),
  rooms: fc.constantFrom([0], [4]),
  isCrowd: fc.constant(true),
  sharesDocuments: fc.constantFrom(true, true, false),
});

/** Short ones tell most a second; long ones with many fans reach what a few cannot. */
const sizes = fc.oneof(
  { weight: 1_000, arbitrary: fc.record({ fans: fc.integer({ min: 2, max: 5 }), acts: acts(12) }) },
  { weight: 100, arbitrary: crowd },
  { weight: 30, arbitrary: fc.record({ fans: fc.integer({ min: 3, max: 12 }), acts: acts(50) }) },
  { weight: 1, arbitrary: fc.record({ fans: fc.constant(190), acts: acts(120) }) },
);

export const wholeHistory: fc.Arbitrary<WholeHistory> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  rooms,
  isCrowd: fc.constant(false),
  skewsMs: fc.array(fc.constantFrom(0, 0, -2_000, 2_000, 700), { minLength: 2, maxLength: 4 }),
  versions: fc.array(fc.constantFrom<VersionName>("PRESENT", ...VERSION_NAMES), {
    minLength: 4,
    maxLength: 4,
  }),
  usesKeySet: fc.nat({ max: 3 }).map((n) => n === 1),
  sharesDocuments: fc.boolean(),
  noise: fc.constantFrom(0, 0, 0.05, 0.2),
  overlaps: fc.boolean(),
  sizes,
}).map(({ sizes, ...history }) => ({ ...history, ...sizes }));
