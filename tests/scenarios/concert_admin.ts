import assert from "node:assert/strict";
import { newFan, UNKNOWN_ID } from "../support/api_box.ts";
import { holdSeats, pay, putOnSale, type Sale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

const CONCERT = {
  title: "Matinée",
  description: 'With "quotes", \\ and ☂',
  venue: "Hall",
  timeZone: "Asia/Seoul",
  schedules: [{
    concertAt: "2027-01-01T19:00:00+09:00",
    reservationAvailableAt: "2026-11-01T00:00:00Z",
    seats: [
      { seatNumber: 7, price: 0 },
      { seatNumber: 2, price: 100_000_000, section: "B", row: "3", x: 1.5, y: -2 },
    ],
  }],
};

export function concertAdminScenarios(test: Scenario): void {
  test("POST /v1/admin/concerts answers the concert with its ids, in the order sent", async (open) => {
    const { call } = await open();
    const { status, body } = await call("POST", "/v1/admin/concerts", {
      operator: true,
      json: CONCERT,
    });
    assert.equal(status, 201);
    const { concertId, schedules: [date], ...rest } = body;
    assert.ok(concertId > 0);
    assert.deepEqual(rest, {
      room: "main",
      status: "ON_SALE",
      title: CONCERT.title,
      description: CONCERT.description,
      venue: "Hall",
      timeZone: "Asia/Seoul",
    });
    assert.deepEqual([date.concertAt, date.reservationAvailableAt, date.status], [
      "2027-01-01T10:00:00.000Z",
      "2026-11-01T00:00:00.000Z",
      "ON_SALE",
    ]);
    assert.deepEqual(date.seats.map(({ seatNumber }: { seatNumber: number }) => seatNumber), [
      7,
      2,
    ]);
  });

  test("GET /v1/admin/concerts/{id} returns the seats left per date", async (open) => {
    const box = await open();
    const fan = newFan("a");
    const sale = await putOnSale(box, { dates: [1, 2], price: 0 });
    const see = async () =>
      (await box.call("GET", `/v1/admin/concerts/${sale.concertId}`, { operator: true })).body;
    const left = ({ status, schedules }: {
      status: string;
      schedules: { seatsLeft: number; status: string }[];
    }) => [status, ...schedules.map(({ seatsLeft, status }) => `${seatsLeft} ${status}`)];
    assert.deepEqual(left(await see()), ["ON_SALE", "1 ON_SALE", "2 ON_SALE"]);
    for (const [index, date] of sale.schedules.entries()) {
      const place = await box.join(fan);
      await pay(box, fan, await holdSeats(box, fan, place, sale, date.seatIds, index));
      await box.settle();
      if (index === 0) assert.deepEqual(left(await see()), ["ON_SALE", "0 SOLD_OUT", "2 ON_SALE"]);
    }
    assert.deepEqual(left(await see()), ["SOLD_OUT", "0 SOLD_OUT", "0 SOLD_OUT"]);
    const missing = await box.call("GET", `/v1/admin/concerts/${UNKNOWN_ID}`, {
      operator: true,
    });
    assert.deepEqual([missing.status, missing.body.code], [404, "CONCERT_NOT_FOUND"]);
  });

  test("PATCH /v1/admin/concerts/{id} changes the named fields, all or none, and shows at once", async (open) => {
    const box = await open();
    const fan = newFan("a");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { opensInMs: 3_600_000 });
    const { scheduleId } = sale.schedules[0]!;
    const path = `/v1/admin/concerts/${sale.concertId}`;
    const patch = (json: unknown) => box.call("PATCH", path, { operator: true, json });
    const listed = async () => {
      const { body } = await box.call("GET", "/v1/concerts", { fan, place });
      return body.concerts.find(({ concertId }: Sale) => concertId === sale.concertId);
    };
    assert.equal(await listed(), undefined);
    const now = new Date(box.clock()).toISOString();
    const opened = await patch({
      title: "Renamed",
      venue: "Elsewhere",
      schedules: [{ scheduleId, reservationAvailableAt: now }],
    });
    assert.deepEqual([opened.status, opened.body.title, opened.body.venue], [
      200,
      "Renamed",
      "Elsewhere",
    ]);
    assert.equal((await listed()).title, "Renamed");
    const unknown = await patch({
      title: "Not kept",
      schedules: [{ scheduleId: UNKNOWN_ID, reservationAvailableAt: now }],
    });
    assert.deepEqual([unknown.status, unknown.body.code], [404, "SCHEDULE_NOT_FOUND"]);
    assert.equal((await patch({ venue: null })).body.title, "Renamed");
    const withdrawn = await patch({ status: "WITHDRAWN" });
    assert.equal(withdrawn.body.status, "WITHDRAWN");
    assert.equal(await listed(), undefined);
  });

  test("a withdrawn concert takes no new hold, and its live holds are cancelled", async (open) => {
    const box = await open();
    const fan = newFan("a");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { price: 0 });
    const [one, two] = sale.schedules[0]!.seatIds;
    const held = await holdSeats(box, fan, place, sale, [one!]);
    await box.call("PATCH", `/v1/admin/concerts/${sale.concertId}`, {
      operator: true,
      json: { status: "WITHDRAWN" },
    });
    const { body } = await box.call("POST", "/v1/reservations", {
      fan,
      place,
      json: {
        concertId: sale.concertId,
        scheduleId: sale.schedules[0]!.scheduleId,
        seatIds: [two],
      },
    });
    assert.equal(body.code, "CONCERT_NOT_FOUND");
    const refusal = await pay(box, fan, held);
    assert.deepEqual([refusal.status, refusal.body.code, refusal.body.reservations], [
      409,
      "RESERVATION_NOT_PAYABLE",
      [{ reservationId: held[0], status: "CANCELLED" }],
    ]);
  });

  test("GET /v1/admin/queue returns all counts, POST promotions does what the cron does", async (open) => {
    const box = await open({ QUEUE_CAPACITY: "1", ADMISSION_TTL_SECONDS: "60" });
    const see = async () => (await box.call("GET", "/v1/admin/queue", { operator: true })).body;
    const { epoch: firstEpoch, ...empty } = await see();
    assert.ok(firstEpoch);
    assert.deepEqual(empty, {
      waiting: 0,
      admitted: 0,
      parked: 0,
      capacity: 1,
      admittedLastMinute: 0,
      lastTickAt: null,
    });
    await box.join("a");
    await box.join("b");
    box.clock.advance(60_000);
    const done = await box.call("POST", "/v1/admin/queue/promotions", { operator: true });
    assert.deepEqual([done.status, done.body], [200, { expired: 1, admitted: 1 }]);
    const { epoch, ...counts } = await see();
    assert.equal(epoch, firstEpoch);
    assert.deepEqual(counts, {
      waiting: 0,
      admitted: 1,
      parked: 0,
      capacity: 1,
      admittedLastMinute: 1,
      lastTickAt: new Date(box.clock()).toISOString(),
    });
  });

  test("a hundred thousand seats fit into one concert", async (open) => {
    const { call } = await open();
    const seats = Array.from({ length: 100_000 }, (_, i) => ({ seatNumber: i + 1, price: 1 }));
    const date = { ...CONCERT.schedules[0], seats };
    const { status, body } = await call("POST", "/v1/admin/concerts", {
      operator: true,
      json: { ...CONCERT, schedules: [date] },
    });
    assert.deepEqual([status, body.schedules[0].seats.length], [201, 100_000]);
    const tooMany = await call("POST", "/v1/admin/concerts", {
      operator: true,
      json: { ...CONCERT, schedules: [date, CONCERT.schedules[0]] },
    });
    assert.deepEqual([tooMany.status, tooMany.body.errors[0].path], [400, "schedules"]);
  });
}
