import assert from "node:assert/strict";
import { openEmbeddedDatabase } from "../src/adapters/postgres/pglite.ts";
import { SortedSet } from "../src/adapters/memory/sorted_set.ts";
import { type Box, openBox } from "./support/box.ts";
import { charge, holdSeats, pay, putOnSale } from "./support/sale.ts";

/** The faults of the earlier design (SYSTEM.md §2), each by its number. None may come back. */

const database = await openEmbeddedDatabase();
Deno.test.afterAll(() => database.close());
const openTestBox = (settings: Record<string, string> = {}) => openBox(database.sql, { settings });

async function standing(box: Box, place: string) {
  return (await box.call("GET", "/v1/queue/tokens/me", { place })).body;
}

Deno.test("fault 1: the admission check knows exactly the fans that are admitted", async () => {
  const box = openTestBox({ QUEUE_CAPACITY: "1" });
  const admitted = await box.join("fan");
  const names = ["*", "fan*", "f?n", "[f]an", "fan "];
  for (const name of names) {
    const place = await box.join(name);
    const { body } = await box.call("GET", "/v1/concerts", { fan: name, place });
    assert.equal(body.code, "NOT_ADMITTED", name);
  }
  assert.equal(
    (await box.call("GET", "/v1/concerts", { fan: "fan", place: admitted })).status,
    200,
  );
});

Deno.test("fault 2: finding a fan's place compares with few of the line, however long it is", () => {
  let compared = 0;
  /** A score that counts how often it is looked at. */
  const score = (value: number) => ({ valueOf: () => (compared++, value) }) as unknown as number;
  const line = new SortedSet();
  const fans = 50_000;
  for (let order = 0; order < fans; order++) line.add(`fan ${order}`, score(order));
  for (const order of [0, 1, 777, fans / 2, fans - 1]) {
    compared = 0;
    assert.equal(line.rank(`fan ${order}`), order);
    assert.ok(compared < 16 * Math.log2(fans), `${compared} comparisons`);
  }
});

Deno.test("fault 3: the first in line is WAITING at position 1, not gone", async () => {
  const box = openTestBox({ QUEUE_CAPACITY: "1" });
  await box.join("a");
  const { state, position } = await standing(box, await box.join("b"));
  assert.deepEqual([state, position], ["WAITING", 1]);
});

Deno.test("fault 4: completing a token frees its slot", async () => {
  const box = openTestBox({ QUEUE_CAPACITY: "1" });
  const sale = await putOnSale(box, { price: 0 });
  for (const [index, fan] of ["a", "b", "c"].entries()) {
    const place = await box.join(fan);
    assert.equal((await standing(box, place)).state, "ADMITTED", fan);
    await pay(
      box,
      fan,
      await holdSeats(box, fan, place, sale, [sale.schedules[0]!.seatIds[index]!]),
    );
    await box.settle();
  }
});

Deno.test("fault 5: the sweep ends the places of silent fans, and of nobody else", async () => {
  const box = openTestBox({ QUEUE_CAPACITY: "1", WAITING_TTL_SECONDS: "100" });
  await box.join("admitted");
  const [loud, silent] = [await box.join("loud"), await box.join("silent")];
  box.clock.advance(60_000);
  await standing(box, loud);
  box.clock.advance(40_000);
  await box.tick();
  assert.equal((await standing(box, loud)).state, "WAITING");
  assert.equal((await standing(box, silent)).state, "GONE");
});

Deno.test("fault 6: joining twice keeps the place", async () => {
  const box = openTestBox({ QUEUE_CAPACITY: "1" });
  await box.join("a");
  const { ticket } = await standing(box, await box.join("b"));
  await box.join("c");
  const again = await box.call("POST", "/v1/queue/tokens", { fan: "b" });
  assert.deepEqual([again.status, again.body.ticket, again.body.position], [200, ticket, 1]);
});

Deno.test("fault 7: promoters at once never admit more than the limit, and lose nobody", async () => {
  const box = openTestBox({ QUEUE_CAPACITY: "5" });
  const joined = await Promise.all(Array.from({ length: 30 }, (_, i) => box.join(`fan ${i}`)));
  for (let left = 0; left < 30; left += 5) {
    await Promise.all([box.tick(), box.tick(), ...joined.map((place) => standing(box, place))]);
    const { body } = await box.call("GET", "/v1/queue");
    assert.deepEqual([body.admitted, body.waiting], [5, 25 - left]);
    const admitted = [];
    for (const place of joined) {
      if ((await standing(box, place)).state === "ADMITTED") admitted.push(place);
    }
    await Promise.all(
      admitted.map((place) => box.call("DELETE", "/v1/queue/tokens/me", { place })),
    );
  }
});

Deno.test("fault 8: fans who join in the same millisecond have different tickets, in order", async () => {
  const box = openTestBox({ QUEUE_CAPACITY: "1" });
  const tickets = [];
  for (let i = 0; i < 20; i++) {
    tickets.push((await box.call("POST", "/v1/queue/tokens", { fan: `fan ${i}` })).body.ticket);
  }
  assert.deepEqual(tickets, Array.from({ length: 20 }, (_, i) => i + 1));
});

