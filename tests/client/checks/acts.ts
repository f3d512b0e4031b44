import { deepEqual, equal, notEqual, ok, rejects } from "node:assert/strict";
import { isProblem } from "../../../src/client/problems.ts";
import { type Checks, device, json, problem, readableToken } from "../support/device.ts";

const TO_PAY = { reservationIds: ["a", "b"] };
const paid = () => json(201, { payments: [], totalAmount: 0, balance: 0 });
const LOST = () => Promise.reject<Response>(new TypeError("no network"));
const keysOf = (sent: readonly { headers: Headers }[]) =>
  sent.map(({ headers }) => headers.get("Idempotency-Key"));

export const actChecks: Checks = {
  async "a key is kept before the first send, and dropped after a success"(create) {
    const { client, server, storage } = device(create, paid);
    server.answer = ({ headers }) => {
      const kept = [...storage.values.values()].join();
      ok(kept.includes(headers.get("Idempotency-Key")!), "kept before it is sent");
      return paid();
    };
    equal((await client().pay(TO_PAY)).response.status, 201);
    equal(storage.values.size, 0);
  },

  async "a storage that is slow has the key before it is sent"(create) {
    const { client, time, server, storage } = device(create, paid);
    let written = false;
    const slow = {
      ...storage,
      setItem: async () => {
        await new Promise<void>((resolve) => time.setTimeout(resolve, 500));
        written = true;
      },
    };
    const paying = client({ storage: slow }).pay(TO_PAY);
    await time.settle();
    equal(server.sent.length, 0);
    await time.pass(500);
    ok(written);
    equal((await paying).response.status, 201);
  },

  async "after lost answers the same key is sent again"(create) {
    const { client, time, server } = device(create, LOST);
    const paying = client().pay(TO_PAY);
    await time.pass(500);
    server.answer = () => problem(503, "DEPENDENCY_UNAVAILABLE", { "Retry-After": "3" });
    await time.pass(2_000);
    server.answer = () => problem(409, "IDEMPOTENCY_IN_PROGRESS");
    await time.pass(3_500);
    server.answer = paid;
    await time.pass(30_000);
    equal((await paying).response.status, 201);
    const keys = keysOf(server.sent);
    equal(new Set(keys).size, 1);
    ok(keys.length >= 4, `${keys.length}`);
    const retried = server.sent.map(({ atMs }) => atMs);
    ok(retried[2]! - retried[1]! >= 3_000, "`Retry-After` is honoured");
  },

  async "a success that is no answer of the API is no answer: the key is kept and sent again"(
    create,
  ) {
    const page = () => new Response("<html>", { headers: { "Content-Type": "text/html" } });
    for (const lost of [page, () => json(200, null), () => new Response(null, { status: 204 })]) {
      const { client, time, server, storage } = device(create, lost);
      const fan = client();
      const charging = rejects(fan.charge({ amount: 1000 }), TypeError);
      await time.pass(120_000);
      await charging;
      deepEqual([server.sent.length, storage.values.size], [6, 1]);
      const again = fan.charge({ amount: 1000 });
      await time.settle();
      server.answer = () => json(201, { balance: 1000, currency: "KRW" });
      await time.pass(1_000);
      deepEqual((await again).data, { balance: 1000, currency: "KRW" });
      equal(new Set(keysOf(server.sent)).size, 1);
      equal(storage.values.size, 0);
    }
  },

  async "a refusal is an answer: the next try has a new key"(create) {
    const { client, server, storage } = device(create, () => problem(409, "INSUFFICIENT_BALANCE"));
    const fan = client();
    const { error } = await fan.pay(TO_PAY);
    equal(error?.code, "INSUFFICIENT_BALANCE");
    equal(storage.values.size, 0);
    server.answer = paid;
    await fan.pay(TO_PAY);
    const [first, second] = keysOf(server.sent);
    notEqual(first, second);
  },

  async "after a reload the same act has the same key, whatever the order of its members"(create) {
    const { client, time, server } = device(create, LOST);
    const lost = rejects(client().pay(TO_PAY), TypeError);
    await time.pass(120_000);
    await lost;
    equal(server.sent.length, 6, "bounded");
    server.answer = paid;
    const reloaded = client();
    const [unfinished] = await reloaded.unfinished();
    deepEqual([unfinished?.act, unfinished?.body], ["pay", TO_PAY]);
    await reloaded.pay({ reservationIds: ["b", "a"] });
    equal(new Set(keysOf(server.sent)).size, 1);
    deepEqual(await reloaded.unfinished(), []);
  },

  async "the last refusal of an outage is given, and the key kept"(create) {
    const { client, time, server, storage } = device(
      create,
      () => problem(503, "DEPENDENCY_UNAVAILABLE"),
    );
    const paying = client().pay(TO_PAY);
    await time.pass(120_000);
    equal((await paying).error?.code, "DEPENDENCY_UNAVAILABLE");
    equal(server.sent.length, 6);
    equal(storage.values.size, 1);
  },

  async "after a lost answer, missing credentials do not drop the key"(create) {
    const { client, time, server } = device(create, LOST);
    const fan = client();
    const charging = fan.charge({ amount: 1000 });
    await time.pass(100);
    server.answer = () => problem(401, "UNAUTHENTICATED");
    await time.pass(1_000);
    equal((await charging).error?.code, "UNAUTHENTICATED");
    server.answer = () => problem(403, "FORBIDDEN");
    equal((await fan.charge({ amount: 1000 })).error?.code, "FORBIDDEN");
    server.answer = () => json(201, { balance: 1000, currency: "KRW" });
    await fan.charge({ amount: 1000 });
    equal(new Set(keysOf(server.sent)).size, 1);
  },

  async "where no answer was lost, missing credentials leave nothing to be finished"(create) {
    const { client } = device(create, () => problem(401, "UNAUTHENTICATED"));
    const fan = client();
    await fan.charge({ amount: 1000 });
    deepEqual(await fan.unfinished(), []);
  },

  async "acts that differ have keys that differ, also those sent at once"(create) {
    const { client, server, time, storage } = device(create, LOST);
    const fan = client();
    const acts = [
      fan.pay(TO_PAY),
      fan.pay({ reservationIds: ["a"] }),
      fan.charge({ amount: 1 }),
      fan.hold({ concertId: 1, scheduleId: 1, seatIds: [1, 2] }),
      fan.hold({ concertId: 1, scheduleId: 1, bestAvailable: { quantity: 2 } }),
    ];
    await time.settle();
    equal(new Set(keysOf(server.sent)).size, 5);
    equal((await client().unfinished()).length, 5);
    server.answer = () => json(201, { reservations: [], payments: [] });
    await time.pass(2_000);
    await Promise.all(acts);
    equal(storage.values.size, 0);
  },

  async "a double click is one act"(create) {
    const { client, server } = device(create, paid);
    const fan = client();
    await Promise.all([fan.pay(TO_PAY), fan.pay(TO_PAY)]);
    equal(new Set(keysOf(server.sent)).size, 1);
  },

  async "a key that the server may have forgotten is not sent"(create) {
    const { client, time, server } = device(create, () => problem(503, "DEPENDENCY_UNAVAILABLE"));
    const charging = client().charge({ amount: 1000 });
    await time.pass(120_000);
    await charging;
    await time.pass(23 * 3_600_000);
    deepEqual(await client().unfinished(), []);
    server.answer = () => json(201, { balance: 1000, currency: "KRW" });
    await client().charge({ amount: 1000 });
    equal(new Set(keysOf(server.sent)).size, 2);
  },

  async "another fan of the device has other acts"(create) {
    const { client, time } = device(create, LOST);
    const paying = rejects(client().pay(TO_PAY));
    await time.pass(120_000);
    await paying;
    deepEqual(await client({ accessToken: readableToken("bob") }).unfinished(), []);
  },

  async "an error that has a code is no refusal"(create) {
    equal(isProblem(Object.assign(new Error("x"), { code: "ECONNREFUSED", status: 502 })), false);
    equal(isProblem({ code: "RATE_LIMITED" }, "RATE_LIMITED"), false);
    equal(isProblem(null), false);
    equal(isProblem({ code: "RATE_LIMITED", title: "later" }, "RATE_LIMITED"), true);
    const { client, time, storage } = device(create, () => json(409, { code: "ECONNREFUSED" }));
    const charging = client().charge({ amount: 1 });
    await time.pass(120_000);
    await charging;
    equal(storage.values.size, 1);
  },

  async "an act whose key could not be stored has the same key as long as the page lives"(create) {
    const { client, time, server, storage } = device(create, LOST);
    let full = false;
    const small = {
      ...storage,
      setItem(name: string, value: string) {
        if (full) throw new DOMException("full", "QuotaExceededError");
        storage.setItem(name, value);
      },
    };
    const fan = client({ storage: small });
    const otherTab = client({ storage });
    const lose = async (amount: number, by = fan) => {
      const charging = rejects(by.charge({ amount }), TypeError);
      await time.pass(120_000);
      await charging;
    };
    const amounts = async (of = fan) =>
      (await of.unfinished()).map(({ body }) => (body as { amount: number }).amount).sort();
    await lose(1);
    full = true;
    await lose(1000);
    await lose(3, otherTab);
    deepEqual(await amounts(), [1, 1000, 3]);
    server.answer = () => json(201, { balance: 1000, currency: "KRW" });
    await fan.charge({ amount: 1 });
    deepEqual(await amounts(), [1000, 3], "what is done is not undone by what is stored");
    full = false;
    await fan.charge({ amount: 1000 });
    equal(new Set(keysOf(server.sent)).size, 3);
    deepEqual([await amounts(), await amounts(otherTab)], [[3], [3]]);
  },

  async "a storage that is full or forbidden stops nothing"(create) {
    const { client } = device(create, paid);
    const forbidden = () => {
      throw new DOMException("forbidden", "SecurityError");
    };
    const storage = { getItem: forbidden, setItem: forbidden, removeItem: forbidden };
    equal((await client({ storage }).pay(TO_PAY)).response.status, 201);
  },
};
