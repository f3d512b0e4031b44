import assert from "node:assert/strict";
import { postgresRefunds } from "../../src/adapters/postgres/refunds.ts";
import type { ConcertId } from "../../src/domain/ids.ts";
import { must, newRefundId } from "../contract/box_office/office.ts";
import { tablesWith } from "../contract/fan_erasure/search.ts";
import { newFan } from "../support/api_box.ts";
import { type Box, openBox } from "../support/box.ts";
import { openReceiver } from "../support/receiver.ts";
import { putOnSale } from "../support/sale.ts";
import {
  balanceOf,
  buy,
  evictCaches,
  followTheSteps,
  operator,
  type RestoreTest,
} from "./restoring.ts";

const HOUR_MS = 3_600_000;
/** The cron may be sure then that it finds nothing: see `PendingWork`. */
const SETTLED_MS = 31_000;

/** The cron runs until it leaves PostgreSQL alone. */
async function fallAsleep(box: Box): Promise<void> {
  box.clock.advance(HOUR_MS);
  for (let run = 0; run < 3; run++) {
    await box.tick();
    box.clock.advance(SETTLED_MS);
  }
}

/** What the cron and operators do after the database went back. */
export function officeRestored(test: RestoreTest): void {
  test("a refund that is unfinished again is carried on after the caches are evicted", async ({ database }) => {
    // In the line of another deployment nobody waits, so that its cron may fall asleep.
    const box = openBox(database.sql);
    const fan = newFan("waits for money");
    const sale = await putOnSale(box, { price: 0 });
    await buy(box, fan, sale, sale.schedules[0]!.seatIds.slice(0, 1));
    const refunds = postgresRefunds({ sql: database.sql });
    const concertId = sale.concertId as ConcertId;
    const job = { refundId: newRefundId(), concertId, scheduleId: null, seatsBackOnSale: true };
    const act = { operator: "kim", reason: "ill" };
    must(await refunds.accept({ ...job, act }, null));
    const restore = await database.backUp();
    await fallAsleep(box);
    const finishedAt = async () => (await refunds.get(concertId, job.refundId))?.finishedAt;
    assert.ok(await finishedAt());
    await restore();
    await fallAsleep(box);
    assert.equal(await finishedAt(), null, "the cron was told that there is nothing to do");
    await evictCaches(box);
    await box.tick();
    assert.ok(await finishedAt());
  });

  test("events of the backup come again under their ids, and later ones above all that were sent", async (restoring) => {
    const { box, database } = restoring;
    const receiver = await openReceiver();
    const { body: { webhookId } } = await box.call("POST", "/v1/admin/webhooks", {
      operator,
      json: { url: receiver.url, events: ["payment.completed"] },
    });
    try {
      const fan = newFan("buys");
      const sale = await putOnSale(box, { price: 0, dates: [4] });
      const [one, two, three] = sale.schedules[0]!.seatIds as [number, number, number];
      // Not delivered yet when the backup is taken.
      receiver.answer = () => new Response(null, { status: 500 });
      await buy(box, fan, sale, [one]);
      const restore = await database.backUp();
      receiver.answer = () => new Response(null, { status: 204 });
      receiver.events.length = 0;
      await buy(box, fan, sale, [two]);
      await fallAsleep(box);
      const before = receiver.events.map(({ headers, body }) => [headers.get("webhook-id"), body]);
      assert.equal(before.length, 2);
      receiver.events.length = 0;
      await restore();
      await followTheSteps(restoring);
      await box.tick();
      const [again, ...others] = receiver.events;
      assert.deepEqual(others, []);
      assert.ok(before.some(([id]) => id === again?.headers.get("webhook-id")));
      receiver.events.length = 0;
      await buy(box, fan, sale, [three]);
      const [{ body: later }] = receiver.events as [typeof receiver.events[0]];
      const highest = Math.max(...before.map(([, body]) => body.sequence));
      assert.ok(later!.sequence > highest, "the later act has the higher sequence");
    } finally {
      await box.call("DELETE", `/v1/admin/webhooks/${webhookId}`, { operator });
      await box.settle();
      await receiver.close();
    }
  });

  test("a fan who was erased since the backup is back in it, and is erased by the same request", async ({ box, database }) => {
    const fan = newFan("erased");
    const sale = await putOnSale(box, { price: 0 });
    await buy(box, fan, sale, sale.schedules[0]!.seatIds.slice(0, 1));
    box.clock.advance(40 * 24 * HOUR_MS);
    const erase = () =>
      box.call("DELETE", `/v1/admin/fans/${encodeURIComponent(fan)}`, { operator });
    const restore = await database.backUp();
    assert.equal((await erase()).status, 200);
    assert.deepEqual(await tablesWith(database.sql, fan), []);
    await restore();
    assert.notDeepEqual(await tablesWith(database.sql, fan), []);
    assert.equal((await erase()).status, 200);
    assert.deepEqual(await tablesWith(database.sql, fan), []);
    assert.equal(await balanceOf(box, fan), 0);
  });
}