Deno.test("fault 9: the queue token is checked on a cache hit too", async () => {
  const box = openTestBox({ ADMISSION_TTL_SECONDS: "60" });
  const place = await box.join("a");
  const see = () => box.call("GET", "/v1/concerts", { fan: "a", place });
  await see();
  const hit = await see();
  assert.match(hit.headers.get("Server-Timing")!, /postgres;desc="0"/);
  box.clock.advance(60_000);
  const late = await see();
  assert.deepEqual([late.status, late.body.code, late.body.line.reason], [
    403,
    "NOT_ADMITTED",
    "ENDED",
  ]);
  assert.ok(Number(late.headers.get("Retry-After")) > 0);
});

Deno.test("fault 10: a load that began before a sell-out cannot put the old value back", async () => {
  let stall: Promise<void> | null = null;
  const box = openBox(database.sql, {
    wrap: (stores) => ({
      ...stores,
      catalogue: {
        ...stores.catalogue,
        async listSchedules(concertId) {
          const loaded = await stores.catalogue.listSchedules(concertId);
          await stall;
          return loaded;
        },
      },
    }),
  });
  const sale = await putOnSale(box, { dates: [1], price: 0 });
  const [buyer, reader] = [await box.join("buyer"), await box.join("reader")];
  const see = () =>
    box.call("GET", `/v1/concerts/${sale.concertId}/schedules`, { fan: "reader", place: reader });
  const held = await holdSeats(box, "buyer", buyer, sale, sale.schedules[0]!.seatIds);
  const { promise, resolve } = Promise.withResolvers<void>();
  stall = promise;
  const slow = see();
  await pay(box, "buyer", held);
  await new Promise((done) => setTimeout(done)); // the eviction runs
  stall = null;
  const after = await see();
  assert.equal(after.body.schedules[0].status, "SOLD_OUT", "who asks later joins no older load");
  resolve();
  await slow;
  await box.settle();
  assert.equal((await see()).body.schedules[0].status, "SOLD_OUT");
});

Deno.test("fault 11: one sold-out date does not sell out the concert", async () => {
  const box = openTestBox();
  const place = await box.join("a");
  const sale = await putOnSale(box, { dates: [1, 1], price: 0 });
  await pay(box, "a", await holdSeats(box, "a", place, sale, sale.schedules[0]!.seatIds));
  const { body } = await box.call("GET", `/v1/admin/concerts/${sale.concertId}`, {
    operator: true,
  });
  assert.deepEqual(
    [body.status, ...body.schedules.map(({ status }: { status: string }) => status)],
    ["ON_SALE", "SOLD_OUT", "ON_SALE"],
  );
});

Deno.test("fault 12: the user is the verified credential's, whatever the request says", async () => {
  const box = openTestBox();
  await charge(box, "victim", 500);
  const asked = await box.call("GET", "/v1/balance?userId=victim&user=victim", {
    fan: "thief",
    headers: { "X-User-Id": "victim" },
  });
  assert.equal(asked.body.balance, 0);
  const { body } = await box.call("POST", "/v1/balance/charges", {
    fan: "thief",
    key: "k",
    json: { amount: 1, userId: "victim" },
  });
  assert.equal(body.code, "VALIDATION_FAILED");
});

Deno.test("fault 13: a fan who leaves frees the slot at once, without the cron", async () => {
  const box = openTestBox({ QUEUE_CAPACITY: "1" });
  const [a, b] = [await box.join("a"), await box.join("b")];
  await box.call("DELETE", "/v1/queue/tokens/me", { place: a });
  assert.deepEqual((await box.call("GET", "/v1/queue")).body, {
    waiting: 0,
    admitted: 1,
    capacity: 1,
  });
  assert.equal((await standing(box, b)).state, "ADMITTED");
});

Deno.test("fault 14: a lapsed hold cannot be paid, and none is paid twice", async () => {
  const box = openTestBox({ HOLD_TTL_SECONDS: "10" });
  const place = await box.join("a");
  const sale = await putOnSale(box, { price: 5 });
  await charge(box, "a", 100);
  const [one, two] = sale.schedules[0]!.seatIds;
  const paid = await holdSeats(box, "a", place, sale, [one!]);
  const lapsed = await holdSeats(box, "a", place, sale, [two!]);
  assert.equal((await pay(box, "a", paid, "one")).status, 201);
  const again = await pay(box, "a", paid, "two");
  assert.deepEqual(again.body.reservations, [{ reservationId: paid[0], status: "PAID" }]);
  box.clock.advance(10_000);
  const late = await pay(box, "a", lapsed, "three");
  assert.deepEqual(late.body.reservations, [{ reservationId: lapsed[0], status: "EXPIRED" }]);
  assert.equal((await box.call("GET", "/v1/balance", { fan: "a" })).body.balance, 95);
});

Deno.test("fault 15: a list cached just before a sale opens does not hide the opening", async () => {
  const box = openTestBox();
  const place = await box.join("a");
  const sale = await putOnSale(box, { opensInMs: 1_000 });
  const dates = `/v1/concerts/${sale.concertId}/schedules`;
  const shown = async () => {
    const list = await box.call("GET", "/v1/concerts", { fan: "a", place });
    const { body } = await box.call("GET", dates, { fan: "a", place });
    const listed = list.body.concerts.some(({ concertId }: { concertId: number }) =>
      concertId === sale.concertId
    );
    return [listed, body.schedules.length];
  };
  box.clock.advance(999);
  assert.deepEqual(await shown(), [false, 0]);
  box.clock.advance(1);
  assert.deepEqual(await shown(), [true, 1]);
});
