import { ok, rejects } from "node:assert/strict";
import { postgresBookings } from "../../../src/adapters/postgres/bookings.ts";
import { postgresRefunds } from "../../../src/adapters/postgres/refunds.ts";
import { ALEX, must, newFan } from "../../contract/box_office/office.ts";
import type { SeatId } from "../../../src/domain/ids.ts";
import type { ScheduleRef } from "../../../src/ports/catalogue.ts";
import { HANG_MS, waitUntil } from "../../support/wait.ts";
import { openHall } from "./best_seat_races.ts";
import {
  behindLock,
  inTransaction,
  type RaceTest,
  rounds,
  setLongestAct,
  type TrackOffice,
  untilWaiting,
} from "./race.ts";

const WATCHERS = 4;
const FANS = 6;
const SEATS = 48;
/** Longer than an act takes that waits for nothing. */
const LONG_MS = 1_500;

interface Snapshot {
  readonly takenAt: string;
  readonly statuses: string;
}

/** A hall that is on sale by the clock of PostgreSQL, and its statuses as in production. */
async function openRealHall({ office, database }: TrackOffice, seats: number) {
  const hall = await openHall({ ...office, clock: { nowMs: Date.now() } }, [seats]);
  const statuses = async (): Promise<Snapshot> => {
    const text = "select seat_statuses($1::text::jsonb)::text as result";
    const [row] = await database.sql(text, [JSON.stringify({ ...hall, now: null })]);
    return JSON.parse(row!["result"] as string);
  };
  const map = await office.catalogue.seatMap(hall, null);
  return { hall, statuses, seatIds: map!.rows.map(([seatId]) => seatId) };
}

async function databaseNow({ database }: TrackOffice): Promise<string> {
  const [row] = await database.sql("select rfc3339(clock_timestamp()) as at", []);
  return String(row!["at"]);
}

export function snapshotRaces(test: RaceTest): void {
  test("a snapshot is older than every act that it does not have", async (track) => {
    const { database } = track;
    const { seatIds, statuses } = await openRealHall(track, 2);
    const now = () => databaseNow(track);
    const holds = (seatId: number) =>
      `update seats set held_until = now() + interval '1 hour' where seat_id = ${seatId}`;
    await inTransaction(database, async (session, commit) => {
      await session.sql(holds(seatIds[0]!), []);
      const decidedAt = await now();
      await waitUntil(
        "a later time",
        async () => Date.parse(await now()) > Date.parse(decidedAt) + 5,
      );
      const before = await statuses();
      ok(before.takenAt < decidedAt, `${before.takenAt} is not before ${decidedAt}`);
      await commit();
      await waitUntil("a snapshot that has the act", async () => {
        return (await statuses()).takenAt >= decidedAt;
      });
    });
  });

  test("a payment that waits long after its decision is later than the snapshots without it", async (track) => {
    const { database, office } = track;
    const { hall, seatIds, statuses } = await openRealHall(track, 1);
    const bookings = postgresBookings({ sql: database.sql });
    const fan = newFan({ ...office, bookings });
    const held = JSON.parse(must(await fan.holdAll(hall, [seatIds[0]!])).json);
    const snapshots: Snapshot[] = [];
    const lock = {
      text: "select 1 from schedules where schedule_id = $1::text::bigint for no key update",
      params: [String(hall.scheduleId)],
    };
    const paid = await behindLock(track, lock, async (release) => {
      const paying = fan.pay(held.reservations);
      await untilWaiting(track, 1, paying);
      const from = Date.parse(await databaseNow(track));
      await waitUntil("a later time", async () => {
        snapshots.push(await statuses());
        return Date.parse(await databaseNow(track)) > from + LONG_MS;
      });
      await release();
      return JSON.parse(must(await paying).json);
    });
    const { paidAt } = paid.payments[0];
    for (const { takenAt } of snapshots) ok(takenAt < paidAt, `${takenAt} is not before ${paidAt}`);
  });

  test("a payment or a refund that lasts too long fails as a whole", async (track) => {
    const { database, office } = track;
    const { hall, seatIds } = await openRealHall(track, 1);
    const fan = newFan({ ...office, bookings: postgresBookings({ sql: database.sql }) });
    const refunds = postgresRefunds({ sql: database.sql });
    const held = JSON.parse(must(await fan.holdAll(hall, [seatIds[0]!])).json);
    const failsWhenOverdue = async (act: () => Promise<unknown>) => {
      await setLongestAct(database, 0);
      await rejects(act, /postgres is unavailable/).finally(() => setLongestAct(database, HANG_MS));
    };
    await failsWhenOverdue(() => fan.pay(held.reservations));
    const { payments: [{ paymentId }] } = JSON.parse(must(await fan.pay(held.reservations)).json);
    const refund = { paymentId, act: ALEX, seatBackOnSale: true };
    await failsWhenOverdue(() => refunds.refund(refund));
    must(await refunds.refund(refund));
  });

  test("a snapshot has every act whose time it has reached", async (track) => {
    for (let round = 0; round < rounds(3); round++) {
      const { hall, seatIds, statuses } = await openRealHall(track, SEATS);
      const acts: SeatActs[] = seatIds.map(() => []);
      const snapshots: Snapshot[] = [];
      let isOver = false;
      const watch = async () => {
        while (!isOver) snapshots.push(await statuses());
      };
      const watching = Promise.all(Array.from({ length: WATCHERS }, watch));
      try {
        await Promise.all(Array.from({ length: FANS }, async (_, first) => {
          for (let seat = first; seat < SEATS; seat += FANS) {
            await playSeat(track, hall, { seatId: seatIds[seat]!, number: seat }, acts[seat]!);
          }
        }));
        const lastMs = Math.max(...acts.flat().map(({ atMs }) => atMs));
        await waitUntil("a snapshot that has all acts", async () => {
          snapshots.push(await statuses());
          return Date.parse(snapshots.at(-1)!.takenAt) >= lastMs;
        });
      } finally {
        isOver = true;
        await watching;
      }
      for (const snapshot of snapshots) assertReached(snapshot, acts);
    }
  });
}

