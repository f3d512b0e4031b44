import assert from "node:assert/strict";
import { type ApiBox, newFan, UNKNOWN_ID } from "../support/api_box.ts";
import { standing } from "../support/room.ts";
import { charge, holdSeats, pay, putOnSale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

const look = async (box: ApiBox, fan: string) =>
  (await box.call("GET", `/v1/admin/fans/${encodeURIComponent(fan)}`, { operator: true })).body;

export function supportScenarios(test: Scenario): void {
  test("GET /v1/admin/fans/{userId} returns place, live holds, payments and balance", async (open) => {
    const box = await open({ HOLD_TTL_SECONDS: "60" });
    const fan = newFan("구매자 #");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { price: 30 });
    const [one, two, three] = sale.schedules[0]!.seatIds as [number, number, number];
    await holdSeats(box, fan, place, sale, [three]);
    box.clock.advance(60_000); // that hold lapses
    await charge(box, fan, 100);
    const held = await holdSeats(box, fan, place, sale, [one]);
    const paid = await pay(box, fan, await holdSeats(box, fan, place, sale, [two]));
    await box.settle();
    await box.join(fan);
    const found = await look(box, fan);
    const { userId, place: standing, lastPlace, balance, currency, holds, payments } = found;
    assert.deepEqual([userId, balance, currency], [fan, 70, "KRW"]);
    assert.deepEqual(standing, {
      state: "ADMITTED",
      ticket: 2,
      position: null,
      expiresAt: new Date(box.clock() + 900_000).toISOString(),
    });
    assert.equal(lastPlace, null, "the fan has a place");
    assert.deepEqual(
      holds.map(({ reservationId }: { reservationId: string }) => reservationId),
      held,
    );
    assert.deepEqual(payments, paid.body.payments);
    const ended = found.endedHolds.map((
      hold: Record<string, unknown>,
    ) => [hold.seatId, hold.status]);
    assert.deepEqual(ended, [[three, "EXPIRED"]]);
    const [ticket, ...others] = found.tickets;
    assert.deepEqual([ticket.reservationId, ticket.status, others], [
      payments[0].reservationId,
      "VALID",
      [],
    ]);
    assert.equal("code" in ticket, false, "support cannot let anybody in");
  });

  test("support sees what a fan in line was told, until the turn", async (open) => {
    const box = await open({ QUEUE_CAPACITY: "1" });
    const fan = newFan("waits");
    for (const other of ["house", "a", "b"]) await box.join(newFan(other));
    const place = await box.join(fan);
    await box.tick();
    const { shown } = await look(box, fan);
    const { position, estimatedWaitRange, reason } =
      (await box.call("GET", "/v1/queue/tokens/me", { place })).body;
    const [{ wait: { low, high }, ...moment }] = shown;
    assert.deepEqual(moment, {
      at: new Date(box.clock()).toISOString(),
      position: 3,
      reason: null,
    });
    assert.deepEqual([position, estimatedWaitRange, reason], [3, { low, high }, null]);
    await box.call("PATCH", "/v1/admin/rooms/main", { operator: true, json: { state: "HELD" } });
    box.clock.advance(60_000);
    await box.tick();
    const rules = { state: "OPEN", capacity: 9 };
    await box.call("PATCH", "/v1/admin/rooms/main", { operator: true, json: rules });
    box.clock.advance(60_000);
    await box.tick();
    const later = await look(box, fan);
    assert.equal(later.place.state, "ADMITTED");
    const reasons = later.shown.map(({ reason }: { reason: string }) => reason);
    assert.deepEqual(reasons, [null, "HELD"]);
    assert.equal(later.shown[1].wait, null);
  });

  test("what a fan was told ends with the place", async (open) => {
    const box = await open({ QUEUE_CAPACITY: "1" });
    const fan = newFan("removed");
    for (const one of [newFan("house"), newFan("ahead"), fan, newFan("behind")]) {
      await box.join(one);
    }
    const path = `/v1/admin/rooms/main/places/${encodeURIComponent(fan)}`;
    for (let minute = 0; minute < 3; minute++) {
      await box.tick();
      if (minute === 1) await box.call("DELETE", path, { operator: true });
      box.clock.advance(60_000);
    }
    const { lastPlace, shown } = await look(box, fan);
    assert.deepEqual([lastPlace?.endedBecause, shown.length], ["REMOVED", 2]);
  });

  test("a fan never seen has nothing", async (open) => {
    const fan = newFan("nobody");
    assert.deepEqual(await look(await open(), fan), {
      userId: fan,
      place: null,
      lastPlace: null,
      balance: 0,
      currency: "KRW",
      holds: [],
      payments: [],
      endedHolds: [],
      tickets: [],
      shown: [],
    });
  });

  test("support sees for an hour how the place of a fan has ended", async (open) => {
    const box = await open({ ADMISSION_TTL_SECONDS: "60" });
    const [payer, leaver, removed, slow] = ["p", "l", "r", "s"].map(newFan) as [
      string,
      string,
      string,
      string,
    ];
    const sale = await putOnSale(box, { price: 0 });
    const place = await box.join(payer);
    await pay(
      box,
      payer,
      await holdSeats(box, payer, place, sale, [sale.schedules[0]!.seatIds[0]!]),
    );
    await box.settle();
    await box.call("DELETE", "/v1/queue/tokens/me", { place: await box.join(leaver) });
    await box.join(removed);
    const path = `/v1/admin/rooms/main/places/${encodeURIComponent(removed)}`;
    assert.equal((await box.call("DELETE", path, { operator: true })).status, 200);
    await box.join(slow);
    const endedAt = new Date(box.clock()).toISOString();
    box.clock.advance(60_000);
    await box.tick();

    const lapsedAt = new Date(box.clock()).toISOString();
    const expected = [
      [payer, { ticket: 1, endedBecause: "PAID", endedAt }],
      [leaver, { ticket: 2, endedBecause: "LEFT", endedAt }],
      [removed, { ticket: 3, endedBecause: "REMOVED", endedAt }],
      [slow, { ticket: 4, endedBecause: "ADMISSION_LAPSED", endedAt: lapsedAt }],
    ] as const;
    for (const [fan, lastPlace] of expected) {
      const found = await look(box, fan);
      assert.deepEqual([found.place, found.lastPlace], [null, lastPlace]);
    }
    await box.join(payer);
    assert.equal((await look(box, payer)).lastPlace, null);
  });

  test("looking at a waiting or parked fan is no call of theirs", async (open) => {
    const box = await open({ QUEUE_CAPACITY: "1", WAITING_TTL_SECONDS: "1000" });
    const house = await box.join(newFan("house"));
    const [first, second] = [newFan("first"), newFan("second")];
    for (const fan of [first, second]) await box.join(fan);
    const looks = [];
    for (let poll = 0; poll < 8; poll++) {
      box.clock.advance(10_000);
      await standing(box, house);
      looks.push((await look(box, second)).place);
    }
    const { state, ticket, position } = looks.at(-1);
    assert.deepEqual([state, ticket, position], ["WAITING", 3, 2]);
    // So near to the front, silence counts from the time of the poll that the fan was told.
    assert.deepEqual(looks.at(-1), looks.at(-2), "looking again finds the same");
    await box.call("DELETE", "/v1/queue/tokens/me", { place: house });
    box.clock.advance(120_000); // first misses the turn
    const parked = (await look(box, first)).place;
    assert.equal(parked.state, "PARKED");
    assert.deepEqual((await look(box, first)).place, parked, "looking again finds the same");
  });

  test("GET /v1/admin/concerts/{id}/sales pages through the payments, newest first", async (open) => {
    const box = await open();
    const sale = await putOnSale(box, { dates: [2, 2], price: 0 });
    const sold: string[] = [];
    for (const [index, { seatIds }] of sale.schedules.entries()) {
      for (const seatId of seatIds) {
        const fan = newFan(`fan of ${seatId}`);
        const place = await box.join(fan);
        await pay(box, fan, await holdSeats(box, fan, place, sale, [seatId], index));
        sold.push(`${fan} ${seatId}`);
        box.clock.advance(5);
      }
    }
    const path = `/v1/admin/concerts/${sale.concertId}/sales`;
    const seen: string[] = [];
    let query = "?limit=3";
    for (let pages = 0; query !== "" && pages < 5; pages++) {
      const { body } = await box.call("GET", path + query, { operator: true });
      seen.push(
        ...body.items.map((item: { userId: string; seatId: number }) =>
          `${item.userId} ${item.seatId}`
        ),
      );
      query = body.nextCursor === null ? "" : `?limit=3&cursor=${body.nextCursor}`;
    }
    assert.deepEqual(seen, sold.toReversed());
    const missing = await box.call("GET", `/v1/admin/concerts/${UNKNOWN_ID}/sales`, {
      operator: true,
    });
    assert.deepEqual([missing.status, missing.body.code], [404, "CONCERT_NOT_FOUND"]);
    const unsold = await putOnSale(box);
    const empty = await box.call("GET", `/v1/admin/concerts/${unsold.concertId}/sales`, {
      operator: true,
    });
    assert.deepEqual(empty.body, { items: [], nextCursor: null });
  });

  test("support is for operators alone", async (open) => {
    const { call } = await open();
    const fan = "a";
    for (const path of ["/v1/admin/fans/a", "/v1/admin/concerts/1/sales"]) {
      assert.equal((await call("GET", path, { fan })).body.code, "UNAUTHENTICATED");
    }
    const { body } = await call("GET", "/v1/admin/fans/%00", { operator: true });
    assert.equal(body.errors[0].path, "userId");
  });
}
