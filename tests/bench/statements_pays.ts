import type pg from "pg";
import { seededRandom } from "../support/random.ts";
import { type Act, type BenchSize, groups, load, type Slice } from "./statements_load.ts";
import {
  type BenchOffice,
  FANS,
  placesOf,
  reset,
  schedulesOf,
  warmUp,
} from "./statements_office.ts";
import { RAW_UPDATE, row, type Section, tell } from "./statements_figures.ts";
import { ANY_LEFT, payRivals } from "./statements_rivals.ts";

export const SEATS_A_PAYMENT = 2;
/**
 * Of each seat: itself, its reservation, a payment, its history, its ledger entry and a ticket; and
 * once the balance, the schedule's counter and the idempotency record.
 */
const ROWS_A_PAYMENT = 6 * SEATS_A_PAYMENT + 3;
/** As many as a slice may pay for. */
const MOST_PAYMENTS = 4_000;
const LAST_SEATS = 16;
const SELL_OUT_ROUNDS = 60;
const SEED = 20_300_102;

const RAW = `update seats set sold = true where seat_id = any ($1::text::bigint[])`;
const HOLD = `
  with held as (
    update seats s set held_until = now() + interval '1 hour'
      from unnest($1::text::bigint[], $2::text::text[], $3::text::text[]) as w(seat_id, id, fan)
      where s.seat_id = w.seat_id returning s.*, w.id, w.fan)
  insert into reservations (reservation_id, fan_id, schedule_id, seat_id, price, status,
      expires_at, created_at, place_room, place_epoch, place_order)
    select id, fan, schedule_id, seat_id, price, 'HELD', held_until, now(), 'main', 'epoch', 7
    from held`;

interface HeldPair {
  readonly fan: string;
  readonly seatIds: readonly string[];
}

/** Pays for one pair; gives the sell-outs that it noticed. */
type Paying = (session: pg.Client, pair: HeldPair, call: number) => Promise<number>;

const reservationOf = (seatId: string) => `rsv-of-${seatId}`;

export function payByFunction(name: string): Paying {
  return async (session, { fan, seatIds }, call) => {
    const order = {
      fan,
      items: seatIds.map((seatId) => ({
        reservationId: reservationOf(seatId),
        paymentId: `pay-${seatId}`,
        ticketId: `tkt-${seatId}`,
      })),
      idempotency: { route: "pay", key: `key-${call}`, bodyHash: "a".repeat(64) },
      now: null,
    };
    const text = `select ${name}($1::text::jsonb)::text as result`;
    const { rows } = await session.query(text, [JSON.stringify(order)]);
    const { effects, refusal } = JSON.parse(rows[0].result);
    if (refusal) throw new Error(`${name} refused: ${JSON.stringify(refusal)}`);
    return effects.concertsWithChangedSchedule.length;
  };
}

/** Two round trips: a check after the commit sees every earlier payment. */
function checkedAfter(name: string, scheduleOf: (seatId: string) => string): Paying {
  const pay = payByFunction(name);
  return async (session, pair, call) => {
    await pay(session, pair, call);
    const { rows } = await session.query(ANY_LEFT, [scheduleOf(pair.seatIds[0]!)]);
    return rows[0].sold_out ? 1 : 0;
  };
}

function sellOutWays(office: BenchOffice) {
  const scheduleOf = schedulesOf(office);
  return new Map<string, Paying>([
    ["NOT EXISTS inside", payByFunction("bench_pay_not_exists")],
    [
      "check after commit",
      checkedAfter("bench_pay_uncounted", (seatId) => String(scheduleOf(seatId))),
    ],
    ["planned anew at every call", payByFunction("bench_pay_planned_anew")],
    ["in more statements", payByFunction("bench_pay_more_statements")],
    ["pay, counter (ours)", payByFunction("pay")],
  ]);
}

