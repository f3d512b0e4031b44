import assert from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import { changeRoom, joinRoom, makeRoom } from "../support/room.ts";
import { charge, holdSeats, pay, putOnSale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

export function roomAccessScenarios(test: Scenario): void {
  test("the list needs an admission to any room; dates, seats and holds need the concert's room", async (open) => {
    const box = await open();
    const room = await makeRoom(box);
    const sale = await putOnSale(box, { room });
    const { concertId, schedules: [date] } = sale;
    const fan = newFan("a");
    const elsewhere = await box.join(fan);
    const inside = (await joinRoom(box, room, fan)).body.token;
    const seats = `/v1/concerts/${concertId}/schedules/${date!.scheduleId}/seats`;
    const asks = (place: string, headers: Record<string, string> = {}) =>
      [
        ["GET", `/v1/concerts/${concertId}/schedules`, {}],
        ["GET", seats, { headers }],
        ["POST", "/v1/reservations", {
          json: { concertId, scheduleId: date!.scheduleId, seatIds: [date!.seatIds[0]] },
        }],
      ].map(([method, path, sent]) => () =>
        box.call(method as string, path as string, { fan, place, ...sent as object })
      );
    for (const place of [elsewhere, inside]) {
      const list = await box.call("GET", "/v1/concerts", { fan, place });
      const ids = list.body.concerts.map((concert: { concertId: number }) => concert.concertId);
      assert.ok(ids.includes(concertId));
    }
    // Twice: before anything is cached, and after.
    for (let round = 0; round < 2; round++) {
      for (const ask of asks(elsewhere)) {
        const { status, body } = await ask();
        assert.deepEqual([status, body.code, body.room], [403, "WRONG_ROOM", room]);
      }
      for (const ask of asks(inside).slice(0, 2)) assert.equal((await ask()).status, 200);
    }
    const { headers } = await box.call("GET", seats, { fan, place: inside });
    const known = { "If-None-Match": headers.get("ETag")! };
    const [, ask] = asks(elsewhere, known);
    assert.equal((await ask!()).body.code, "WRONG_ROOM");
    await holdSeats(box, fan, inside, sale, [date!.seatIds[0]!]);
  });

  test("a hold of any room is payable, and ends the place in that room", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 1 });
    const sale = await putOnSale(box, { room, price: 0 });
    const fan = newFan("a");
    const main = await box.join(fan);
    const place = (await joinRoom(box, room, fan)).body.token;
    const held = await holdSeats(box, fan, place, sale, [sale.schedules[0]!.seatIds[0]!]);
    assert.equal((await pay(box, fan, held)).status, 201);
    await box.settle();
    const state = async (token: string) =>
      (await box.call("GET", "/v1/queue/tokens/me", { place: token })).body.state;
    assert.deepEqual([await state(place), await state(main)], ["GONE", "ADMITTED"]);
  });

  test("a concert that moves to another room is for those admitted there", async (open) => {
    const box = await open();
    const [from, to] = [await makeRoom(box), await makeRoom(box)];
    const { concertId } = await putOnSale(box, { room: from });
    const fan = newFan("a");
    const [old, anew] = [
      (await joinRoom(box, from, fan)).body.token,
      (await joinRoom(box, to, fan)).body.token,
    ];
    const path = `/v1/concerts/${concertId}/schedules`;
    assert.equal((await box.call("GET", path, { fan, place: old })).status, 200);
    const moved = await box.call("PATCH", `/v1/admin/concerts/${concertId}`, {
      operator: true,
      json: { room: to },
    });
    assert.deepEqual([moved.status, moved.body.room], [200, to]);
    assert.equal((await box.call("GET", path, { fan, place: old })).body.code, "WRONG_ROOM");
    assert.equal((await box.call("GET", path, { fan, place: anew })).status, 200);
  });

  test("a room's hold time is that of its holds, from the change on", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { holdTtlSeconds: 30 });
    const sale = await putOnSale(box, { room, price: 10 });
    const [one, two] = sale.schedules[0]!.seatIds as [number, number];
    const fan = newFan("a");
    const place = (await joinRoom(box, room, fan)).body.token;
    await charge(box, fan, 100);
    await holdSeats(box, fan, place, sale, [one]);
    await changeRoom(box, room, { holdTtlSeconds: 90 });
    await holdSeats(box, fan, place, sale, [two]);
    const { body } = await box.call("GET", "/v1/reservations", { fan });
    const ends = body.items.map(({ expiresAt }: { expiresAt: string }) =>
      Date.parse(expiresAt) - box.clock()
    );
    assert.deepEqual(ends, [90_000, 30_000]);
  });

  test("a concert in an unknown room is refused", async (open) => {
    const box = await open();
    const made = await box.call("POST", "/v1/admin/concerts", {
      operator: true,
      json: {
        title: "t",
        description: "",
        room: "no-such-room",
        schedules: [{
          concertAt: "2027-01-01T19:00:00Z",
          reservationAvailableAt: "2026-11-01T00:00:00Z",
          seats: [{ seatNumber: 1, price: 0 }],
        }],
      },
    });
    assert.deepEqual([made.status, made.body.code], [404, "ROOM_NOT_FOUND"]);
    const { concertId } = await putOnSale(box);
    const moved = await box.call("PATCH", `/v1/admin/concerts/${concertId}`, {
      operator: true,
      json: { room: "no-such-room" },
    });
    assert.deepEqual([moved.status, moved.body.code], [404, "ROOM_NOT_FOUND"]);
  });
}
