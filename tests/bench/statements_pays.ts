import type pg from "pg";
import { seededRandom } from "../adapters/postgres/race.ts";
import { ANY_LEFT, NOT_EXISTS, payWithout } from "./statements_candidates.ts";
import { type Act, type BenchSize, groups, load, shuffled, type Slice } from "./statements_load.ts";
import { type BenchOffice, FANS, reset } from "./statements_office.ts";
import { RAW_UPDATE, row, type Section, tell } from "./statements_figures.ts";

const SEATS_A_PAYMENT = 2;
/**
 * Of each seat: itself, its reservation, a payment, its history and its ledger entry; and once the
 * balance, the date's counter and the idempotency record.
 */
const ROWS_A_PAYMENT = 5 * SEATS_A_PAYMENT + 3;
/** As many as a slice may pay for. */
const MOST_PAYMENTS = 4_000;
const WARM_UP_CALLS = 12;
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

function byFunction(name: string): Paying {
  return async (session, { fan, seatIds }, call) => {
    const order = {
      fan,
      items: seatIds.map((seatId) => ({
        reservationId: reservationOf(seatId),
        paymentId: `pay-${seatId}`,
      })),
      once: { route: "pay", key: `key-${call}`, bodyHash: "a".repeat(64) },
      now: null,
    };
    const text = `select ${name}($1::text::jsonb)::text as result`;
    const { rows } = await session.query(text, [JSON.stringify(order)]);
    const { effects, refusal } = JSON.parse(rows[0].result);
    if (refusal) throw new Error(`${name} refused: ${JSON.stringify(refusal)}`);
    return effects.concertsWithSoldOutSchedule.length;
  };
}

/** Two round trips: whoever asks after the commit sees every payment before. */
function checkedAfter(name: string, scheduleOf: (seatId: string) => string): Paying {
  const pay = byFunction(name);
  return async (session, pair, call) => {
    await pay(session, pair, call);
    const { rows } = await session.query(ANY_LEFT, [scheduleOf(pair.seatIds[0]!)]);
    return rows[0].sold_out ? 1 : 0;
  };
}

function sellOutWays(office: BenchOffice) {
  const schedules = new Map(
    [office.hotSeats, ...office.coldSeats].flatMap((seats, date) =>
      seats.map((seatId) => [seatId, String(date === 0 ? 1 : date + 2)] as const)
    ),
  );
  return new Map<string, Paying>([
    ["NOT EXISTS inside", byFunction("bench_pay_not_exists")],
    ["check after commit", checkedAfter("bench_pay_uncounted", (seatId) => schedules.get(seatId)!)],
    ["pay_v1, counter", byFunction("pay_v1")],
    ["pay_v2, counter", byFunction("pay_v2")],
    ["pay_v3, counter (ours)", byFunction("pay_v3")],
  ]);
}

async function hold({ database }: BenchOffice, pairs: readonly HeldPair[]): Promise<void> {
  const seats = pairs.flatMap(({ fan, seatIds }) => seatIds.map((seatId) => ({ fan, seatId })));
  await database.sql(HOLD, [
    `{${seats.map(({ seatId }) => seatId)}}`,
    `{${seats.map(({ seatId }) => reservationOf(seatId))}}`,
    `{${seats.map(({ fan }) => fan)}}`,
  ]);
}

const pairsOf = (wishes: readonly (readonly string[])[]): HeldPair[] =>
  wishes.slice(0, MOST_PAYMENTS).map((seatIds, at) => ({ fan: `fan-${at % FANS + 1}`, seatIds }));

export async function preparePays(office: BenchOffice): Promise<void> {
  const migration = await Deno.readTextFile(
    new URL("../../src/adapters/postgres/migrations/012.do.pay_v3.sql", import.meta.url),
  );
  const { sql } = office.database;
  await sql(payWithout(NOT_EXISTS, "bench_pay_not_exists", migration), []);
  await sql(payWithout("", "bench_pay_uncounted", migration), []);
  for (const pay of sellOutWays(office).values()) {
    const pairs = pairsOf(groups(office.hotSeats, SEATS_A_PAYMENT));
    await hold(office, pairs);
    await Promise.all(office.sessions.map(async (session, client) => {
      for (let call = 0; call < WARM_UP_CALLS; call++) {
        const mine = client * WARM_UP_CALLS + call;
        await pay(session, pairs[mine]!, mine);
      }
    }));
    await reset(office);
  }
}

/** Holds of as many fans are there already; what is measured is paying for them. */
export async function measurePays(office: BenchOffice, size: BenchSize): Promise<Section[]> {
  const sections: Section[] = [];
  const random = seededRandom(SEED);
  const places = {
    "one hot concert": (seats: number) => groups(shuffled(random, office.hotSeats), seats),
    "a thousand concerts": (seats: number) =>
      shuffled(random, office.coldSeats.flatMap((date) => groups(date, seats))),
  };
  for (const clients of size.clients) {
    for (const [place, wishesOf] of Object.entries(places)) {
      const slices = new Map<string, Slice[]>();
      for (let round = 0; round < size.rounds; round++) {
        for (const name of [RAW_UPDATE, ...sellOutWays(office).keys()]) {
          const pay = sellOutWays(office).get(name);
          const pairs = pairsOf(wishesOf(pay ? SEATS_A_PAYMENT : ROWS_A_PAYMENT));
          if (pay) await hold(office, pairs);
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

/** Sixteen payers of a date's last sixteen seats, at once: how many were told that it sold out. */
export async function measureSellOuts(office: BenchOffice) {
  const figures: Record<string, { missed: number; toldOnce: number; toldMore: number }> = {};
  const dates = office.coldSeats.slice(0, SELL_OUT_ROUNDS);
  console.log(row([`\n${LAST_SEATS} payers of the last seats, ${SELL_OUT_ROUNDS} rounds`]));
  console.log(row(["", "missed", "told once", "told more"]));
  for (const [name, pay] of sellOutWays(office)) {
    const told: number[] = [];
    for (const date of dates) {
      const early = { fan: "fan-1", seatIds: date.slice(LAST_SEATS) };
      const last = date.slice(0, LAST_SEATS).map((seatId, at) => ({
        fan: `fan-${at + 2}`,
        seatIds: [seatId],
      }));
      await hold(office, [early, ...last]);
      await pay(office.sessions[0]!, early, -Number(date[0]));
      const noticed = await Promise.all(
        last.map((pair, at) => pay(office.sessions[at]!, pair, Number(pair.seatIds[0]))),
      );
      told.push(noticed.reduce((sum, count) => sum + count, 0));
    }
    const counted = {
      missed: told.filter((count) => count === 0).length,
      toldOnce: told.filter((count) => count === 1).length,
      toldMore: told.filter((count) => count > 1).length,
    };
    figures[name] = counted;
    console.log(row([name, ...Object.values(counted).map(String)]));
    await reset(office);
  }
  return figures;
}
