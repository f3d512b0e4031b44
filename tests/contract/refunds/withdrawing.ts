import { deepEqual, equal } from "node:assert/strict";
import { assertLaws, unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type BoxOffice,
  type ContractTest,
  type DateOnSale,
  HOLD_TTL_MS,
  must,
  newFan,
  newRichFan,
  putOnSale,
  refusalOf,
  RICH,
} from "../box_office/office.ts";
import { acceptRefund } from "./concert_refunds.ts";
import { paidSeats, setRefundUntil } from "./refunding.ts";

type Status = "WITHDRAWN" | "ON_SALE";

function setConcert({ catalogue }: BoxOffice, { concertId }: DateOnSale, status: Status) {
  return catalogue.update(concertId, { status }, null);
}

function setSchedule(
  { catalogue }: BoxOffice,
  { concertId, scheduleId }: DateOnSale,
  status: Status,
) {
  return catalogue.update(concertId, { schedules: [{ scheduleId, status }] }, null);
}

/** What a withdrawal takes: the concert, or one of its schedules. */
const WITHDRAWALS = { concert: setConcert, schedule: setSchedule };
const FINAL = { kind: "WITHDRAWAL_FINAL" };

export function withdrawingContract(test: ContractTest): void {
  for (const [what, set] of Object.entries(WITHDRAWALS)) {
    test(`a withdrawal of a ${what} cancels live holds, and its undoing brings none back`, async (office) => {
      const [date] = await putOnSale(office, [{ seats: 3 }]);
      const [one, two, three] = date.seatIds;
      const fan = await newRichFan(office);
      const held = must(await fan.hold(date, [one!, two!]));
      await paidSeats(await newRichFan(office), date, [three!]);
      must(await set(office, date, "WITHDRAWN"));
      deepEqual(refusalOf(await fan.pay(held)), {
        kind: "RESERVATION_NOT_PAYABLE",
        reservations: held.map(({ reservationId }) => ({ reservationId, status: "CANCELLED" })),
      });
      const kind = what === "concert" ? "CONCERT_NOT_FOUND" : "SCHEDULE_NOT_FOUND";
      deepEqual(refusalOf(await newFan(office).hold(date, [one!])), { kind });
      must(await set(office, date, "ON_SALE"));
      equal(refusalOf(await fan.pay(held)).kind, "RESERVATION_NOT_PAYABLE");
      await paidSeats(fan, date, [one!, two!]);
      equal((await office.catalogue.get(date.concertId))?.status, "SOLD_OUT");
      await assertLaws(office.sql);
    });

    test(`a withdrawal of a ${what} can be undone until a refund was accepted`, async (office) => {
      const [date] = await putOnSale(office, [{ seats: 2 }]);
      const fan = await newRichFan(office);
      const [one] = await paidSeats(fan, date);
      const order = { paymentId: one!, act: ALEX, seatBackOnSale: true };
      must(await office.refunds.refund(order));
      for (const status of ["WITHDRAWN", "ON_SALE", "WITHDRAWN"] as const) {
        must(await set(office, date, status));
      }
      // A repeat refunds nothing, so it is no refund of what was withdrawn.
      must(await office.refunds.refund(order));
      must(await set(office, date, "ON_SALE"));
      must(await set(office, date, "WITHDRAWN"));
      must(await acceptRefund(office, date));
      const undo = await unchanged(office.sql, () => set(office, date, "ON_SALE"));
      deepEqual(refusalOf(undo), FINAL);
      must(await set(office, date, "WITHDRAWN"));
    });

    test(`a fan's own refund leaves the withdrawal of a ${what} as it is`, async (office) => {
      const [date] = await putOnSale(office, [{ seats: 2 }]);
      await setRefundUntil(office, date, office.clock.nowMs + HOLD_TTL_MS);
      const [fan, other] = [await newRichFan(office), await newRichFan(office)];
      const [paymentId] = await paidSeats(fan, date, date.seatIds.slice(0, 1));
      const [kept] = await paidSeats(other, date, date.seatIds.slice(1));
      must(await set(office, date, "WITHDRAWN"));
      must(await office.refunds.refundOwn(fan.fan, paymentId!));
      equal(await office.accounts.balance(fan.fan), RICH);
      must(await set(office, date, "ON_SALE"));
      equal((await office.bookings.getPayment(other.fan, kept!))?.status, "COMPLETED");
      const { schedules } = (await office.catalogue.get(date.concertId))!;
      deepEqual([schedules[0]?.status, schedules[0]?.seatsLeft], ["ON_SALE", 1]);
      await assertLaws(office.sql);
    });

    test(`the refund of one payment makes the withdrawal of its ${what} final`, async (office) => {
      const [date, other] = await putOnSale(office, [{ seats: 1 }, { seats: 1 }]);
      const fan = await newRichFan(office);
      const [paymentId] = await paidSeats(fan, date);
      must(await set(office, date, "WITHDRAWN"));
      must(await setSchedule(office, other, "WITHDRAWN"));
      must(await office.refunds.refund({ paymentId: paymentId!, act: ALEX, seatBackOnSale: true }));
      equal(await office.accounts.balance(fan.fan), RICH);
      deepEqual(refusalOf(await set(office, date, "ON_SALE")), FINAL);
      if (what === "schedule") must(await setSchedule(office, other, "ON_SALE"));
      const seatsLeft = (await office.catalogue.get(date.concertId))?.schedules[0]?.seatsLeft;
      equal(seatsLeft, 1, "its seats come back, but nothing of it is on sale");
      await assertLaws(office.sql);
    });
  }

  test("a withdrawn schedule leaves the holds of the others, and they sell out alone (B5)", async (office) => {
    const [date, other] = await putOnSale(office, [{ seats: 1 }, { seats: 1 }]);
    const fan = await newRichFan(office);
    const held = must(await fan.hold(other, other.seatIds));
    must(await setSchedule(office, date, "WITHDRAWN"));
    must(await fan.pay(held));
    equal((await office.catalogue.get(date.concertId))?.status, "SOLD_OUT");
    must(await setSchedule(office, date, "ON_SALE"));
    equal((await office.catalogue.get(date.concertId))?.status, "ON_SALE");
  });

  test("a refused change withdraws nothing", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    must(await newFan(office).hold(date, date.seatIds));
    const room = "no-such-room" as never;
    const outcome = await unchanged(
      office.sql,
      () => office.catalogue.update(date.concertId, { status: "WITHDRAWN", room }, null),
    );
    deepEqual(refusalOf(outcome), { kind: "ROOM_NOT_FOUND" });
  });
}
