import { deepEqual, equal } from "node:assert/strict";
import type { Reservation } from "../../../src/domain/booking.ts";
import type { ScheduleId } from "../../../src/domain/ids.ts";
import { EVENT_TYPES } from "../../../src/domain/webhook.ts";
import type { ConcertChanges } from "../../../src/ports/catalogue.ts";
import { unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type BoxOffice,
  type ContractTest,
  type Fan,
  must,
  newOnce,
  newRichFan,
  nth,
  PRICE,
  putOnSale,
  rfc3339,
} from "../box_office/office.ts";
import { atDoor, buyTicket } from "../tickets/tickets.ts";
import { claim, dataOf, emit, rowsOf, settle, withWebhooks } from "./receiver.ts";

/** Which acts write which events. */
export function eventsContract(test: ContractTest): void {
  test("without a webhook nothing is written, and no effects say so", async (office) => {
    await unchanged(office.sql, async () => {
      equal(await emit(office, "concert.sold_out", { concertId: 1 }), false);
    });
    const before = await rowsOf(office.sql, "events");
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const { effects } = must(await fan.pay([await fan.holdOne(date, nth(date.seatIds, 0))]));
    equal(effects.events, undefined);
    equal(await rowsOf(office.sql, "events"), before);
  });

  test("an event that no webhook wants is not written", async (office) => {
    await withWebhooks(office, [["concert.sold_out"]], async () => {
      await unchanged(office.sql, async () => {
        equal(await emit(office, "concert.withdrawn", { concertId: 1 }), false);
      });
      equal(await emit(office, "concert.sold_out", { concertId: 1 }), true);
    });
  });

  test("a payment writes one event a seat, and those of what it sells out", async (office) => {
    await withWebhooks(office, [EVENT_TYPES], async () => {
      const [one, two] = await putOnSale(office, [{ seats: 3 }, { seats: 1 }]);
      const { concertId } = one;
      const fan = await newRichFan(office);
      const reservations = must(await fan.hold(one, one.seatIds.slice(0, 2)));
      const paid = must(await fan.pay(reservations));
      equal(paid.effects.events, true);
      const tickets = [
        await ticketOf(office, fan, nth(reservations, 0)),
        await ticketOf(office, fan, nth(reservations, 1)),
      ];
      const { deliveries } = await claim(office);
      await settle(office, deliveries, { result: "DELIVERED" });
      const { payments } = JSON.parse(paid.json);
      deepEqual(
        deliveries.map(({ type, data }) => [type, data]),
        [0, 1].map((index) => [
          "payment.completed",
          {
            paymentId: payments[index].paymentId,
            reservationId: nth(reservations, index).reservationId,
            ticketId: tickets[index],
            userId: fan.fan,
            concertId,
            scheduleId: one.scheduleId,
            seatId: nth(one.seatIds, index),
            amount: PRICE,
          },
        ]),
      );

      must(await fan.pay([await fan.holdOne(one, nth(one.seatIds, 2))]));
      must(await fan.pay([await fan.holdOne(two, nth(two.seatIds, 0))]));
      const rest = await claim(office);
      deepEqual(
        rest.deliveries.map(({ type, data }) => type === "payment.completed" ? type : [type, data]),
        [
          "payment.completed",
          ["schedule.sold_out", { concertId, scheduleId: one.scheduleId }],
          "payment.completed",
          ["schedule.sold_out", { concertId, scheduleId: two.scheduleId }],
          ["concert.sold_out", { concertId }],
        ],
      );
      const sequences = [...deliveries, ...rest.deliveries].map(({ sequence }) => sequence);
      deepEqual(sequences, [...new Set(sequences)].sort((a, b) => a - b));
    });
  });

  test("a payment that is sent again writes no second event", async (office) => {
    await withWebhooks(office, [EVENT_TYPES], async () => {
      const [date] = await putOnSale(office, [{ seats: 2 }]);
      const fan = await newRichFan(office);
      const held = [await fan.holdOne(date, nth(date.seatIds, 0))];
      const once = newOnce("pay");
      const first = must(await fan.pay(held, once));
      const again = must(await fan.pay(held, once));
      deepEqual(again, { ...first, replayed: true });
      equal((await claim(office)).deliveries.length, 1);
    });
  });

  test("a refused payment writes no event", async (office) => {
    await withWebhooks(office, [EVENT_TYPES], async () => {
      const [date] = await putOnSale(office, [{ seats: 1, price: 100_000_000 }]);
      const fan = await newRichFan(office);
      const held = await fan.holdOne(date, nth(date.seatIds, 0));
      await unchanged(office.sql, () => fan.pay([held]));
    });
  });

  test("a check-in writes an event, and a refused one none", async (office) => {
    await withWebhooks(office, [["ticket.checked_in"]], async () => {
      const { fan, date, ticket } = await buyTicket(office);
      office.clock.nowMs += 1;
      const checkedInAt = rfc3339(office.clock.nowMs);
      const { effects } = must(await office.tickets.checkIn(atDoor(ticket), newOnce("in")));
      deepEqual(effects, { events: true });
      await unchanged(office.sql, () => office.tickets.checkIn(atDoor(ticket), newOnce("in")));
      deepEqual(dataOf((await claim(office)).deliveries), [{
        ticketId: ticket.ticketId,
        reservationId: ticket.reservationId,
        userId: fan.fan,
        concertId: date.concertId,
        scheduleId: date.scheduleId,
        seatId: nth(date.seatIds, 0),
        door: "Gate 3",
        checkedInAt,
      }]);
    });
    const { ticket } = await buyTicket(office);
    deepEqual(must(await office.tickets.checkIn(atDoor(ticket), null)).effects, {});
  });

  test("withdrawals and what undoes them write events, each once", async (office) => {
    const { catalogue } = office;
    await withWebhooks(office, [EVENT_TYPES], async () => {
      const [{ concertId, scheduleId }, other] = await putOnSale(office, [
        { seats: 1 },
        { seats: 1 },
      ]);
      const changed = async (changes: ConcertChanges) => {
        const { events } = must(await catalogue.update(concertId, changes, ALEX));
        const { deliveries } = await claim(office);
        await settle(office, deliveries, { result: "DELIVERED" });
        equal(events ?? false, deliveries.length > 0);
        return deliveries.map(({ type, data }) => [type, data]);
      };
      const ofSchedule = (id: ScheduleId, status: "WITHDRAWN" | "ON_SALE") => ({
        schedules: [{ scheduleId: id, status }],
      });
      deepEqual(await changed({ title: "Ode II" }), []);
      deepEqual(await changed(ofSchedule(scheduleId, "WITHDRAWN")), [
        ["schedule.withdrawn", { concertId, scheduleId }],
      ]);
      deepEqual(await changed(ofSchedule(scheduleId, "WITHDRAWN")), []);
      deepEqual(
        await changed({ status: "WITHDRAWN", ...ofSchedule(scheduleId, "ON_SALE") }),
        [["concert.withdrawn", { concertId }], ["schedule.reinstated", { concertId, scheduleId }]],
      );
      deepEqual(await changed({ status: "WITHDRAWN" }), []);
      deepEqual(await changed({ status: "ON_SALE" }), [["concert.reinstated", { concertId }]]);
      deepEqual(await changed(ofSchedule(other.scheduleId, "ON_SALE")), []);
    });
  });

  test("a block of the last seat sells out, and freeing it is no event", async (office) => {
    await withWebhooks(office, [EVENT_TYPES], async () => {
      const [date] = await putOnSale(office, [{ seats: 1 }]);
      const { concertId, scheduleId } = date;
      const change = async (status: "BLOCKED" | "AVAILABLE") =>
        must(await office.seating.changeSeat(date, nth(date.seatIds, 0), { status }, ALEX)).effects;
      equal((await change("BLOCKED")).events, true);
      equal((await change("BLOCKED")).events, undefined);
      equal((await change("AVAILABLE")).events, undefined);
      deepEqual((await claim(office)).deliveries.map(({ type, data }) => [type, data]), [
        ["schedule.sold_out", { concertId, scheduleId }],
        ["concert.sold_out", { concertId }],
      ]);
    });
  });

  test("a refund writes an event with the data of the payment, and a repeat none", async (office) => {
    await withWebhooks(office, [EVENT_TYPES], async () => {
      const { fan } = await buyTicket(office);
      const { items } = await office.bookings.listPayments(fan.fan, { limit: 1, after: null });
      const { paymentId } = nth(items, 0);
      const order = { paymentId, act: ALEX, seatBackOnSale: true };
      equal(must(await office.refunds.refund(order)).effects?.events, true);
      equal(must(await office.refunds.refund(order)).effects, null);
      const all = (await claim(office)).deliveries;
      deepEqual(all.map(({ type }) => type), [
        "payment.completed",
        "schedule.sold_out",
        "concert.sold_out",
        "payment.refunded",
      ]);
      deepEqual(nth(all, 3).data, nth(all, 0).data);
    });
  });

  test("a refund of a concert writes an event a payment", async (office) => {
    await withWebhooks(office, [["payment.refunded"]], async () => {
      const [date] = await putOnSale(office, [{ seats: 3 }]);
      const fan = await newRichFan(office);
      must(await fan.pay(must(await fan.hold(date, date.seatIds))));
      const refundId = `rfd_${crypto.randomUUID()}` as const;
      const order = { concertId: date.concertId, scheduleId: null, seatsBackOnSale: false };
      must(await office.refunds.accept({ refundId, ...order, act: ALEX }));
      const told: number[] = [];
      for (const limit of [2, 2]) {
        const { effects } = await office.refunds.carryOn(refundId, limit);
        equal(effects?.events, true);
        const { deliveries } = await claim(office);
        await settle(office, deliveries, { result: "DELIVERED" });
        told.push(deliveries.length);
      }
      deepEqual(told, [2, 1]);
    });
  });
}

async function ticketOf({ bookings }: BoxOffice, { fan }: Fan, reservation: Reservation) {
  const { items } = await bookings.listReservations(fan, { limit: 100, after: null });
  return items.find(({ reservationId }) => reservationId === reservation.reservationId)?.ticketId;
}
