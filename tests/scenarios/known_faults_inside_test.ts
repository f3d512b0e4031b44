import assert from "node:assert/strict";
import { SortedSet } from "../../src/adapters/memory/sorted_set.ts";
import { openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";

/**
 * The faults of the earlier design that show only inside the process, each by its number. The
 * others are in tests/scenarios/known_faults.ts. None may come back.
 */

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

Deno.test("fault 2: finding a fan's place makes few comparisons in a queue of any length", () => {
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

Deno.test("fault 10: a load that began before a sell-out cannot restore the old value", async () => {
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
