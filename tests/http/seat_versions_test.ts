import assert from "node:assert/strict";
import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import type { ScheduleId } from "../../src/domain/ids.ts";
import { ok } from "../../src/domain/result.ts";
import { openBox } from "../support/box.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";

const database = await openEmbeddedDatabase();
Deno.test.afterAll(() => database.close());

Deno.test("seats that were loaded before a hold are not remembered after it", async () => {
  const [loaded, mayAnswer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const box = openBox(database.sql, {
    wrap: (stores) => ({
      ...stores,
      catalogue: {
        ...stores.catalogue,
        async seatMap(...seats) {
          const map = await stores.catalogue.seatMap(...seats);
          loaded.resolve();
          await mayAnswer.promise;
          return map;
        },
      },
    }),
  });
  const sale = await putOnSale(box);
  const { scheduleId, seatIds } = sale.schedules[0]!;
  const path = `/v1/concerts/${sale.concertId}/schedules/${scheduleId}/seats`;
  const [a, b] = [{ fan: "a", place: await box.join("a") }, {
    fan: "b",
    place: await box.join("b"),
  }];
  const looking = box.call("GET", path, a);
  await loaded.promise;
  box.clock.advance(10);
  await holdSeats(box, b.fan, b.place, sale, [seatIds[0]!]);
  await box.settle();
  box.clock.advance(10);
  mayAnswer.resolve();
  const before = await looking;
  await box.settle();
  assert.equal(before.body.seats[0].status, "AVAILABLE");
  const headers = { "If-None-Match": before.headers.get("ETag")! };
  const after = await box.call("GET", path, { ...a, headers });
  assert.deepEqual([after.status, after.body?.seats[0].status], [200, "HELD"]);
});

Deno.test("the seats of a payment appear in the next answer", async () => {
  let dates: ScheduleId[] = [];
  const box = openBox(database.sql, {
    wrap: (stores) => ({
      ...stores,
      bookings: {
        ...stores.bookings,
        async pay(...asked) {
          const paid = await stores.bookings.pay(...asked);
          if (!paid.ok) return paid;
          const { effects } = paid.value;
          return ok({ ...paid.value, effects: { ...effects, dates } });
        },
      },
    }),
  });
  const sale = await putOnSale(box, { price: 0 });
  const { scheduleId, seatIds } = sale.schedules[0]!;
  dates = [scheduleId as ScheduleId];
  const [a, b] = [{ fan: "a", place: await box.join("a") }, {
    fan: "b",
    place: await box.join("b"),
  }];
  const held = await holdSeats(box, a.fan, a.place, sale, [seatIds[0]!]);
  await box.settle();
  box.clock.advance(10);
  const path = `/v1/concerts/${sale.concertId}/schedules/${scheduleId}/seats`;
  const before = await box.call("GET", path, b);
  await box.settle();
  const headers = { "If-None-Match": before.headers.get("ETag")! };
  assert.equal((await box.call("GET", path, { ...b, headers })).status, 304);
  assert.equal((await pay(box, a.fan, held)).status, 201);
  await box.settle();
  const after = await box.call("GET", path, { ...b, headers });
  assert.deepEqual([after.status, after.body?.seats[0].status], [200, "SOLD"]);
});

Deno.test("a broken store of versions does not stop a change", async () => {
  const drop = () => Promise.reject(new Error("no drop"));
  const box = openBox(database.sql, {
    wrap: (stores) => ({ ...stores, seatVersions: { ...stores.seatVersions, drop } }),
  });
  const sale = await putOnSale(box);
  const place = await box.join("a");
  const [id] = await holdSeats(box, "a", place, sale, sale.schedules[0]!.seatIds.slice(0, 1));
  const cancelled = await box.call("DELETE", `/v1/reservations/${id}`, { fan: "a" });
  const withdrawn = await box.call("PATCH", `/v1/admin/concerts/${sale.concertId}`, {
    operator: true,
    json: { status: "WITHDRAWN" },
  });
  await box.settle();
  assert.deepEqual([cancelled.status, withdrawn.status], [200, 200]);
  const whats = box.reports.map(({ what }) => what);
  assert.deepEqual(whats.sort(), ["after_answer_failed", "after_answer_failed", "cache_failed"]);
});