export async function holdPairs(
  { database }: BenchOffice,
  pairs: readonly HeldPair[],
): Promise<void> {
  const seats = pairs.flatMap(({ fan, seatIds }) => seatIds.map((seatId) => ({ fan, seatId })));
  await database.sql(HOLD, [
    `{${seats.map(({ seatId }) => seatId)}}`,
    `{${seats.map(({ seatId }) => reservationOf(seatId))}}`,
    `{${seats.map(({ fan }) => fan)}}`,
  ]);
}

export const pairsOf = (wishes: readonly (readonly string[])[]): HeldPair[] =>
  wishes.slice(0, MOST_PAYMENTS).map((seatIds, at) => ({ fan: `fan-${at % FANS + 1}`, seatIds }));

export async function preparePays(office: BenchOffice): Promise<void> {
  for (const text of await payRivals()) await office.database.sql(text, []);
  for (const pay of sellOutWays(office).values()) {
    const pairs = pairsOf(groups(office.hotSeats, SEATS_A_PAYMENT));
    await holdPairs(office, pairs);
    await warmUp(office, (session, call) => pay(session, pairs[call]!, call));
  }
}

/** Holds of as many fans are there already; what is measured is paying for them. */
export async function measurePays(office: BenchOffice, size: BenchSize): Promise<Section[]> {
  const sections: Section[] = [];
  const random = seededRandom(SEED);
  const places = placesOf(office, random);
  for (const clients of size.clients) {
    for (const [place, wishesOf] of Object.entries(places)) {
      const slices = new Map<string, Slice[]>();
      for (let round = 0; round < size.rounds; round++) {
        for (const name of [RAW_UPDATE, ...sellOutWays(office).keys()]) {
          const pay = sellOutWays(office).get(name);
          const pairs = pairsOf(wishesOf(pay ? SEATS_A_PAYMENT : ROWS_A_PAYMENT));
          if (pay) await holdPairs(office, pairs);
          const act: Act = async (session, call) => {
            const pair = pairs[call % pairs.length]!;
            if (pay) await pay(session, pair, call);
            else await session.query(RAW, [`{${pair.seatIds}}`]);
            return "done";
          };
          const most = pay ? pairs.length : Infinity;
          const slice = await load(office, { clients, ms: size.sliceMs, most }, act);
          slices.set(name, [...slices.get(name) ?? [], slice]);
          await reset(office);
        }
      }
      const act = `pay for ${SEATS_A_PAYMENT} seats`;
      sections.push(tell({ act, place, clients }, slices));
    }
  }
  return sections;
}

/** Sixteen payers of a schedule's last sixteen seats at once: how many answers name the sell-out. */
export async function measureSellOuts(office: BenchOffice) {
  const figures: Record<string, { missed: number; noticedOnce: number; noticedMore: number }> = {};
  const schedules = office.coldSeats.slice(0, SELL_OUT_ROUNDS);
  console.log(row([`\n${LAST_SEATS} payers of the last seats, ${SELL_OUT_ROUNDS} rounds`]));
  console.log(row(["", "missed", "noticed once", "more than once"]));
  for (const [name, pay] of sellOutWays(office)) {
    const noticedCounts: number[] = [];
    for (const schedule of schedules) {
      const early = { fan: "fan-1", seatIds: schedule.slice(LAST_SEATS) };
      const last = schedule.slice(0, LAST_SEATS).map((seatId, at) => ({
        fan: `fan-${at + 2}`,
        seatIds: [seatId],
      }));
      await holdPairs(office, [early, ...last]);
      await pay(office.sessions[0]!, early, -Number(schedule[0]));
      const noticed = await Promise.all(
        last.map((pair, at) => pay(office.sessions[at]!, pair, Number(pair.seatIds[0]))),
      );
      noticedCounts.push(noticed.reduce((sum, count) => sum + count, 0));
    }
    const counted = {
      missed: noticedCounts.filter((count) => count === 0).length,
      noticedOnce: noticedCounts.filter((count) => count === 1).length,
      noticedMore: noticedCounts.filter((count) => count > 1).length,
    };
    figures[name] = counted;
    console.log(row([name, ...Object.values(counted).map(String)]));
    await reset(office);
  }
  return figures;
}
