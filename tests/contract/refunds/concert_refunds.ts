import { deepEqual, equal } from "node:assert/strict";
import type { ConcertId, RefundId, ScheduleId } from "../../../src/domain/ids.ts";
import type { IdempotentRequest } from "../../../src/ports/idempotency.ts";
import type { NewConcertRefund } from "../../../src/ports/refunds.ts";
import { assertLaws, countOf, unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type BoxOffice,
  type ContractTest,
  type DateOnSale,
  MISSING_ID,
  must,
  newOnce,
  newRefundId,
  newRichFan,
  PRICE,
  putOnSale,
  refusalOf,
  rfc3339,
  RICH,
} from "../box_office/office.ts";
import { paidSeats } from "./refunding.ts";

export function acceptRefund(
  { refunds }: BoxOffice,
  { concertId }: Pick<DateOnSale, "concertId">,
  more: Partial<NewConcertRefund> = {},
  once: IdempotentRequest | null = null,
) {
  const order = { refundId: newRefundId(), scheduleId: null, act: ALEX, seatsBackOnSale: true };
  return refunds.accept({ ...order, concertId, ...more }, once);
}

/** Carries this refund on until it is finished, so many payments at a time. */
export async function finishRefund(
  { refunds }: BoxOffice,
  concertId: ConcertId,
  refundId: RefundId,
  limit = 2,
): Promise<void> {
  while ((await refunds.get(concertId, refundId))?.finishedAt === null) {
    await refunds.carryOn(refundId, limit);
  }
}

