import { deepEqual, equal } from "node:assert/strict";
import type { FanId, PaymentId, TicketId } from "../../../src/domain/ids.ts";
import { assertLaws, unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type BoxOffice,
  type ContractTest,
  type DateOnSale,
  type Fan,
  HOLD_TTL_MS,
  must,
  newFan,
  newRichFan,
  PRICE,
  putOnSale,
  refusalOf,
  rfc3339,
  RICH,
  SEAT_LIMIT,
} from "../box_office/office.ts";

/** Pays for seats of the date, and gives the ids of the payments. */
export async function paidSeats(
  fan: Fan,
  date: DateOnSale,
  seatIds = date.seatIds,
  seatLimit = SEAT_LIMIT,
): Promise<PaymentId[]> {
  const { json } = must(await fan.pay(must(await fan.hold(date, seatIds, { seatLimit }))));
  return JSON.parse(json).payments.map(({ paymentId }: { paymentId: PaymentId }) => paymentId);
}

export async function setRefundUntil(
  { sql }: BoxOffice,
  { scheduleId }: DateOnSale,
  atMs: number | null,
): Promise<void> {
  await sql(
    "update schedules set refund_until = $1::text::timestamptz where schedule_id = $2::text::bigint",
    [atMs === null ? null : rfc3339(atMs), String(scheduleId)],
  );
}

function refundOf(office: BoxOffice, paymentId: PaymentId, seatBackOnSale = true) {
  return office.refunds.refund({ paymentId, act: ALEX, seatBackOnSale });
}

export function refundingContract(test: ContractTest): void {
  test("`refund()` credits, frees the seat at once, and records it everywhere (B3 B5)", async (office) => {
    const { accounts, auditLog, bookings, catalogue, clock } = office;
    const [date, other] = await putOnSale(office, [{ seats: 1 }, { seats: 1 }]);
    const fan = await newRichFan(office);
    const [paymentId] = await paidSeats(fan, date);
    await paidSeats(await newRichFan(office), other);
    const { payment, balance, effects } = must(await refundOf(office, paymentId!));
    const at = rfc3339(clock.nowMs);
    deepEqual([payment.status, payment.paidAt, payment.refundedAt], ["REFUNDED", at, at]);
    equal(balance, RICH);
    deepEqual(effects, {
      refunded: 1,
      rooms: ["main"],
      concertsWithChangedSchedule: [date.concertId],
      changedConcerts: [date.concertId],
    });
    equal(await accounts.balance(fan.fan), RICH);
    deepEqual((await bookings.getPayment(fan.fan, paymentId!))?.history, [
      { status: "COMPLETED", amount: PRICE, at },
      { status: "REFUNDED", amount: PRICE, at },
    ]);
    equal((await catalogue.get(date.concertId))?.status, "ON_SALE");
    const page = { limit: 1, after: null };
    equal((await bookings.listReservations(fan.fan, page)).items[0]?.status, "REFUNDED");
    const [entry] = (await auditLog.list(null, page)).items;
    deepEqual({ ...entry, entryId: 0 }, {
      ...ALEX,
      entryId: 0,
      at,
      action: "PAYMENT_REFUNDED",
      room: "main",
      subject: paymentId,
      old: { status: "COMPLETED", balance: RICH - PRICE },
      new: {
        status: "REFUNDED",
        balance: RICH,
        amount: PRICE,
        userId: fan.fan,
        seatBackOnSale: true,
      },
    });
    // The end of the paid hold still lies ahead. The seat can be held and sold again all the same.
    await paidSeats(await newRichFan(office), date);
    equal((await catalogue.get(date.concertId))?.status, "SOLD_OUT");
    await assertLaws(office.sql);
  });

  test("`refund()` again gives the same payment and changes nothing", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const [paymentId] = await paidSeats(await newRichFan(office), date);
    const { effects: _, ...first } = must(await refundOf(office, paymentId!));
    office.clock.nowMs += 1;
    const again = await unchanged(office.sql, () => refundOf(office, paymentId!, false));
    deepEqual(must(again), { ...first, effects: null });
  });

  test("a refunded seat that does not go back on sale is blocked, and is not left (B5)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const [paymentId] = await paidSeats(fan, date);
    const { effects } = must(await refundOf(office, paymentId!, false));
    deepEqual([effects?.concertsWithChangedSchedule, effects?.changedConcerts], [[], []]);
    const concert = await office.catalogue.get(date.concertId);
    deepEqual([concert?.status, concert?.schedules[0]?.seatsLeft], ["SOLD_OUT", 0]);
    deepEqual(refusalOf(await newFan(office).hold(date, date.seatIds)), {
      kind: "SEAT_UNAVAILABLE",
      seatIds: date.seatIds,
      ownReservations: [],
    });
    await assertLaws(office.sql);
  });

  test("each payment of one call is refunded singly, and counts no more for the limit (B7)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 3 }]);
    const fan = await newRichFan(office);
    const [first] = await paidSeats(fan, date, date.seatIds.slice(0, 2));
    const full = await fan.hold(date, date.seatIds.slice(2), { seatLimit: 2 });
    equal(refusalOf(full).kind, "SEAT_LIMIT_EXCEEDED");
    equal(must(await refundOf(office, first!)).balance, RICH - PRICE);
    must(await fan.hold(date, date.seatIds.slice(2), { seatLimit: 2 }));
    await assertLaws(office.sql);
  });

  test("`refundOwn()` goes until the schedule's time, to the millisecond, and by nobody else", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = await newRichFan(office);
    const [one, two] = await paidSeats(fan, date);
    const own = (paymentId: PaymentId, by = fan.fan) => office.refunds.refundOwn(by, paymentId);
    const closed = { kind: "REFUND_NOT_POSSIBLE", reason: "WINDOW_CLOSED" };
    const refused = async (paymentId: PaymentId, by?: FanId) =>
      refusalOf(await unchanged(office.sql, () => own(paymentId, by)));
    deepEqual(await refused(one!), closed, "there is no time");
    const untilMs = office.clock.nowMs + 1_000;
    await setRefundUntil(office, date, untilMs);
    deepEqual(await refused(one!, "somebody" as FanId), { kind: "PAYMENT_NOT_FOUND" });
    deepEqual(await refused("pay_none"), { kind: "PAYMENT_NOT_FOUND" });
    office.clock.nowMs = untilMs - 1;
    equal(must(await own(one!)).payment.status, "REFUNDED");
    office.clock.nowMs = untilMs;
    deepEqual(await refused(two!), closed);
    equal(must(await own(one!)).effects, null, "a repeat is answered as before");
    must(await refundOf(office, two!));
    await assertLaws(office.sql);
  });

  test("a ticket that was let in stops the fan's refund, not the operator's", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const [paymentId] = await paidSeats(fan, date);
    await setRefundUntil(office, date, office.clock.nowMs + HOLD_TTL_MS);
    const page = { limit: 1, after: null };
    const [reservation] = (await office.bookings.listReservations(fan.fan, page)).items;
    await office.sql("update tickets set checked_in_at = now() where ticket_id = $1", [
      reservation!.ticketId as TicketId,
    ]);
    const outcome = await unchanged(
      office.sql,
      () => office.refunds.refundOwn(fan.fan, paymentId!),
    );
    deepEqual(refusalOf(outcome), { kind: "REFUND_NOT_POSSIBLE", reason: "CHECKED_IN" });
    must(await refundOf(office, paymentId!));
  });

  test("`refund()` of an unknown payment is refused", async (office) => {
    deepEqual(refusalOf(await refundOf(office, "pay_none")), { kind: "PAYMENT_NOT_FOUND" });
  });
}
