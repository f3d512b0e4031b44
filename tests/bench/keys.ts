/**
 * What the primary and foreign keys cost: holds and payments a second with every key of the schema,
 * and on a second database without those that a faster schema did without. Both take turns.
 */
import { seededRandom } from "../support/random.ts";
import { ratioSpread, requireMeasured, type Spread, spread } from "./measure.ts";
import { HOLD_TTL_MS, holdByFunction, SEATS_A_HOLD } from "./statements_holds.ts";
import { type Act, type BenchSize, groups, load } from "./statements_load.ts";
import {
  type BenchOffice,
  openBenchOffice,
  placesOf,
  reset,
  schedulesOf,
  warmUp,
} from "./statements_office.ts";
import { holdPairs, pairsOf, payByFunction, SEATS_A_PAYMENT } from "./statements_pays.ts";
import { createSection } from "./section.ts";
import { formatTable, ranged, ratio } from "./table.ts";

const SEED = 20_300_103;

const RESTORED_KEYS = {
  concerts: ["concerts_room_id_fkey"],
  reservations: ["reservations_seat_id_schedule_id_fkey", "reservations_place_room_fkey"],
  seats: ["seats_seat_id_schedule_id_key"],
  payments: ["payments_reservation_id_fkey", "payments_fan_id_fkey"],
  payment_history: ["payment_history_payment_id_fkey", "payment_history_pkey"],
  ledger_entries: [
    "ledger_entries_fan_id_fkey",
    "ledger_entries_payment_id_fkey",
    "ledger_entries_pkey",
  ],
};

const PLACES = ["one hot concert", "a thousand concerts"] as const;
type Place = typeof PLACES[number];

export interface KeyFigures {
  readonly act: "hold" | "pay";
  readonly place: Place;
  readonly clients: number;
  /** Calls a second. */
  readonly withKeys: Spread;
  readonly withoutRestoredKeys: Spread;
  /** Of each round: with keys to without. */
  readonly ratio: Spread;
}

export const keys = createSection({
  about: "holds and payments with every key of the schema, against a schema without some",
  sizes: {
    full: { clients: [1, 16, 64], rounds: 5, sliceMs: 500, seedShare: 1 },
    smoke: { clients: [2], rounds: 1, sliceMs: 20, seedShare: 0.05 },
  },
  measure: measureKeys,
  tables: (figures) => [formatTable(
    "Holds and payments of two seats with every key, and without restored keys: calls a second",
    ["", "clients", "with keys", "without restored keys", "with / without"],
    figures.map(({ act, place, clients, withKeys, withoutRestoredKeys, ratio: of }) => [
      `${act}, ${place}`,
      String(clients),
      ranged(withKeys),
      ranged(withoutRestoredKeys),
      ranged(of, ratio),
    ]),
  )],
});

/** Prepares one slice, and gives what its clients do in it. */
type Slicing = (place: Place) => Promise<{ readonly act: Act; readonly most: number }>;

function slicings(office: BenchOffice): Record<KeyFigures["act"], Slicing> {
  const places = placesOf(office, seededRandom(SEED));
  const holdAll = holdByFunction("hold_all", schedulesOf(office));
  const pay = payByFunction("pay");
  return {
    hold: async (place) => {
      const wishes = places[place](SEATS_A_HOLD);
      return { act: holdAll((call) => wishes[call]!, HOLD_TTL_MS), most: wishes.length };
    },
    pay: async (place) => {
      const pairs = pairsOf(places[place](SEATS_A_PAYMENT));
      await holdPairs(office, pairs);
      const act: Act = async (session, call) => {
        await pay(session, pairs[call]!, call);
        return "done";
      };
      return { act, most: pairs.length };
    },
  };
}

async function warmUpBoth(office: BenchOffice): Promise<void> {
  const wishes = groups(office.hotSeats, SEATS_A_HOLD);
  const hold = holdByFunction("hold_all", schedulesOf(office))(
    (call) => wishes[call]!,
    HOLD_TTL_MS,
  );
  await warmUp(office, hold);
  const pairs = pairsOf(wishes);
  await holdPairs(office, pairs);
  const pay = payByFunction("pay");
  await warmUp(office, (session, call) => pay(session, pairs[call]!, call));
}

async function openWithoutRestoredKeys(clients: number, seedShare: number): Promise<BenchOffice> {
  const office = await openBenchOffice(clients, seedShare);
  for (const [table, keys] of Object.entries(RESTORED_KEYS)) {
    for (const key of keys) {
      await office.database.sql(`alter table ${table} drop constraint ${key}`, []);
    }
  }
  return office;
}

/** Throws when a call failed or was refused: then something else was measured. */
async function perSecond(
  office: BenchOffice,
  slicing: Slicing,
  place: Place,
  { clients, ms }: { clients: number; ms: number },
): Promise<number> {
  const { act, most } = await slicing(place);
  const slice = await load(office, { clients, ms, most }, act);
  await reset(office);
  if (slice.errors[0]) throw new Error(slice.errors[0]);
  if (slice.refused + slice.partial + slice.deadlocks > 0) throw new Error("a call was refused");
  requireMeasured(`calls in ${place}`, [slice.perSecond]);
  return slice.perSecond;
}

export async function measureKeys(
  { clients, rounds, sliceMs, seedShare }: BenchSize,
): Promise<KeyFigures[]> {
  const sessions = Math.max(...clients);
  const withKeys = await openBenchOffice(sessions, seedShare);
  const without = await openWithoutRestoredKeys(sessions, seedShare);
  try {
    for (const office of [withKeys, without]) await warmUpBoth(office);
    const [ours, theirs] = [slicings(withKeys), slicings(without)];
    const figures: KeyFigures[] = [];
    for (const count of clients) {
      for (const act of ["hold", "pay"] as const) {
        for (const place of PLACES) {
          const size = { clients: count, ms: sliceMs };
          const kept: number[] = [];
          const dropped: number[] = [];
          for (let round = 0; round < rounds; round++) {
            kept.push(await perSecond(withKeys, ours[act], place, size));
            dropped.push(await perSecond(without, theirs[act], place, size));
          }
          figures.push({
            act,
            place,
            clients: count,
            withKeys: spread(kept),
            withoutRestoredKeys: spread(dropped),
            ratio: ratioSpread(kept, dropped),
          });
        }
      }
    }
    return figures;
  } finally {
    await withKeys.close();
    await without.close();
  }
}
