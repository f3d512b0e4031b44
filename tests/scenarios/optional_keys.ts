import assert from "node:assert/strict";
import { type ApiBox, newFan, type Received, type Sent } from "../support/api_box.ts";
import { putOnSale } from "../support/sale.ts";
import { trips } from "./round_trips.ts";
import type { Scenario } from "./scenario.ts";

let keys = 0;
const newKey = () => `optional-${crypto.randomUUID().slice(0, 8)}-${++keys}`;
const newRoomName = () => `once-${crypto.randomUUID().slice(0, 13)}`;

/** Sends a request twice with one key: the second answer is the first one, and says so. */
async function twice(box: ApiBox, method: string, path: string, sent: Sent): Promise<Received> {
  const first = await box.call(method, path, sent);
  assert.equal(first.headers.get("Idempotency-Replayed"), null, first.text);
  const again = await box.call(method, path, sent);
  assert.equal(again.headers.get("Idempotency-Replayed"), "true", again.text);
  assert.deepEqual([again.status, again.text], [first.status, first.text]);
  return first;
}

async function heldRoom(box: ApiBox, fans: number): Promise<string> {
  const room = newRoomName();
  const json = { room, state: "HELD" };
  await box.call("POST", "/v1/admin/rooms", { operator: true, json });
  for (let fan = 0; fan < fans; fan++) {
    await box.call("POST", "/v1/queue/tokens", { fan: newFan("waits"), json: { room } });
  }
  return room;
}

