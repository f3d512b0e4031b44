import { deepEqual, equal } from "node:assert/strict";
import { newFan, type Received } from "../../support/api_box.ts";
import { standing } from "../../support/room.ts";
import { pay, putOnSale } from "../../support/sale.ts";
import { assertKept, assertUnavailable } from "./cloud.ts";
import { openRemoteBox } from "../../support/remote_box.ts";
import { CHARGED, fanWithHolds, lineActs, outages } from "./scenes.ts";

const BREAKER_OPEN_MS = 1_000;
const FAILURES_TO_OPEN = 5;

const outage = outages();

outage("Redis is killed: nobody is admitted, and own records stay available", async (cloud) => {
  const { upstash } = cloud;
  const box = openRemoteBox(cloud, { settings: { QUEUE_CAPACITY: "1" } });
  const sale = await putOnSale(box, { dates: [5] });
  const { fan, place, held } = await fanWithHolds(box, sale);
  const acts = lineActs(box, fan, place, sale);
  for (const act of [acts.list, acts.schedules]) equal((await act()).status, 200);
  await box.settle();

  await cloud.killRedis();
  upstash.counts.reset();
  for (const [what, act] of Object.entries(acts)) assertUnavailable(await act(), what);
  equal(upstash.counts.requests, FAILURES_TO_OPEN, "then the breaker spares them");
  assertUnavailable(await box.call("GET", "/v1/concerts", { fan, place }), "a cached list");
  equal(upstash.counts.requests, FAILURES_TO_OPEN);

  const { call } = box;
  const paid = await pay(box, fan, held.slice(0, 1));
  await box.settle();
  const own: [string, number, Received][] = [
    ["reservations", 200, await call("GET", "/v1/reservations", { fan })],
    ["cancel", 200, await call("DELETE", `/v1/reservations/${held[2]}`, { fan })],
    ["payments", 200, await call("GET", "/v1/payments", { fan })],
    ["balance", 200, await call("GET", "/v1/balance", { fan })],
    [
      "charge",
      201,
      await call("POST", "/v1/balance/charges", { fan, key: "c", json: { amount: 1 } }),
    ],
    ["health", 200, await call("GET", "/healthz")],
  ];
  for (const [what, status, answer] of own) equal(answer.status, status, `${what}: ${answer.text}`);
  deepEqual(await call("GET", "/readyz").then(({ status, body }) => [status, body.dependencies]), [
    503,
    { redis: "down", postgres: "up" },
  ]);
  const whats = new Set(box.reports.map(({ what }) => what));
  deepEqual([...whats].sort(), ["after_answer_failed", "dependency_failed"]);

  await cloud.startRedis();
  await box.pass(BREAKER_OPEN_MS);
  deepEqual((await acts.poll()).body.reason, "LINE_RESET");
  const again = await pay(box, fan, held.slice(1, 2));
  await assertKept(cloud.sql, fan, { charged: CHARGED + 1, paid: [paid, again] });
});

outage("what follows a payment is lost: the place ends with its admission", async (cloud) => {
  const box = openRemoteBox(cloud, { settings: { QUEUE_CAPACITY: "1" } });
  const sale = await putOnSale(box, { dates: [5] });
  const { fan, place, held } = await fanWithHolds(box, sale);
  const next = await box.join(newFan("b"));
  cloud.upstash.faults.inject({ kind: "reset" });
  const paid = await pay(box, fan, held);
  await box.settle();
  cloud.upstash.faults.clear();
  // The place was not ended.
  deepEqual(box.reports.map(({ what }) => what), ["after_answer_failed"]);

  const admission = await standing(box, place);
  equal(admission.state, "ADMITTED");
  equal((await standing(box, next)).state, "WAITING");
  await box.pass(Date.parse(admission.expiresAt) - box.clock() - 1);
  equal((await standing(box, next)).state, "WAITING");
  await box.pass(1);
  equal((await standing(box, next)).state, "ADMITTED");
  equal((await standing(box, place)).state, "GONE");
  await assertKept(cloud.sql, fan, { charged: CHARGED, paid: [paid] });
});
