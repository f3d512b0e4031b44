import { deepEqual, equal } from "node:assert/strict";
import { newFan, type Received } from "../../support/api_box.ts";
import { charge, pay, putOnSale } from "../../support/sale.ts";
import { assertKept, assertUnavailable } from "./cloud.ts";
import { openRemoteBox } from "../../support/remote_box.ts";
import { CHARGED, fanWithHolds, lineActs, outages, titleOf } from "./scenes.ts";

const outage = outages();

outage(
  "PostgreSQL stops: the queue and cached lists go on, and a payment comes later, once",
  async (cloud) => {
    const box = openRemoteBox(cloud, { settings: { QUEUE_CAPACITY: "2" } });
    const { call } = box;
    const sale = await putOnSale(box, { dates: [5] });
    const { fan, place, held } = await fanWithHolds(box, sale);
    const acts = lineActs(box, fan, place, sale);
    for (const act of [acts.list, acts.schedules]) equal((await act()).status, 200);
    await box.settle();
    await cloud.postgres.pause();

    const other = newFan("b");
    const goesOn: Record<string, Received> = {
      join: await call("POST", "/v1/queue/tokens", { fan: other }),
      poll: await acts.poll(),
      length: await acts.length(),
      list: await acts.list(),
      schedules: await acts.schedules(),
    };
    for (const [what, { status, text }] of Object.entries(goesOn)) {
      equal(status, what === "join" ? 201 : 200, `${what}: ${text}`);
    }
    equal(titleOf(goesOn["list"]!, sale), "Night Train");

    const key = "the-payment";
    const json = { amount: 1 };
    const stops: Record<string, () => Promise<Received>> = {
      seats: acts.seats,
      hold: acts.hold,
      pay: () => pay(box, fan, held.slice(0, 1), key),
      cancel: () => call("DELETE", `/v1/reservations/${held[2]}`, { fan }),
      charge: () => call("POST", "/v1/balance/charges", { fan, key: "c", json }),
      balance: () => call("GET", "/v1/balance", { fan }),
      reservations: () => call("GET", "/v1/reservations", { fan }),
      payments: () => call("GET", "/v1/payments", { fan }),
    };
    for (const [what, act] of Object.entries(stops)) assertUnavailable(await act(), what);
    const { status, body } = await call("GET", "/readyz");
    deepEqual([status, body.dependencies], [503, { redis: "up", postgres: "down" }]);

    await cloud.postgres.resume();
    const paid = await pay(box, fan, held.slice(0, 1), key);
    const again = await pay(box, fan, held.slice(0, 1), key);
    equal(again.text, paid.text, "byte for byte");
    await box.settle();
    equal((await acts.poll()).body.state, "GONE", "the place has ended");
    for (const what of ["cancel", "charge", "balance"]) {
      equal((await stops[what]!()).status, what === "charge" ? 201 : 200, what);
    }
    await assertKept(cloud.sql, fan, { charged: CHARGED + 1, paid: [paid, again] });
  },
);

outage(
  "the answers to payments are lost: sent again by the fan, they are paid once",
  async (cloud) => {
    const box = openRemoteBox(cloud);
    const sale = await putOnSale(box, { dates: [5] });
    const { fan, held } = await fanWithHolds(box, sale);
    const { faults } = cloud.neon;
    const paid: Received[] = [];
    for (const [index, id] of held.entries()) {
      faults.inject({ kind: "lose", times: 2 });
      // A budget that has saved up a retry may have got the answer by itself.
      const first = await pay(box, fan, [id], `key-${index}`);
      if (first.status === 503) assertUnavailable(first, "pay");
      else paid.push(first);
      faults.clear();
      paid.push(await pay(box, fan, [id], `key-${index}`));
    }
    await box.settle();
    await assertKept(cloud.sql, fan, { charged: CHARGED, paid });
  },
);

outage("the answers to charges are lost: sent again by the fan, they count once", async (cloud) => {
  const box = openRemoteBox(cloud);
  const fan = newFan("a");
  await charge(box, fan, CHARGED);
  const send = () =>
    box.call("POST", "/v1/balance/charges", { fan, key: "c", json: { amount: 7 } });
  cloud.neon.faults.inject({ kind: "lose" });
  for (let times = 0; times < 3; times++) assertUnavailable(await send(), "charge");
  cloud.neon.faults.clear();
  equal((await send()).body.balance, CHARGED + 7);
  await assertKept(cloud.sql, fan, { charged: CHARGED + 7, paid: [] });
});