export function concertRefundsContract(test: ContractTest): void {
  test("`accept()` counts the paid, and batches refund each of them once (B3 B5)", async (office) => {
    const { refunds, clock } = office;
    const [date, other] = await putOnSale(office, [{ seats: 3 }, { seats: 1 }]);
    const fan = await newRichFan(office);
    await paidSeats(fan, date);
    const rest = await newRichFan(office);
    await paidSeats(rest, other);
    const { isNew, job } = must(await acceptRefund(office, date));
    const { refundId } = job;
    equal(isNew, true);
    const terms = { scheduleId: null, reason: ALEX.reason, seatsBackOnSale: true };
    deepEqual(job, { refundId, ...terms, total: 4, refunded: 0, amount: 0, finishedAt: null });
    const counts = [];
    for (let batch = 0; batch < 4; batch++) {
      const { refunded } = await refunds.carryOn(refundId, 2);
      counts.push([refunded, (await refunds.get(date.concertId, refundId))?.refunded]);
    }
    deepEqual(counts, [[2, 2], [2, 4], [0, 4], [0, 4]]);
    deepEqual(await refunds.get(date.concertId, refundId), {
      refundId,
      ...terms,
      total: 4,
      refunded: 4,
      amount: 4 * PRICE,
      finishedAt: rfc3339(clock.nowMs),
    });
    for (const one of [fan, rest]) equal(await office.accounts.balance(one.fan), RICH);
    const concert = await office.catalogue.get(date.concertId);
    deepEqual(concert?.schedules.map(({ seatsLeft }) => seatsLeft), [3, 1]);
    const named = `select count(*) from ledger_entries e
      where e.kind = 'REFUND' and e.operator = 'alex' and e.reason = $1 and e.fan_id = $2`;
    equal(await countOf(office.sql, named, ALEX.reason!, fan.fan), 3);
    await assertLaws(office.sql);
  });

  test("`accept()` sent again with its key refunds nothing that was paid since", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    await paidSeats(await newRichFan(office), date);
    const once = newOnce("refunds");
    const first = must(await acceptRefund(office, date, {}, once));
    await finishRefund(office, date.concertId, first.job.refundId);
    const later = await newRichFan(office);
    await paidSeats(later, date);
    const again = must(await unchanged(office.sql, () => acceptRefund(office, date, {}, once)));
    deepEqual(again, { ...first, replayed: true });
    const other = must(await acceptRefund(office, date));
    deepEqual([other.isNew, other.job.total], [true, 1], "without the key it would be refunded");
    await finishRefund(office, date.concertId, other.job.refundId);
    await assertLaws(office.sql);
  });

  test("`accept()` while one is unfinished gives that one, then a new one", async (office) => {
    const [date, other] = await putOnSale(office, [{ seats: 1 }, { seats: 1 }]);
    await paidSeats(await newRichFan(office), date);
    await paidSeats(await newRichFan(office), other);
    const { job } = must(await acceptRefund(office, date));
    const others = { act: { ...ALEX, reason: "other" }, seatsBackOnSale: false };
    const again = must(await acceptRefund(office, date, others));
    deepEqual(again, { isNew: false, job, replayed: false });
    const ofOne = must(await acceptRefund(office, date, { scheduleId: date.scheduleId }));
    deepEqual([ofOne.isNew, ofOne.job.total, ofOne.job.scheduleId], [true, 1, date.scheduleId]);
    const ofOther = must(
      await acceptRefund(office, date, { scheduleId: other.scheduleId, seatsBackOnSale: false }),
    );
    deepEqual([ofOther.isNew, ofOther.job.seatsBackOnSale], [true, false]);
    await finishRefund(office, date.concertId, job.refundId);
    const { refundId } = ofOne.job;
    equal((await office.refunds.get(date.concertId, refundId))?.refunded, 1, "by the other one");
    for (const one of [refundId, ofOther.job.refundId]) {
      await finishRefund(office, date.concertId, one);
    }
    const refunds = `select count(*) from ledger_entries e
      join payments y using (payment_id) join reservations r using (reservation_id)
      where e.kind = 'REFUND' and r.schedule_id = any ($1::text::bigint[])`;
    const both = `{${date.scheduleId},${other.scheduleId}}`;
    equal(await countOf(office.sql, refunds, both), 2, "each payment once");
    const { job: empty, isNew } = must(await acceptRefund(office, date));
    deepEqual([isNew, empty.total, empty.finishedAt === null], [true, 0, false]);
    await assertLaws(office.sql);
  });

  test("a refund has neither payments made later nor those refunded before", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 4 }]);
    const fan = await newRichFan(office);
    const [before, meanwhile] = await paidSeats(fan, date, date.seatIds.slice(0, 3));
    must(await office.refunds.refund({ paymentId: before!, act: ALEX, seatBackOnSale: true }));
    const { job: { refundId, total } } = must(await acceptRefund(office, date));
    equal(total, 2);
    const late = await newRichFan(office);
    await paidSeats(late, date, date.seatIds.slice(3));
    must(await office.refunds.refund({ paymentId: meanwhile!, act: ALEX, seatBackOnSale: true }));
    const progress = await office.refunds.get(date.concertId, refundId);
    deepEqual([progress?.refunded, progress?.amount], [1, PRICE]);
    await finishRefund(office, date.concertId, refundId);
    deepEqual(
      [await office.accounts.balance(fan.fan), await office.accounts.balance(late.fan)],
      [RICH, RICH - PRICE],
    );
    await assertLaws(office.sql);
  });

  test("a refund of one schedule leaves the others, and can block its seats", async (office) => {
    const [date, other] = await putOnSale(office, [{ seats: 2 }, { seats: 2 }]);
    for (const one of [other, date]) await paidSeats(await newRichFan(office), one);
    const { scheduleId, concertId } = date;
    const more = { scheduleId, seatsBackOnSale: false };
    const { job } = must(await acceptRefund(office, date, more));
    equal(job.total, 2);
    await finishRefund(office, concertId, job.refundId);
    const blocked = "select count(*) from seats where blocked and schedule_id = $1::text::bigint";
    equal(await countOf(office.sql, blocked, String(scheduleId)), 2);
    equal(await countOf(office.sql, blocked, String(other.scheduleId)), 0);
    equal((await office.catalogue.get(concertId))?.status, "SOLD_OUT");
    await assertLaws(office.sql);
  });

  test("what is missing is refused: the concert, its schedule, its refund", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const [foreign] = await putOnSale(office, [{ seats: 1 }]);
    const concertId = MISSING_ID as ConcertId;
    deepEqual(refusalOf(await acceptRefund(office, { concertId })), { kind: "CONCERT_NOT_FOUND" });
    for (const scheduleId of [foreign.scheduleId, MISSING_ID as ScheduleId]) {
      const outcome = await acceptRefund(office, date, { scheduleId });
      deepEqual(refusalOf(outcome), { kind: "SCHEDULE_NOT_FOUND" });
    }
    const { job } = must(await acceptRefund(office, date));
    equal(await office.refunds.get(foreign.concertId, job.refundId), null);
    equal(await office.refunds.get(date.concertId, "rfd_none"), null);
  });
}
