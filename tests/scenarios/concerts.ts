import assert from "node:assert/strict";
import { newFan, type Received, UNKNOWN_ID } from "../support/api_box.ts";
import { charge, holdSeats, pay, putOnSale, type Sale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

/** What the list shows of one sale; others' concerts are in the same database. */
function shownOf(sale: Sale, { body }: Received): readonly unknown[] {
  return body.concerts.filter(({ concertId }: Sale) => concertId === sale.concertId);
}

export function concertScenarios(test: Scenario): void {
  test("GET /v1/concerts shows a concert once a date's sale has opened, even out of the cache", async (open) => {
    const box = await open();
    const fan = newFan("a");
    const place = await box.join(fan);
    const see = () => box.call("GET", "/v1/concerts", { fan, place });
    const sale = await putOnSale(box, { opensInMs: 20_000 });
    assert.deepEqual(shownOf(sale, await see()), []);
    box.clock.advance(19_999);
    assert.deepEqual(shownOf(sale, await see()), []);
    box.clock.advance(1);
    const list = await see();
    assert.deepEqual(shownOf(sale, list), [{
      concertId: sale.concertId,
      title: "Night Train",
      description: "",
      venue: null,
      timeZone: "UTC",
      room: "main",
    }]);
  });

  test("GET schedules shows the opened dates, each ON_SALE or SOLD_OUT", async (open) => {
    const box = await open();
    const fan = newFan("a");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { dates: [1, 2], price: 0 });
    const see = () => box.call("GET", `/v1/concerts/${sale.concertId}/schedules`, { fan, place });
    const statuses = async () =>
      (await see()).body.schedules.map(({ status }: { status: string }) => status);
    assert.deepEqual(await statuses(), ["ON_SALE", "ON_SALE"]);
    await pay(box, fan, await holdSeats(box, fan, place, sale, sale.schedules[0]!.seatIds));
    await box.settle();
    const again = await box.join(fan);
    const { body } = await box.call("GET", `/v1/concerts/${sale.concertId}/schedules`, {
      fan,
      place: again,
    });
    assert.deepEqual(body.schedules.map(({ status }: { status: string }) => status), [
      "SOLD_OUT",
      "ON_SALE",
    ]);
  });

  test("GET schedules of no concert, or a withdrawn one, is CONCERT_NOT_FOUND", async (open) => {
    const box = await open();
    const fan = newFan("a");
    const place = await box.join(fan);
    const sale = await putOnSale(box);
    const see = (id: number) => box.call("GET", `/v1/concerts/${id}/schedules`, { fan, place });
    assert.equal((await see(sale.concertId)).status, 200);
    await box.call("PATCH", `/v1/admin/concerts/${sale.concertId}`, {
      operator: true,
      json: { status: "WITHDRAWN" },
    });
    for (const id of [sale.concertId, UNKNOWN_ID]) {
      const { status, body } = await see(id);
      assert.deepEqual([status, body.code], [404, "CONCERT_NOT_FOUND"]);
    }
  });

  test("GET seats returns number, place, price and status, as they were a second ago at most", async (open) => {
    const box = await open({ HOLD_TTL_SECONDS: "60" });
    const a = newFan("a");
    const b = newFan("b");
    const place = await box.join(a);
    const sale = await putOnSale(box, { dates: [3], price: 700 });
    const { scheduleId, seatIds } = sale.schedules[0]!;
    const path = `/v1/concerts/${sale.concertId}/schedules/${scheduleId}/seats`;
    const statuses = async () => {
      const { body } = await box.call("GET", path, { fan: a, place });
      return body.seats.map(({ status }: { status: string }) => status);
    };
    const { body } = await box.call("GET", path, { fan: a, place });
    assert.deepEqual(body.seats[0], {
      seatId: seatIds[0],
      seatNumber: 1,
      label: "1",
      section: null,
      row: null,
      x: null,
      y: null,
      price: 700,
      status: "AVAILABLE",
    });
    await holdSeats(box, a, place, sale, [seatIds[1]!]);
    box.clock.advance(1_000);
    assert.deepEqual(await statuses(), ["AVAILABLE", "HELD", "AVAILABLE"]);
    box.clock.advance(60_000);
    assert.deepEqual(await statuses(), ["AVAILABLE", "AVAILABLE", "AVAILABLE"]);
    await charge(box, a, 700);
    const other = await box.join(b);
    await charge(box, b, 700);
    await pay(box, b, await holdSeats(box, b, other, sale, [seatIds[2]!]));
    box.clock.advance(1_000);
    assert.deepEqual(await statuses(), ["AVAILABLE", "AVAILABLE", "SOLD"]);
  });

  test("GET seats refuses unknown ids, and a date whose sale has not opened", async (open) => {
    const box = await open();
    const fan = newFan("a");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { opensInMs: 5_000 });
    const { scheduleId } = sale.schedules[0]!;
    const see = (concert: number, schedule: number) =>
      box.call("GET", `/v1/concerts/${concert}/schedules/${schedule}/seats`, { fan, place });
    const early = await see(sale.concertId, scheduleId);
    assert.deepEqual([early.status, early.body.code, early.body.opensAt], [
      409,
      "SALE_NOT_OPEN",
      new Date(box.clock() + 5_000).toISOString(),
    ]);
    assert.equal((await see(sale.concertId, UNKNOWN_ID)).body.code, "SCHEDULE_NOT_FOUND");
    assert.equal((await see(UNKNOWN_ID, scheduleId)).body.code, "CONCERT_NOT_FOUND");
  });

  test("the payment that takes a concert's last seat removes it from the list at once", async (open) => {
    const box = await open();
    const a = newFan("a");
    const b = newFan("b");
    const place = await box.join(a);
    const other = await box.join(b);
    const sale = await putOnSale(box, { dates: [1], price: 0 });
    const see = () => box.call("GET", "/v1/concerts", { fan: b, place: other });
    assert.equal(shownOf(sale, await see()).length, 1);
    await pay(box, a, await holdSeats(box, a, place, sale, sale.schedules[0]!.seatIds));
    await box.settle();
    assert.deepEqual(shownOf(sale, await see()), []);
  });

  test("a concert with one sold-out date stays on the list", async (open) => {
    const box = await open();
    const a = newFan("a");
    const b = newFan("b");
    const place = await box.join(a);
    const other = await box.join(b);
    const sale = await putOnSale(box, { dates: [1, 1], price: 0 });
    await pay(box, a, await holdSeats(box, a, place, sale, sale.schedules[0]!.seatIds));
    await box.settle();
    const list = await box.call("GET", "/v1/concerts", { fan: b, place: other });
    assert.equal(shownOf(sale, list).length, 1);
  });
}
