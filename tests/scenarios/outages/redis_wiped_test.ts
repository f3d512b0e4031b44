import { deepEqual, equal } from "node:assert/strict";
import { newFan } from "../../support/api_box.ts";
import { standing } from "../../support/room.ts";
import { pay, putOnSale } from "../../support/sale.ts";
import { assertKept, assertUnavailable, type FrailCloud } from "./cloud.ts";
import { openRemoteBox, type RemoteBox } from "../../support/remote_box.ts";
import { waitUntil } from "../../support/wait.ts";
import { CHARGED, fanWithHolds, lineActs, outages, rename, titleOf } from "./scenes.ts";

const BREAKER_OPEN_MS = 1_000;

const outage = outages();

/** A sale with one fan inside and three in line is wiped; then everybody comes back. */
async function lostLine(
  cloud: FrailCloud,
  box: RemoteBox,
  wipe: () => Promise<void>,
): Promise<void> {
  const sale = await putOnSale(box, { dates: [5] });
  const { fan, place, held } = await fanWithHolds(box, sale);
  const fans = ["b", "c", "d"].map(newFan);
  const places: string[] = [];
  for (const waiting of fans) places.push(await box.join(waiting));
  await lineActs(box, fan, place, sale).list();
  await box.settle();

  await wipe();
  for (const old of [place, ...places]) {
    const { state, reason } = await standing(box, old);
    deepEqual([state, reason], ["GONE", "LINE_RESET"]);
  }
  equal((await lineActs(box, fan, place, sale).list()).status, 403, "D2, cached or not");
  const paid = await pay(box, fan, held);
  await box.settle();

  const first = newFan("first");
  const inside = await box.join(first);
  const late = await box.join(newFan("late"));
  const rejoined: string[] = [];
  for (const index of [2, 0, 1]) {
    const sent = { fan: fans[index]!, place: places[index]! };
    const { status, body } = await box.call("POST", "/v1/queue/tokens", sent);
    equal(status, 201);
    rejoined[index] = body.token;
  }
  const { list } = lineActs(box, first, inside, sale);
  equal(titleOf(await list(), sale), "Night Train");
  await box.settle();
  cloud.neon.counts.reset();
  equal(titleOf(await list(), sale), "Night Train");
  equal(cloud.neon.counts.requests, 0, "the cache is filled again");
  equal((await rename(box, sale, "Day Train")).status, 200);
  equal(titleOf(await list(), sale), "Day Train");

  // Nobody is admitted out of turn while the line re-forms.
  await box.pass(RE_FORMS_WITHIN_MS);
  let admitted = inside;
  for (const next of [...rejoined, late]) {
    equal((await standing(box, next)).state, "WAITING");
    await box.call("DELETE", "/v1/queue/tokens/me", { place: admitted });
    equal((await standing(box, next)).state, "ADMITTED", "the old order, ahead of who is fresh");
    admitted = next;
  }
  await assertKept(cloud.sql, fan, { charged: CHARGED, paid: [paid] });
}

/** The longest poll, and the time to show up. */
const RE_FORMS_WITHIN_MS = 120_000;
const ONE_SLOT = { settings: { QUEUE_CAPACITY: "1" } };

outage("Redis is wiped in mid-sale, and everybody comes back in the old order", async (cloud) => {
  await lostLine(cloud, openRemoteBox(cloud, ONE_SLOT), async () => {
    await cloud.redis("FLUSHALL");
  });
});

outage("Redis dies in mid-sale and starts again empty, with the same outcome", async (cloud) => {
  const box = openRemoteBox(cloud, ONE_SLOT);
  await lostLine(cloud, box, async () => {
    await cloud.killRedis();
    assertUnavailable(await box.call("POST", "/v1/queue/tokens", { fan: newFan("x") }), "join");
    await cloud.startRedis();
    await box.pass(BREAKER_OPEN_MS);
  });
});

outage("a load that began before Redis was wiped fills nothing after it", async (cloud) => {
  const box = openRemoteBox(cloud);
  const sale = await putOnSale(box);
  const fan = newFan("a");
  const { list } = lineActs(box, fan, await box.join(fan), sale);
  const { faults, counts } = cloud.neon;
  // PostgreSQL has answered, and the answer is long on its way.
  faults.inject({ kind: "drip", everyMs: 1, times: 1 });
  counts.reset();
  const slow = list();
  await waitUntil("the statement", () => counts.commands > 0);
  await cloud.redis("FLUSHALL");
  faults.clear();
  equal((await rename(box, sale, "Day Train")).status, 200);
  equal(titleOf(await slow, sale), "Night Train", "the question came before the change");
  await box.settle();
  const { list: listAgain } = lineActs(box, fan, await box.join(fan), sale);
  equal(titleOf(await listAgain(), sale), "Day Train");
});