/** When a seat became what, by the answers to the acts. */
type SeatActs = { readonly atMs: number; readonly letter: string }[];

/** A fan holds a seat; then it is cancelled or paid, and some payments are refunded. */
async function playSeat(
  { office, database }: TrackOffice,
  hall: ScheduleRef,
  { seatId, number }: { readonly seatId: SeatId; readonly number: number },
  acts: SeatActs,
): Promise<void> {
  const bookings = postgresBookings({ sql: database.sql });
  const refunds = postgresRefunds({ sql: database.sql });
  const fan = newFan({ ...office, bookings });
  const became = (at: string, letter: string) => acts.push({ atMs: Date.parse(at), letter });
  const held = JSON.parse(must(await fan.holdAll(hall, [seatId])).json);
  became(held.takenAt, "H");
  if (number % 2 === 0) {
    became(must(await fan.cancel(held.reservations[0])).takenAt, "A");
    return;
  }
  const { payments: [{ paymentId, paidAt }] } = JSON.parse(
    must(await fan.pay(held.reservations)).json,
  );
  became(paidAt, "S");
  if (number % 4 === 1) return;
  const refunded = must(await refunds.refund({ paymentId, act: ALEX, seatBackOnSale: true }));
  became(refunded.payment.refundedAt!, "A");
}

/** The snapshot may have later acts, but misses none whose time is not later. */
function assertReached({ takenAt, statuses }: Snapshot, acts: readonly SeatActs[]): void {
  acts.forEach((ofSeat, seat) => {
    const reached = ofSeat.filter(({ atMs }) => atMs <= Date.parse(takenAt)).length;
    const letters = ["A", ...ofSeat.map(({ letter }) => letter)].slice(reached);
    const seen = `${statuses[seat]} at ${takenAt}: ${JSON.stringify(ofSeat)}`;
    ok(letters.includes(statuses[seat]!), `a snapshot misses an act of seat ${seat}: ${seen}`);
  });
}