export function optionalKeyScenarios(test: Scenario): void {
  test("a hold whose answer was lost is answered again with its key", async (open) => {
    const box = await open();
    const fan = newFan("lost");
    const place = await box.join(fan);
    const { concertId, schedules: [date] } = await putOnSale(box, { price: 70 });
    const { scheduleId, seatIds } = date!;
    const [one, two, three] = seatIds;
    const order = (...wanted: unknown[]) => ({ concertId, scheduleId, seatIds: wanted });
    const path = "/v1/reservations";
    const key = newKey();
    const first = await twice(box, "POST", path, { fan, place, key, json: order(two, one) });
    assert.equal(first.status, 201);
    assert.deepEqual(
      [first.body.totalPrice, first.body.takenAt],
      [140, first.body.reservations[0].createdAt],
    );
    const swapped = await box.call("POST", path, { fan, place, key, json: order(one, two) });
    assert.equal(swapped.text, first.text, "ids are a set, and the first order is answered");
    const other = await box.call("POST", path, { fan, place, key, json: order(one, three) });
    assert.deepEqual([other.status, other.body.code], [422, "IDEMPOTENCY_KEY_REUSED"]);
    const { items } = (await box.call("GET", path, { fan })).body;
    assert.equal(items.length, 2, "nothing else was held");
    box.clock.advance(box.config.holdTtlSeconds * 1000);
    const late = await box.call("POST", path, { fan, place, key, json: order(two, one) });
    assert.equal(late.text, first.text);
  });

  test("a hold is answered again with its key after the admission has ended", async (open) => {
    const box = await open();
    const [fan, other] = [newFan("lost"), newFan("other")];
    const [place, place2] = [await box.join(fan), await box.join(other)];
    const { concertId, schedules: [date] } = await putOnSale(box);
    const { scheduleId, seatIds } = date!;
    const hold = (by: object, ...wanted: unknown[]) =>
      box.call("POST", "/v1/reservations", {
        ...by,
        json: { concertId, scheduleId, seatIds: wanted },
      });
    const key = newKey();
    const [one, two] = seatIds;
    const first = await hold({ fan, place, key }, one);
    for (const token of [place, place2]) {
      await box.call("DELETE", "/v1/queue/tokens/me", { place: token });
    }
    const again = await hold({ fan, place, key }, one);
    assert.deepEqual([again.status, again.text], [201, first.text]);
    assert.equal(again.headers.get("Idempotency-Replayed"), "true");
    assert.deepEqual(trips(again), { redis: 1, postgres: 1 });
    const refused: [string, object, number | undefined, number, string, object][] = [
      ["without a key", { fan, place }, one, 403, "NOT_ADMITTED", { redis: 1, postgres: 0 }],
      ["another key", { fan, place, key: newKey() }, one, 403, "NOT_ADMITTED", {
        redis: 1,
        postgres: 1,
      }],
      ["another hold", { fan, place, key }, two, 403, "NOT_ADMITTED", { redis: 1, postgres: 1 }],
      ["another fan", { fan: other, place: place2, key }, one, 403, "NOT_ADMITTED", {
        redis: 1,
        postgres: 1,
      }],
      ["no token", { fan, key }, one, 401, "QUEUE_TOKEN_REQUIRED", { redis: 0, postgres: 0 }],
      ["another's token", { fan, place: place2, key }, one, 403, "QUEUE_TOKEN_MISMATCH", {
        redis: 0,
        postgres: 0,
      }],
    ];
    for (const [name, by, seatId, status, code, cost] of refused) {
      const answer = await hold(by, seatId);
      assert.deepEqual(
        [answer.status, answer.body.code, trips(answer)],
        [status, code, cost],
        name,
      );
    }
  });

  test("without a key SEAT_UNAVAILABLE names one's own live holds", async (open) => {
    const box = await open();
    const [fan, other] = [newFan("own"), newFan("other")];
    const [place, place2] = [await box.join(fan), await box.join(other)];
    const { concertId, schedules: [date] } = await putOnSale(box);
    const { scheduleId, seatIds } = date!;
    const [one, two] = seatIds;
    const hold = (by: object, ...wanted: unknown[]) =>
      box.call("POST", "/v1/reservations", {
        ...by,
        json: { concertId, scheduleId, seatIds: wanted },
      });
    const held = (await hold({ fan, place }, one)).body.reservations[0];
    const again = await hold({ fan, place }, two, one);
    assert.deepEqual([again.status, again.body.code], [409, "SEAT_UNAVAILABLE"]);
    const { seatId, reservationId, expiresAt } = held;
    assert.deepEqual(again.body.seatIds, [one]);
    assert.deepEqual(again.body.ownReservations, [{ seatId, reservationId, expiresAt }]);
    const stranger = await hold({ fan: other, place: place2 }, one);
    assert.deepEqual(stranger.body.ownReservations, []);
  });

  test("a concert and a room are created once with one key", async (open) => {
    const box = await open();
    const concert = {
      title: "Ode",
      description: "",
      schedules: [{
        concertAt: "2100-01-01T00:00:00Z",
        reservationAvailableAt: "2099-01-01T00:00:00Z",
        seats: [{ seatNumber: 1, price: 5 }],
      }],
    };
    const sent = { operator: true, key: newKey(), json: concert } as const;
    const created = await twice(box, "POST", "/v1/admin/concerts", sent);
    assert.equal(created.status, 201);
    const second = await box.call("POST", "/v1/admin/concerts", { ...sent, key: newKey() });
    assert.notEqual(second.body.concertId, created.body.concertId);

    const room = newRoomName();
    const json = { room, state: "LOBBY", capacity: 7 };
    const key = newKey();
    const made = await twice(box, "POST", "/v1/admin/rooms", { operator: true, key, json });
    assert.equal(made.status, 201);
    const path = `/v1/admin/rooms/${room}`;
    assert.deepEqual((await box.call("GET", path, { operator: true })).body, made.body);
    await box.call("PATCH", path, { operator: true, json: { capacity: 9 } });
    const late = await box.call("POST", "/v1/admin/rooms", { operator: true, key, json });
    assert.equal(late.text, made.text);
    assert.equal((await box.call("GET", path, { operator: true })).body.capacity, 9);
    const bare = await box.call("POST", "/v1/admin/rooms", { operator: true, json });
    assert.deepEqual([bare.status, bare.body.code], [409, "ROOM_EXISTS"]);
  });

  test("schedules and seats are added once with one key, and faults leave it free", async (open) => {
    const box = await open();
    const { concertId, schedules: [date] } = await putOnSale(box);
    const operator = true;
    const schedule = {
      concertAt: "2100-01-01T00:00:00Z",
      reservationAvailableAt: "2099-01-01T00:00:00Z",
      seats: [{ price: 5 }],
    };
    const schedules = `/v1/admin/concerts/${concertId}/schedules`;
    await twice(box, "POST", schedules, { operator, key: newKey(), json: schedule });
    const seats = `${schedules}/${date!.scheduleId}/seats`;
    const key = newKey();
    const csv = (raw: string) =>
      box.call("POST", seats, { operator, key, raw, headers: { "Content-Type": "text/csv" } });
    assert.equal((await csv("price\n5\nfive\n")).body.code, "VALIDATION_FAILED");
    const dry = await box.call("POST", `${seats}?dryRun=true`, {
      operator,
      key,
      json: { seats: [{ price: 6 }] },
    });
    assert.equal(dry.status, 201);
    await twice(box, "POST", seats, { operator, key, json: { seats: [{ price: 6 }] } });
    const concert = await box.call("GET", `/v1/admin/concerts/${concertId}`, { operator });
    assert.deepEqual(
      concert.body.schedules.map(({ seatCount }: { seatCount: number }) => seatCount),
      [11, 1],
    );
  });

  test("fans are released once with one key, also after the line was wiped", async (open) => {
    const box = await open();
    const room = await heldRoom(box, 6);
    const path = `/v1/admin/rooms/${room}/promotions`;
    const sent = { operator: true, key: newKey(), json: { count: 2, reason: "a test" } } as const;
    const first = await twice(box, "POST", path, sent);
    assert.deepEqual([first.status, first.body], [200, { expired: 0, admitted: 2 }]);
    const counts = async () =>
      (await box.call("GET", `/v1/admin/rooms/${room}`, { operator: true })).body;
    assert.equal((await counts()).admitted, 2);
    const log = await box.call("GET", `/v1/admin/audit?room=${room}`, { operator: true });
    const actions = log.body.items.map(({ action }: { action: string }) => action);
    assert.deepEqual(actions, ["PROMOTED", "ROOM_CREATED"]);

    const elsewhere = `/v1/admin/rooms/${await heldRoom(box, 1)}/promotions`;
    const reused = await box.call("POST", elsewhere, sent);
    assert.deepEqual([reused.status, reused.body.code], [422, "IDEMPOTENCY_KEY_REUSED"]);

    await box.wipeLine();
    await box.call("POST", "/v1/queue/tokens", { fan: newFan("anew"), json: { room } });
    const late = await box.call("POST", path, sent);
    assert.equal(late.text, first.text);
    assert.equal((await counts()).admitted, 0);
  });

  test("the cron's work by hand takes a key", async (open) => {
    const box = await open();
    const sent = { operator: true, key: newKey(), json: {} } as const;
    const first = await twice(box, "POST", "/v1/admin/queue/promotions", sent);
    assert.equal(first.status, 200);
  });

  test("a place is ended once with one key, and no later place of the fan", async (open) => {
    const box = await open();
    const room = await heldRoom(box, 0);
    const fan = newFan("removed");
    const join = () => box.call("POST", "/v1/queue/tokens", { fan, json: { room } });
    const path = `/v1/admin/rooms/${room}/places/${encodeURIComponent(fan)}`;
    const sent = { operator: true, key: newKey() } as const;
    await join();
    const first = await twice(box, "DELETE", path, sent);
    assert.deepEqual([first.status, first.body.state], [200, "WAITING"]);
    const place = (await join()).body.token;
    assert.equal((await box.call("DELETE", path, sent)).text, first.text);
    const own = await box.call("GET", "/v1/queue/tokens/me", { place });
    assert.equal(own.body.state, "WAITING");
  });

  test("the key of an act belongs to one operator", async (open) => {
    const tokens = ["alex", "kim"].map((name) => [name, `${name}-`.repeat(8)] as const);
    const ADMIN_TOKEN = tokens.map(([name, token]) => `${name}:${token}`).join(",");
    const box = await open({ ADMIN_TOKEN });
    const userId = newFan("charged");
    const key = newKey();
    const charge = (token: string, amount: number) =>
      box.call("POST", "/v1/admin/balance/charges", {
        key,
        headers: { Authorization: `Bearer ${token}` },
        json: { userId, amount, reason: "a gift" },
      });
    const [[, alex], [, kim]] = tokens as [readonly [string, string], readonly [string, string]];
    assert.deepEqual((await charge(alex, 5)).body, { balance: 5, currency: "KRW" });
    assert.deepEqual((await charge(kim, 7)).body, { balance: 12, currency: "KRW" });
    assert.equal((await charge(alex, 5)).body.balance, 5, "replayed");
    assert.equal((await charge(alex, 7)).body.code, "IDEMPOTENCY_KEY_REUSED");
    const { items } = (await box.call("GET", "/v1/admin/audit", { operator: true })).body;
    const { operator, action, subject, before, after, reason } = items[0];
    assert.deepEqual({ operator, action, subject, before, after, reason }, {
      operator: "kim",
      action: "BALANCE_CHARGED",
      subject: userId,
      before: { balance: 5 },
      after: { balance: 12, amount: 7 },
      reason: "a gift",
    });
  });

  test("a key that is sent must be one, also where none is needed", async (open) => {
    const box = await open();
    for (const key of ["", "a b", "é", "x".repeat(256)]) {
      const { status, body } = await box.call("POST", "/v1/admin/queue/promotions", {
        operator: true,
        headers: { "Idempotency-Key": key },
        json: {},
      });
      assert.deepEqual([status, body.code], [400, "IDEMPOTENCY_KEY_REQUIRED"], `key "${key}"`);
    }
  });
}
