import { deepEqual, equal, fail } from "node:assert/strict";
import type { FanId } from "../../../src/domain/ids.ts";
import type { Sale } from "../../../src/ports/sales.ts";
import { EVENT_TYPES } from "../../../src/domain/webhook.ts";
import { assertLaws, countOf, unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type BoxOffice,
  type ContractTest,
  CURRENCY,
  type DateOnSale,
  type Fan,
  HOLD_TTL_MS,
  must,
  newFan,
  newOnce,
  newRefundId,
  newRichFan,
  nth,
  PRICE,
  putOnSale,
  refusalOf,
  RICH,
} from "../box_office/office.ts";
import { paidSeats } from "../refunds/refunding.ts";
import { atDoor, latestTicket } from "../tickets/tickets.ts";
import { withWebhooks } from "../webhooks/receiver.ts";
import { newPseudonym } from "./pseudonyms.ts";
import { tablesWith } from "./search.ts";

const DAY_MS = 86_400_000;
const ALL_SALES = { scheduleId: null, seatId: null, userId: null };

function erase({ fanErasure }: BoxOffice, fan: FanId, pseudonym = newPseudonym()) {
  return fanErasure.erase({ fan, pseudonym, act: { operator: "kim", reason: `${fan} wrote` } });
}

/** Pays the whole balance out, as an operator does. */
async function payOut({ accounts }: BoxOffice, { fan }: Fan): Promise<void> {
  const amount = -await accounts.balance(fan);
  const act = { operator: "kim", reason: `paid out to (${fan}), as ${fan} asked` };
  if (amount !== 0) {
    must(await accounts.correct({ fan, amount, currency: CURRENCY, act }, newOnce("c")));
  }
}

/** Everything that a fan and an operator can do with a fan leaves rows with the name. */
async function liveAFullLife(office: BoxOffice, fan: Fan, date: DateOnSale): Promise<void> {
  const { accounts, recordedAnswers, refunds, tickets, clock } = office;
  const charge = { fan: fan.fan, amount: 5, currency: CURRENCY, act: ALEX };
  must(await accounts.charge(charge, newOnce("charges")));
  must(await fan.cancel(await fan.holdOne(date, nth(date.seatIds, 0))));
  await fan.holdOne(date, nth(date.seatIds, 1));
  clock.nowMs += HOLD_TTL_MS;
  const [refunded] = await paidSeats(fan, date, date.seatIds.slice(2, 4));
  must(await refunds.refund({ paymentId: refunded!, act: ALEX, seatBackOnSale: true }));
  await paidSeats(fan, date, date.seatIds.slice(0, 1));
  must(await tickets.checkIn(atDoor(await latestTicket(office, fan.fan)), newOnce("in")));
  // As when an operator ends the fan's place in line.
  const entry = { action: "PLACE_ENDED", room: "main", subject: fan.fan, old: {}, new: null };
  must(
    await recordedAnswers.record({
      once: newOnce("places"),
      answer: {},
      effects: { room: "main", fan: fan.fan, order: 1, epoch: "e" },
      entry: { ...entry, ...ALEX } as never,
    }),
  );
}

async function salesOf({ sales }: BoxOffice, { concertId }: DateOnSale): Promise<readonly Sale[]> {
  const page = await sales.list(concertId, ALL_SALES, { limit: 100, after: null });
  return page?.items ?? fail("there is no such concert");
}

async function buyersOf(office: BoxOffice, date: DateOnSale): Promise<Set<string>> {
  return new Set((await salesOf(office, date)).map(({ userId }) => userId));
}

/** What bookkeeping and the doors read, without a name. */
async function sums(office: BoxOffice, date: DateOnSale) {
  const { sql, catalogue } = office;
  const rows = [];
  for (
    const table of ["ledger_entries", "payments", "reservations", "tickets", "events", "balances"]
  ) rows.push([table, await countOf(sql, `select count(*) from ${table}`)]);
  return {
    rows,
    concert: await catalogue.get(date.concertId),
    sales: (await salesOf(office, date)).map(({ userId: _, ...sale }) => sale),
    ledger: await sql(
      "select kind, sum(amount)::text as amount from ledger_entries group by kind order by kind",
      [],
    ),
  };
}

