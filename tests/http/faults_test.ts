import assert from "node:assert/strict";
import type { Stores } from "../../src/composition/stores.ts";
import { DependencyError } from "../../src/domain/failures.ts";
import { refused } from "../../src/domain/result.ts";
import { openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());
const boxWith = (wrap: (stores: Stores) => Stores) => openBox(database.sql, { wrap });

const redisDown = () => Promise.reject(new DependencyError("redis", new Error("reset")));
const postgresDown = () => Promise.reject(new DependencyError("postgres", new Error("reset")));

Deno.test("without the queue nobody is admitted, and own records stay available", async () => {
  const place = await openBox(database.sql).join("a");
  const { call } = boxWith((stores) => ({
    ...stores,
    queue: {
      ...stores.queue,
      join: redisDown,
      status: redisDown,
      counts: redisDown,
      ping: redisDown,
    },
    admissionCheck: { check: redisDown, checkKnown: redisDown },
  }));
  for (
    const answer of [
      await call("POST", "/v1/queue/tokens", { fan: "a" }),
      await call("GET", "/v1/queue/tokens/me", { place }),
      await call("GET", "/v1/concerts", { fan: "a", place }),
      await call("GET", "/v1/concerts/1/schedules/1/seats", { fan: "a", place }),
    ]
  ) {
    assert.deepEqual([answer.status, answer.body.code], [503, "DEPENDENCY_UNAVAILABLE"]);
    assert.ok(Number(answer.headers.get("Retry-After")) > 0);
  }
  assert.equal((await call("GET", "/v1/balance", { fan: "a" })).status, 200);
  const ready = await call("GET", "/readyz");
  assert.deepEqual([ready.status, ready.body.dependencies], [503, {
    redis: "down",
    postgres: "up",
  }]);
  assert.equal((await call("GET", "/healthz")).status, 200);
});

Deno.test("without the queue the form of the line answers with its page", async () => {
  const { call, userToken } = boxWith((stores) => ({
    ...stores,
    queue: { ...stores.queue, join: redisDown, status: redisDown },
  }));
  const headers = { "Sec-Fetch-Site": "same-origin", "Accept-Language": "en" };
  const raw = new URLSearchParams({ access_token: await userToken("a") });
  const answer = await call("POST", "/line", { headers, raw });
  assert.deepEqual([answer.status, answer.headers.get("Retry-After")], [503, "2"]);
  assert.match(answer.headers.get("Content-Type")!, /^text\/html/);
  assert.match(answer.text, /You can’t join this line.* does not answer; try again in 2 s/);
  const nowhere = await call("POST", "/line?room=%00x", { headers, raw });
  assert.equal(nowhere.status, 200);
  assert.match(nowhere.text, /There is no such line/);
});

Deno.test("without the database the queue moves on", async () => {
  const { call } = boxWith((stores) => ({
    ...stores,
    accounts: { ...stores.accounts, balance: postgresDown },
    catalogue: { ...stores.catalogue, ping: postgresDown },
  }));
  assert.equal((await call("POST", "/v1/queue/tokens", { fan: "a" })).status, 201);
  assert.equal(
    (await call("GET", "/v1/balance", { fan: "a" })).body.code,
    "DEPENDENCY_UNAVAILABLE",
  );
  const ready = await call("GET", "/readyz");
  assert.deepEqual(ready.body.dependencies, { redis: "up", postgres: "down" });
});

Deno.test("a broken cache is a miss: answered from the database and reported", async () => {
  const broken = () => Promise.reject(new Error("cache is broken"));
  const box = boxWith((stores) => ({
    ...stores,
    cache: { ...stores.cache, lease: broken, fill: broken, release: broken, evict: broken },
  }));
  const sale = await putOnSale(box, { dates: [1], price: 0 });
  const place = await box.join("a");
  const list = await box.call("GET", "/v1/concerts", { fan: "a", place });
  assert.equal(list.status, 200);
  const held = await holdSeats(box, "a", place, sale, sale.schedules[0]!.seatIds);
  assert.equal((await pay(box, "a", held)).status, 201);
  await box.settle();
  const whats = new Set(box.reports.map(({ what }) => what));
  assert.deepEqual([...whats].sort(), ["after_answer_failed", "cache_failed"]);
});

Deno.test("what follows a payment may fail without a change of the answer", async () => {
  const box = boxWith((stores) => ({
    ...stores,
    queue: { ...stores.queue, endPlaces: () => Promise.reject(new Error("no line")) },
  }));
  const place = await box.join("a");
  const sale = await putOnSale(box, { price: 0 });
  const held = await holdSeats(box, "a", place, sale, [sale.schedules[0]!.seatIds[0]!]);
  assert.equal((await pay(box, "a", held)).status, 201);
  await box.settle();
  assert.deepEqual(box.reports.map(({ what }) => what), ["after_answer_failed"]);
});

Deno.test("an internal fault is INTERNAL, is reported with the request, and leaks nothing", async () => {
  const box = boxWith((stores) => ({
    ...stores,
    accounts: {
      ...stores.accounts,
      balance: () => Promise.reject(new Error("relation secret_table does not exist")),
    },
  }));
  const { status, body, text, headers } = await box.call("GET", "/v1/balance", { fan: "a" });
  assert.deepEqual([status, body.code], [500, "INTERNAL"]);
  assert.doesNotMatch(text, /secret_table/);
  assert.equal(box.reports[0]?.what, "internal_error");
  assert.equal(box.reports[0]?.requestId, headers.get("X-Request-Id"));
});

Deno.test("a second send that waited too long for the first is IDEMPOTENCY_IN_PROGRESS", async () => {
  const { call } = boxWith((stores) => ({
    ...stores,
    accounts: {
      ...stores.accounts,
      charge: () => Promise.resolve(refused({ kind: "IDEMPOTENCY_IN_PROGRESS" as const })),
    },
  }));
  const { status, body } = await call("POST", "/v1/balance/charges", {
    fan: "a",
    key: "k",
    json: { amount: 1 },
  });
  assert.deepEqual([status, body.code], [409, "IDEMPOTENCY_IN_PROGRESS"]);
});

Deno.test("without the cache no refund of a concert is accepted", async () => {
  const sale = await putOnSale(openBox(database.sql), { dates: [1] });
  const path = `/v1/admin/concerts/${sale.concertId}/refunds`;
  const sent = { operator: true, key: "refund", json: { reason: "rain" } } as const;
  const { call } = boxWith((stores) => ({
    ...stores,
    cache: { ...stores.cache, evict: redisDown },
  }));
  const { status, body } = await call("POST", path, sent);
  assert.deepEqual([status, body.code], [503, "DEPENDENCY_UNAVAILABLE"]);
  const jobs = await database.sql("select refund_id from refund_jobs where concert_id = $1", [
    String(sale.concertId),
  ]);
  assert.deepEqual(jobs, []);
});
