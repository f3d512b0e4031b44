import { deepEqual, equal } from "node:assert/strict";
import type { Reservation } from "../../../src/domain/booking.ts";
import { EVENT_TYPES } from "../../../src/domain/webhook.ts";
import { unchanged } from "../box_office/laws.ts";
import {
  type BoxOffice,
  type ContractTest,
  type Fan,
  must,
  newRichFan,
  nth,
  PRICE,
  putOnSale,
} from "../box_office/office.ts";
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
      const once = { route: "pay", key: crypto.randomUUID(), bodyHash: "b".repeat(64) };
      const first = must(await fan.pay(held, once));
      const again = must(await fan.pay(held, once));
      deepEqual(again, first);
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

  test("`emit_check_in()` tells of a ticket that was let in", async (office) => {
    await withWebhooks(office, [["ticket.checked_in"]], async () => {
      const [date] = await putOnSale(office, [{ seats: 1 }]);
      const fan = await newRichFan(office);
      const reservation = await fan.holdOne(date, nth(date.seatIds, 0));
      must(await fan.pay([reservation]));
      const { reservationId } = reservation;
      const ticketId = (await ticketOf(office, fan, reservation))!;
      const checkedInAt = "2027-01-01T18:00:00.000Z";
      await office.sql(
        "update tickets set checked_in_at = $2::text::timestamptz, door = 'north' where ticket_id = $1",
        [ticketId, checkedInAt],
      );
      await office.sql("select emit_check_in($1, $2::text::timestamptz)", [ticketId, checkedInAt]);
      deepEqual(dataOf((await claim(office)).deliveries.slice(0, 1)), [{
        ticketId,
        reservationId,
        userId: fan.fan,
        concertId: date.concertId,
        scheduleId: date.scheduleId,
        seatId: nth(date.seatIds, 0),
        door: "north",
        checkedInAt,
      }]);
    });
  });
}

async function ticketOf({ bookings }: BoxOffice, { fan }: Fan, reservation: Reservation) {
  const { items } = await bookings.listReservations(fan, { limit: 100, after: null });
  return items.find(({ reservationId }) => reservationId === reservation.reservationId)?.ticketId;
}
