import fc from "fast-check";
import type { BestAvailable } from "../../src/ports/bookings.ts";
import { HOLD_TTL_MS } from "../contract/box_office/office.ts";
import { actsOf, choice, type Fate, fates } from "./histories.ts";

/** Keys are few, so that they are used again: with the same body and with another. */
const KEYS = 3;
/** Longer than a key is remembered. */
export const LONG_MS = 26 * 3_600_000;

export type Rows = readonly number[];
/** The first two rows are in the first section. Rows of different sections have the same names. */
export const SECTIONS = ["Floor", "Balcony"] as const;
export const PRICE_STEP = 100;

export type Act =
  | {
    readonly act: "hold";
    readonly fan: number;
    readonly date: number;
    readonly seats: readonly number[];
    readonly visit: number;
  }
  | {
    readonly act: "hold the best";
    readonly fan: number;
    readonly date: number;
    readonly best: BestAvailable;
    readonly visit: number;
  }
  /** By the operator; false takes a block away. */
  | {
    readonly act: "block";
    readonly date: number;
    readonly seat: number;
    readonly isBlocked: boolean;
  }
  | { readonly act: "cancel"; readonly fan: number; readonly reservation: number }
  | {
    readonly act: "pay";
    readonly fan: number;
    readonly reservations: readonly number[];
    readonly key: number;
    readonly anybodys: boolean;
  }
  | {
    readonly act: "charge";
    readonly fan: number;
    readonly amount: number;
    readonly key: number;
  }
  | { readonly act: "send again"; readonly sent: number }
  | { readonly act: "sweep" }
  | { readonly act: "pass"; readonly ms: number }
  /** Of a hold, or of a sale or of refunds. */
  | { readonly act: "pass to an end"; readonly ofSale: boolean; readonly offsetMs: number }
  | { readonly act: "move the opening"; readonly date: number; readonly inMs: number }
  | {
    readonly act: "withdraw";
    readonly date: number;
    readonly wholeConcert: boolean;
  }
  | { readonly act: "undo a withdrawal"; readonly withdrawn: number }
  | {
    readonly act: "refund";
    readonly payment: number;
    readonly fan: number;
    readonly byOperator: boolean;
    readonly back: boolean;
  }
  | {
    readonly act: "accept a refund";
    readonly date: number;
    readonly wholeConcert: boolean;
    readonly back: boolean;
  }
  | { readonly act: "carry a refund on"; readonly job: number; readonly limit: number }
  | {
    readonly act: "correct";
    readonly fan: number;
    readonly amount: number;
    readonly key: number;
  };

export type SentAct = Act & { readonly fate: Fate };

export interface BoxOfficeHistory {
  /** The lengths of the rows of the dates: two of one concert, one of another. */
  readonly rows: readonly [Rows, Rows, Rows];
  /** Of a seat in the first row; each row behind costs `PRICE_STEP` more. */
  readonly price: number;
  readonly opensLate: boolean;
  /** What each fan has at first. */
  readonly balance: number;
  /** The second date ends, and refunds by fans end: after so many holds. */
  readonly endsAfterHolds: number | null;
  readonly refundsEndAfterHolds: number | null;
  readonly acts: readonly SentAct[];
}

function sent(act: Record<string, fc.Arbitrary<unknown>>) {
  return fc.record({ ...act, fate: fates }) as unknown as fc.Arbitrary<SentAct>;
}
const is = <Name extends Act["act"]>(name: Name) => fc.constant(name);
const some = fc.array(choice, { minLength: 1, maxLength: 3 });
const mostly = fc.nat(4).map((n) => n > 0);
/** Few seats, so that dates are often sold out and come back; more for groups to choose from. */
const few = fc.constantFrom<Rows>([1], [1], [2], [2], [3], [4], [2, 2]);
const more = fc.constantFrom<Rows>([1], [2], [4], [2, 3], [5], [3, 2, 3], [7]);
const key = fc.nat({ max: KEYS - 1 });

/** Each fan holds and pays for a seat of one date, if it is on sale and the balance suffices. */
const BUYING: readonly SentAct[] = [0, 1, 2].flatMap((fan) => [
  { act: "hold", fan, date: fan, seats: [1], visit: 0, fate: "ANSWERED" },
  { act: "pay", fan, reservations: [1], key: 0, anybodys: false, fate: "ANSWERED" },
]);

export const boxOfficeHistory: fc.Arbitrary<BoxOfficeHistory> = fc.record({
  beginsWithBuying: fc.boolean(),
  rows: fc.tuple(few, few, more),
  price: fc.constantFrom(0, 1, 1_000),
  opensLate: fc.boolean(),
  balance: fc.constantFrom(0, 5_000),
  endsAfterHolds: fc.constantFrom(null, 1, 2, 4),
  refundsEndAfterHolds: fc.constantFrom(null, 1, 2, 4, 1_000),
  acts: actsOf<SentAct>(
    [16, sent({ act: is("hold"), fan: choice, date: choice, seats: some, visit: key })],
    [
      8,
      sent({
        act: is("hold the best"),
        fan: choice,
        date: choice,
        best: fc.record({
          quantity: fc.constantFrom(1, 2, 2, 3, 4),
          section: fc.constantFrom(null, null, ...SECTIONS, "None"),
          maxPrice: fc.constantFrom(null, null, 0, PRICE_STEP, 1_000, 1_000 + PRICE_STEP),
        }),
        visit: key,
      }),
    ],
    [3, sent({ act: is("block"), date: choice, seat: choice, isBlocked: fc.boolean() })],
    [3, sent({ act: is("cancel"), fan: choice, reservation: choice })],
    [
      14,
      sent({
        act: is("pay"),
        fan: choice,
        reservations: some,
        key,
        anybodys: fc.nat(9).map((n) => n === 0),
      }),
    ],
    [5, sent({ act: is("charge"), fan: choice, amount: fc.integer({ min: 1, max: 3_000 }), key })],
    [3, sent({ act: is("send again"), sent: choice })],
    [2, sent({ act: is("sweep") })],
    [
      2,
      sent({ act: is("pass"), ms: fc.oneof(fc.nat({ max: HOLD_TTL_MS }), fc.constant(LONG_MS)) }),
    ],
    [
      4,
      sent({
        act: is("pass to an end"),
        ofSale: fc.boolean(),
        offsetMs: fc.constantFrom(-1, 0, 0, 1),
      }),
    ],
    [
      1,
      sent({
        act: is("move the opening"),
        date: choice,
        inMs: fc.integer({ min: -1, max: 9_000 }),
      }),
    ],
    [1, sent({ act: is("withdraw"), date: choice, wholeConcert: fc.boolean() })],
    [4, sent({ act: is("undo a withdrawal"), withdrawn: choice })],
    [
      5,
      sent({
        act: is("refund"),
        payment: choice,
        fan: choice,
        byOperator: fc.boolean(),
        back: mostly,
      }),
    ],
    [
      2,
      sent({
        act: is("accept a refund"),
        date: choice,
        wholeConcert: fc.boolean(),
        back: mostly,
      }),
    ],
    [
      2,
      sent({ act: is("carry a refund on"), job: choice, limit: fc.integer({ min: 1, max: 3 }) }),
    ],
    [
      2,
      sent({
        act: is("correct"),
        fan: choice,
        amount: fc.integer({ min: -1_500, max: 1_500 }).filter((amount) => amount !== 0),
        key,
      }),
    ],
  ),
}).map(({ beginsWithBuying, acts, ...history }) => ({
  ...history,
  acts: beginsWithBuying ? [...BUYING, ...acts] : acts,
}));
