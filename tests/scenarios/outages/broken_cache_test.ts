import { equal, ok } from "node:assert/strict";
import { newFan } from "../../support/api_box.ts";
import { putOnSale } from "../../support/sale.ts";
import { type FrailCloud } from "./cloud.ts";
import { openRemoteBox } from "../../support/remote_box.ts";
import { lineActs, outages, rename, titleOf } from "./scenes.ts";

/** More at once than failures open the breaker. */
const AT_ONCE = 12;

const outage = outages();

/** Puts a list where the cache keeps its values. */
async function breakCache(cloud: FrailCloud, prefix: string): Promise<void> {
  const found = await cloud.redis("KEYS", `${prefix}:cache:concerts:*`) as string[];
  for (const key of found) {
    await cloud.redis("DEL", key);
    await cloud.redis("RPUSH", key, "no value");
  }
  equal(found.length, 1);
}

outage(
  "a cache key of the wrong type is a miss, and no outage of the queue",
  async (cloud) => {
    const box = openRemoteBox(cloud);
    const sale = await putOnSale(box);
    const fan = newFan("a");
    const { list, poll, schedules } = lineActs(box, fan, await box.join(fan), sale);
    equal(titleOf(await list(), sale), "Night Train");
    await box.settle();
    await breakCache(cloud, box.prefix);

    cloud.neon.counts.reset();
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, list));
    for (const answer of answers) {
      equal(answer.status, 200, answer.text);
      equal(titleOf(answer, sale), "Night Train");
    }
    ok(cloud.neon.counts.requests > 0, "served from the database");
    ok(box.reports.some(({ what }) => what === "cache_failed"), "reported");
    ok(box.reports.every(({ what }) => what === "cache_failed"));
    equal((await poll()).status, 200);
    equal((await schedules()).status, 200);

    // The operator's next change throws the broken key away.
    equal((await rename(box, sale, "Day Train")).status, 200);
    equal(titleOf(await list(), sale), "Day Train");
    await box.settle();
    cloud.neon.counts.reset();
    equal(titleOf(await list(), sale), "Day Train");
    equal(cloud.neon.counts.requests, 0, "the cache is filled again");
  },
);