/** The erasure of a fan from all records. */
export function erasingContract(test: ContractTest): void {
  test("`erase()` leaves the name in no column of any table, and every sum as it was", async (office) => {
    const { sql, accounts, auditLog, clock, fanErasure } = office;
    await withWebhooks(office, [EVENT_TYPES], async () => {
      const [date] = await putOnSale(office, [{ seats: 5 }]);
      const [fan, other] = [await newRichFan(office), await newRichFan(office)];
      await liveAFullLife(office, fan, date);
      await paidSeats(other, date, [nth(date.seatIds, 4)]);
      clock.nowMs += 2 * DAY_MS;
      await payOut(office, fan);
      deepEqual(await tablesWith(sql, fan.fan), [
        "audit_log",
        "balances",
        "events",
        "idempotency_records",
        "ledger_entries",
        "payments",
        "reservations",
      ]);

      const before = await sums(office, date);
      const pseudonym = newPseudonym();
      must(await erase(office, fan.fan, pseudonym));
      deepEqual(await tablesWith(sql, fan.fan), []);
      deepEqual(await sums(office, date), before);
      await assertLaws(sql);
      deepEqual(await buyersOf(office, date), new Set([pseudonym, other.fan]));
      equal(await accounts.balance(other.fan), RICH - PRICE);

      const [entry] = (await auditLog.list(null, { limit: 1, after: null })).items;
      deepEqual([entry?.action, entry?.subject, entry?.operator, entry?.reason], [
        "FAN_ERASED",
        pseudonym,
        "kim",
        `${pseudonym} wrote`,
      ]);
      const [corrected] = await sql(
        "select reason from ledger_entries where fan_id = $1 and kind = 'CORRECTION'",
        [pseudonym],
      );
      equal(corrected?.["reason"], `paid out to (${pseudonym}), as ${pseudonym} asked`);

      // Again: there is nothing left to change, and the first pseudonym stays.
      must(await fanErasure.erase({ fan: fan.fan, pseudonym: newPseudonym(), act: ALEX }));
      deepEqual(await sums(office, date), before);
      deepEqual(await buyersOf(office, date), new Set([pseudonym, other.fan]));
    });
  });

  test("`erase()` is refused while the name is still needed, and changes nothing", async (office) => {
    const { clock, catalogue, refunds, sql } = office;
    const [date] = await putOnSale(office, [{ seats: 3 }]);
    const fan = await newRichFan(office);
    const refusedFor = async (...reasons: string[]) =>
      deepEqual(refusalOf(await unchanged(sql, () => erase(office, fan.fan))), {
        kind: "ERASURE_NOT_POSSIBLE",
        reasons,
      });
    await refusedFor("BALANCE");
    await fan.holdOne(date, nth(date.seatIds, 0));
    await refusedFor("BALANCE", "HOLDS");
    clock.nowMs += HOLD_TTL_MS;
    const [paymentId] = await paidSeats(fan, date, date.seatIds.slice(1, 3));
    await payOut(office, fan);
    await refusedFor("TICKETS");
    const withdraw = { status: "WITHDRAWN" } as const;
    must(await catalogue.update(date.concertId, withdraw, ALEX));
    await refusedFor("REFUNDS");
    // Also when the date has passed: the money is owed.
    clock.nowMs += 2 * DAY_MS;
    await refusedFor("REFUNDS");
    must(await refunds.refund({ paymentId: paymentId!, act: ALEX, seatBackOnSale: true }));
    await refusedFor("BALANCE", "REFUNDS");
    const { concertId } = date;
    const job = { refundId: newRefundId(), concertId, scheduleId: null, seatsBackOnSale: true };
    must(await refunds.accept({ ...job, act: ALEX }, null));
    await refunds.carryOn(job.refundId, 100);
    await payOut(office, fan);
    must(await erase(office, fan.fan));
    await assertLaws(sql);
  });

  test("`erase()` is refused while a refund of the concert is not finished", async (office) => {
    const { clock, refunds, sql } = office;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    await paidSeats(fan, date);
    await payOut(office, fan);
    clock.nowMs += 2 * DAY_MS;
    const { concertId } = date;
    const job = { refundId: newRefundId(), concertId, scheduleId: null, seatsBackOnSale: true };
    must(await refunds.accept({ ...job, act: ALEX }, null));
    deepEqual(refusalOf(await unchanged(sql, () => erase(office, fan.fan))), {
      kind: "ERASURE_NOT_POSSIBLE",
      reasons: ["REFUNDS"],
    });
    await refunds.carryOn(job.refundId, 100);
  });

  test("who signs in with the name again is a new person, without balance and records", async (office) => {
    const { accounts, bookings, clock } = office;
    const [past, next] = await putOnSale(office, [
      { seats: 1 },
      { seats: 5, concertInMs: 9 * DAY_MS },
    ]);
    const fan = await newRichFan(office);
    const once = newOnce("pay");
    must(await fan.pay([await fan.holdOne(past, nth(past.seatIds, 0))], once));
    clock.nowMs += 2 * DAY_MS;
    await payOut(office, fan);
    must(await erase(office, fan.fan));
    equal(await accounts.balance(fan.fan), 0);
    const { items } = await bookings.listReservations(fan.fan, { limit: 9, after: null });
    deepEqual(items, []);
    must(await fan.charge(RICH));
    must(await fan.hold(next, next.seatIds.slice(0, 4)));
    equal(await accounts.balance(fan.fan), RICH);
    await assertLaws(office.sql);
  });

  test("a name is taken out of a reason as a word, whatever characters it has", async (office) => {
    const { accounts, sql } = office;
    for (const name of ["a.b+(c)", "$1\\2 [x]", "李 四", "***", "'; drop table seats --"]) {
      const fan = `${name}${crypto.randomUUID().slice(0, 4)}` as FanId;
      const reason = `${fan}, for ${fan}x and x${fan} and (${fan})`;
      for (const amount of [1, -1]) {
        const act = { operator: "kim", reason };
        must(await accounts.correct({ fan, amount, currency: CURRENCY, act }, newOnce("c")));
      }
      const pseudonym = newPseudonym();
      must(await erase(office, fan, pseudonym));
      const [entry] = await sql("select reason from ledger_entries where fan_id = $1", [pseudonym]);
      equal(entry?.["reason"], `${pseudonym}, for ${fan}x and x${fan} and (${pseudonym})`, fan);
    }
  });

  test("a name leaves the reasons of acts on others, with Korean endings and in any case", async (office) => {
    const { accounts, sql } = office;
    const fan = `Fan-${crypto.randomUUID().slice(0, 8)}` as FanId;
    const other = newFan(office).fan;
    const reason = `${fan}님이 요청, ${fan.toUpperCase()}의 친구`;
    const act = { operator: "kim", reason };
    must(await accounts.correct({ fan: other, amount: 5, currency: CURRENCY, act }, newOnce("c")));
    const pseudonym = newPseudonym();
    must(await erase(office, fan, pseudonym));
    const rows = await sql(
      `select reason from ledger_entries where fan_id = $1
        union all select reason from audit_log where subject = $1`,
      [other],
    );
    const left = `${pseudonym}님이 요청, ${pseudonym}의 친구`;
    deepEqual(rows.map((row) => row["reason"]), [left, left]);
  });

  test("no digest of a request that named the fan stays, and none does the act again", async (office) => {
    const { accounts, recordedAnswers, sql, clock } = office;
    const [fan, other] = [newFan(office).fan, newFan(office).fan];
    const onceOf = (act: string) => ({ ...newOnce(act), bodyHash: `digest-of-${act}-${fan}` });
    const charge = (of: FanId, reason: string, once: ReturnType<typeof onceOf>) => {
      clock.nowMs++;
      const act = { ...ALEX, reason };
      return accounts.charge({ fan: of, amount: 5, currency: CURRENCY, act }, once);
    };
    const named = onceOf("charge");
    must(await charge(fan, "a gift", named));
    must(
      await accounts.correct({ fan, amount: -5, currency: CURRENCY, act: ALEX }, onceOf("pay-out")),
    );
    must(await charge(other, `for the friend of ${fan}`, onceOf("reason")));
    clock.nowMs++;
    const entry = { action: "PLACE_ENDED", room: "main", subject: fan, old: {}, new: null };
    const effects = { room: "main", fan, order: 1, epoch: "e" };
    for (const act of [{ ...entry, ...ALEX }, null]) {
      const once = onceOf(`place-${act === null}`);
      must(await recordedAnswers.record({ once, answer: {}, effects, entry: act as never }));
    }
    const others = onceOf("others");
    must(await charge(other, "a gift", others));
    clock.nowMs++;
    must(await erase(office, fan));
    const kept = await sql(
      "select route from idempotency_records where body_hash like 'digest-of-%' || $1",
      [fan],
    );
    deepEqual(kept.map(({ route }) => route), ["others"]);
    deepEqual(refusalOf(await charge(fan, "a gift", named)), { kind: "IDEMPOTENCY_KEY_REUSED" });
    equal(await accounts.balance(fan), 0);
    must(await charge(other, "a gift", others));
    equal(await accounts.balance(other), 10);
  });

  test("a fan whom nobody has seen is erased like any other", async (office) => {
    const before = await tablesWith(office.sql, "fan-nobody");
    must(await erase(office, newFan(office).fan));
    deepEqual(await tablesWith(office.sql, "fan-nobody"), before);
  });
}
