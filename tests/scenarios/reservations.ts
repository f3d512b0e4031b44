import assert from "node:assert/strict";
import { newFan, UNKNOWN_ID } from "../support/api_box.ts";
import { charge, holdSeats, pay, putOnSale, type Sale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

function order(sale: Sale, seatIds: readonly number[]) {
  const { concertId, schedules } = sale;
  return { concertId, scheduleId: schedules[0]!.scheduleId, seatIds };
}

export function reservationScenarios(test: Scenario): void {
  test("POST /v1/reservations holds all the seats, in the order asked", async (open) => {
    const box = await open();
    const fan = newFan("a");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { price: 300 });
    const [one, two, three] = sale.schedules[0]!.seatIds as [number, number, number];
    const { status, body } = await box.call("POST", "/v1/reservations", {
      fan,
      place,
      json: order(sale, [three, one, two]),
    });
    assert.equal(status, 201);
    assert.equal(body.totalPrice, 900);
    assert.deepEqual(
      body.reservations.map(({ seatId }: { seatId: number }) => seatId),
      [three, one, two],
    );
    assert.deepEqual({ ...body.reservations[0], reservationId: null }, {
      reservationId: null,
      concertId: sale.concertId,
      concertTitle: "Night Train",
      concertStatus: "ON_SALE",
      venue: null,
      timeZone: "UTC",
      scheduleId: sale.schedules[0]!.scheduleId,
      concertAt: new Date(box.clock() + 30 * 24 * 3600 * 1000).toISOString(),
      seatId: three,
      seatNumber: 3,
      seatLabel: "3",
      section: null,
      row: null,
      price: 300,
      status: "HELD",
      expiresAt: new Date(box.clock() + 300_000).toISOString(),
      createdAt: new Date(box.clock()).toISOString(),
      ticketId: null,
    });
  });

  test("POST /v1/reservations refuses with the code and members of each failure", async (open) => {
    const box = await open({ SEAT_LIMIT: "2" });
    const a = newFan("a");
    const b = newFan("b");
    const place = await box.join(a);
    const rival = await box.join(b);
    const sale = await putOnSale(box);
    const closed = await putOnSale(box, { opensInMs: 1_000 });
    const [one, two, three] = sale.schedules[0]!.seatIds as [number, number, number];
    const hold = (json: unknown) => box.call("POST", "/v1/reservations", { fan: a, place, json });

    const nowhere = await hold({ ...order(sale, [one]), concertId: UNKNOWN_ID });
    assert.deepEqual([nowhere.status, nowhere.body.code], [404, "CONCERT_NOT_FOUND"]);
    const wrongDate = await hold({
      ...order(sale, [one]),
      scheduleId: order(closed, []).scheduleId,
    });
    assert.deepEqual([wrongDate.status, wrongDate.body.code], [404, "SCHEDULE_NOT_FOUND"]);
    const wrongSeat = await hold(order(sale, [one, closed.schedules[0]!.seatIds[0]!]));
    assert.deepEqual([wrongSeat.status, wrongSeat.body.code, wrongSeat.body.seatIds], [
      404,
      "SEAT_NOT_FOUND",
      [closed.schedules[0]!.seatIds[0]],
    ]);
    const early = await hold(order(closed, [closed.schedules[0]!.seatIds[0]!]));
    assert.deepEqual([early.status, early.body.code, early.body.opensAt], [
      409,
      "SALE_NOT_OPEN",
      new Date(box.clock() + 1_000).toISOString(),
    ]);
    await holdSeats(box, b, rival, sale, [two]);
    const taken = await hold(order(sale, [one, two]));
    assert.deepEqual([taken.status, taken.body.code, taken.body.seatIds], [
      409,
      "SEAT_UNAVAILABLE",
      [two],
    ]);
    await holdSeats(box, a, place, sale, [one]);
    const greedy = await hold(order(sale, [three, sale.schedules[0]!.seatIds[3]!]));
    assert.deepEqual([greedy.status, greedy.body.code, greedy.body.limit, greedy.body.held], [
      409,
      "SEAT_LIMIT_EXCEEDED",
      2,
      1,
    ]);
  });

  test("two fans race for every seat and each seat has one holder", async (open) => {
    const box = await open({ SEAT_LIMIT: "50" });
    const a = newFan("a");
    const b = newFan("b");
    const racers = [{ fan: a, place: await box.join(a) }, { fan: b, place: await box.join(b) }];
    const sale = await putOnSale(box, { dates: [20] });
    const { seatIds } = sale.schedules[0]!;
    const races = seatIds.flatMap((seatId) =>
      racers.map((racer) =>
        box.call("POST", "/v1/reservations", { ...racer, json: order(sale, [seatId]) })
      )
    );
    const statuses = (await Promise.all(races)).map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 201).length, seatIds.length);
    assert.equal(statuses.filter((status) => status === 409).length, seatIds.length);
  });

  test("GET /v1/reservations pages through one's own, newest first", async (open) => {
    const box = await open({ SEAT_LIMIT: "10" });
    const pager = newFan("pager");
    const place = await box.join(pager);
    const sale = await putOnSale(box);
    const made: string[] = [];
    for (const seatId of sale.schedules[0]!.seatIds.slice(0, 5)) {
      made.push(...await holdSeats(box, pager, place, sale, [seatId]));
      box.clock.advance(10);
    }
    const seen: string[] = [];
    let query = "?limit=2";
    for (let pages = 0; query !== "" && pages < 5; pages++) {
      const { body } = await box.call("GET", `/v1/reservations${query}`, { fan: pager });
      seen.push(...body.items.map(({ reservationId }: { reservationId: string }) => reservationId));
      query = body.nextCursor === null ? "" : `?limit=2&cursor=${body.nextCursor}`;
    }
    assert.deepEqual(seen, made.toReversed());
    const stranger = await box.call("GET", "/v1/reservations", { fan: newFan("stranger") });
    assert.deepEqual(stranger.body, { items: [], nextCursor: null });
  });

  test("GET /v1/reservations chooses by status and schedule", async (open) => {
    const box = await open();
    const fan = newFan("chooser");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { dates: [1, 1], price: 0 });
    const [one, two] = sale.schedules as [Sale["schedules"][0], Sale["schedules"][0]];
    const [paid] = await holdSeats(box, fan, place, sale, one.seatIds);
    const [held] = await holdSeats(box, fan, place, sale, two.seatIds, 1);
    assert.equal((await pay(box, fan, [paid!])).status, 201);
    const list = async (query: string) => {
      const { body } = await box.call("GET", `/v1/reservations?${query}`, { fan });
      return body.items.map(({ reservationId }: { reservationId: string }) => reservationId);
    };
    assert.deepEqual(await list("status=PAID"), [paid]);
    assert.deepEqual(await list("status=HELD"), [held]);
    assert.deepEqual(await list(`scheduleId=${two.scheduleId}`), [held]);
    assert.deepEqual(await list(`scheduleId=${two.scheduleId}&status=PAID`), []);
    assert.deepEqual(await list(`scheduleId=${UNKNOWN_ID}`), []);
    for (const [name, value] of [["status", "paid"], ["status", ""], ["scheduleId", "0"]]) {
      const { status, body } = await box.call("GET", `/v1/reservations?${name}=${value}`, { fan });
      assert.deepEqual([status, body.errors?.[0].path], [400, name], `${name}=${value}`);
    }
  });

  test("DELETE /v1/reservations/{id} frees the seat at once, and answers the same again", async (open) => {
    const box = await open();
    const a = newFan("a");
    const b = newFan("b");
    const [place, rival] = [await box.join(a), await box.join(b)];
    const sale = await putOnSale(box);
    const seatIds = sale.schedules[0]!.seatIds.slice(0, 1);
    const [id] = await holdSeats(box, a, place, sale, seatIds);
    const cancel = (fan: string) => box.call("DELETE", `/v1/reservations/${id}`, { fan });
    assert.equal((await cancel(b)).body.code, "RESERVATION_NOT_FOUND");
    const cancelled = await cancel(a);
    assert.deepEqual([cancelled.status, cancelled.body.status], [200, "CANCELLED"]);
    assert.equal(new Date(cancelled.body.takenAt).toISOString(), cancelled.body.takenAt);
    assert.ok(cancelled.body.takenAt >= cancelled.body.createdAt);
    await holdSeats(box, b, rival, sale, seatIds);
    assert.deepEqual((await cancel(a)).body, cancelled.body);
    const seats = await box.call(
      "GET",
      `/v1/concerts/${sale.concertId}/schedules/${sale.schedules[0]!.scheduleId}/seats`,
      { fan: a, place },
    );
    assert.equal(seats.body.seats[0].status, "HELD", "a late repeat leaves the new hold alone");
  });

  test("DELETE of a paid reservation is RESERVATION_NOT_CANCELLABLE, of an unknown one NOT_FOUND", async (open) => {
    const box = await open();
    const fan = newFan("a");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { price: 5 });
    await charge(box, fan, 5);
    const [id] = await holdSeats(box, fan, place, sale, sale.schedules[0]!.seatIds.slice(0, 1));
    assert.equal((await pay(box, fan, [id!])).status, 201);
    const refusal = await box.call("DELETE", `/v1/reservations/${id}`, { fan });
    assert.deepEqual([refusal.status, refusal.body.code], [409, "RESERVATION_NOT_CANCELLABLE"]);
    for (const unknown of ["rsv_nothing", "x".repeat(255), "%F0%9F%8E%AB", "..%2F"]) {
      const { status, body } = await box.call("DELETE", `/v1/reservations/${unknown}`, { fan });
      assert.deepEqual([status, body.code], [404, "RESERVATION_NOT_FOUND"], unknown);
    }
  });
}
