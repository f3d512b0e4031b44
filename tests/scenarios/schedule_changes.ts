import assert from "node:assert/strict";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { holdSeats, pay, putOnSale, type Sale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

const HOUR_MS = 3_600_000;

function patch(box: ApiBox, sale: Sale, changes: object) {
  const json = { schedules: [{ scheduleId: sale.schedules[0]!.scheduleId, ...changes }] };
  return box.call("PATCH", `/v1/admin/concerts/${sale.concertId}`, { operator: true, json });
}

export function scheduleChangeScenarios(test: Scenario): void {
  test("a sale ends: no list, map or hold of it, but a live hold is paid", async (open) => {
    const box = await open();
    const fan = newFan("a");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { price: 0 });
    const { scheduleId, seatIds } = sale.schedules[0]!;
    const endsAt = new Date(box.clock() + 60_000).toISOString();
    const changed = await patch(box, sale, { salesEndAt: endsAt });
    assert.equal(changed.body.schedules[0].salesEndAt, endsAt);
    const dates = `/v1/concerts/${sale.concertId}/schedules`;
    const map = `${dates}/${scheduleId}/seats`;
    const see = (path: string, headers = {}) => box.call("GET", path, { fan, place, headers });
    const held = await holdSeats(box, fan, place, sale, [seatIds[0]!]);
    box.clock.advance(59_600);
    const seats = await see(map);
    await box.settle();
    const known = { "If-None-Match": seats.headers.get("ETag")! };
    assert.equal((await see(map, known)).status, 304);
    const listed = async () =>
      (await see("/v1/concerts")).body.concerts.some(({ concertId }: Sale) =>
        concertId === sale.concertId
      );
    assert.equal(await listed(), true);
    const { body: { schedules: [shown] } } = await see(dates);
    assert.deepEqual([shown.status, shown.salesEndAt], ["ON_SALE", endsAt]);
    await box.settle();

    box.clock.advance(400);
    assert.equal(await listed(), false);
    assert.equal((await see(dates)).body.schedules[0].status, "ENDED");
    for (const headers of [{}, known]) {
      const { status, body } = await see(map, headers);
      assert.deepEqual([status, body.code, body.closedAt], [409, "SALE_CLOSED", endsAt]);
    }
    const late = await box.call("POST", "/v1/reservations", {
      fan,
      place,
      json: { concertId: sale.concertId, scheduleId, seatIds: [seatIds[1]] },
    });
    assert.deepEqual([late.status, late.body.code], [409, "SALE_CLOSED"]);
    const seen = await box.call("GET", `/v1/admin/concerts/${sale.concertId}`, { operator: true });
    assert.equal(seen.body.status, "ENDED");
    assert.equal((await pay(box, fan, held)).status, 201);
  });

  test("an opening must be before the end, in a new concert and in a change of either", async (open) => {
    const box = await open();
    const at = (ms: number) => new Date(box.clock() + ms).toISOString();
    const create = (times: object) =>
      box.call("POST", "/v1/admin/concerts", {
        operator: true,
        json: { title: "t", description: "", schedules: [{ seats: [{ price: 1 }], ...times }] },
      });
    const opening = "schedules[0].reservationAvailableAt";
    for (
      const times of [
        { concertAt: at(0), reservationAvailableAt: at(0) },
        { concertAt: at(HOUR_MS), reservationAvailableAt: at(1), salesEndAt: at(1) },
        // The same moment in another spelling.
        { concertAt: at(0).replace("Z", "+00:00"), reservationAvailableAt: at(0) },
      ]
    ) {
      const { status, body } = await create(times);
      assert.deepEqual([status, body.code, body.errors[0].path], [
        400,
        "VALIDATION_FAILED",
        opening,
      ]);
    }
    const made = await create({
      concertAt: at(HOUR_MS),
      reservationAvailableAt: at(0),
      salesEndAt: at(60_000),
      refundUntil: at(1_000),
    });
    assert.deepEqual([made.status, made.body.schedules[0].salesEndAt], [201, at(60_000)]);
    assert.equal(made.body.schedules[0].refundUntil, at(1_000));
    const sale = { concertId: made.body.concertId, schedules: made.body.schedules };
    const cases = [
      [{ reservationAvailableAt: at(60_000) }, opening],
      [{ salesEndAt: at(-1) }, "schedules[0].salesEndAt"],
      [{ salesEndAt: null, concertAt: at(-1) }, "schedules[0].salesEndAt"],
    ] as const;
    for (const [changes, path] of cases) {
      const { status, body } = await patch(box, sale, changes);
      assert.deepEqual([status, body.errors?.[0].path], [400, path]);
    }
    const { body } = await patch(box, sale, { salesEndAt: null });
    assert.equal(body.schedules[0].salesEndAt, at(HOUR_MS));
  });

  test("time, time zone and withdrawal of a schedule are changed, seen and recorded", async (open) => {
    const box = await open();
    const fan = newFan("a");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { dates: [1, 1] });
    const [{ scheduleId }, other] = [sale.schedules[0]!, sale.schedules[1]!];
    const path = `/v1/admin/concerts/${sale.concertId}`;
    const concertAt = new Date(box.clock() + HOUR_MS).toISOString();
    const { status, body } = await box.call("PATCH", path, {
      operator: true,
      json: {
        timeZone: "Europe/Vienna",
        schedules: [{ scheduleId, concertAt, status: "WITHDRAWN" }],
        reason: "moved",
      },
    });
    assert.deepEqual([status, body.timeZone, body.status], [200, "Europe/Vienna", "ON_SALE"]);
    assert.deepEqual(body.schedules.map((one: { status: string }) => one.status), [
      "WITHDRAWN",
      "ON_SALE",
    ]);
    assert.equal(body.schedules[0].concertAt, concertAt);
    const dates = `/v1/concerts/${sale.concertId}/schedules`;
    const shown = async () =>
      (await box.call("GET", dates, { fan, place })).body.schedules.map((
        one: { scheduleId: number },
      ) => one.scheduleId);
    assert.deepEqual(await shown(), [other.scheduleId]);
    const log = await box.call("GET", "/v1/admin/audit?limit=1", { operator: true });
    const [{ action, before, after: is, reason }] = log.body.items;
    assert.deepEqual([action, reason], ["CONCERT_CHANGED", "moved"]);
    assert.deepEqual([before.timeZone, is.timeZone], ["UTC", "Europe/Vienna"]);
    assert.deepEqual(is.schedules, [{ scheduleId, concertAt, status: "WITHDRAWN" }]);
    assert.equal(
      (await patch(box, sale, { status: "ON_SALE" })).body.schedules[0].status,
      "ON_SALE",
    );
    assert.deepEqual(await shown(), [scheduleId, other.scheduleId]);
  });

  test("GET /v1/admin/concerts pages by status and room", async (open) => {
    const box = await open();
    const [one, two] = [await putOnSale(box), await putOnSale(box)];
    const list = async (query: string) =>
      (await box.call("GET", `/v1/admin/concerts?${query}`, { operator: true })).body;
    const first = await list("limit=1");
    assert.equal(first.items[0].concertId, two.concertId);
    const { seatCount, seatsLeft, seatsHeld, revenue } = first.items[0].schedules[0];
    assert.deepEqual([seatCount, seatsLeft, seatsHeld, revenue], [10, 10, 0, 0]);
    const second = await list(`limit=1&status=ON_SALE&room=main&cursor=${first.nextCursor}`);
    assert.equal(second.items[0].concertId, one.concertId);
    assert.deepEqual(await list("room=no-such-room"), { items: [], nextCursor: null });
    const bad = await box.call("GET", "/v1/admin/concerts?status=OPEN", { operator: true });
    assert.deepEqual([bad.status, bad.body.errors[0].path], [400, "status"]);
  });
}
