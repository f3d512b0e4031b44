import { deepEqual, equal, ok } from "node:assert/strict";
import { RETRY_DELAYS_MS } from "../../src/domain/webhook.ts";
import type { Sent } from "../../src/ports/webhook_sender.ts";
import { rowsOf } from "../contract/webhooks/receiver.ts";
import { hangingLaws } from "./delivery_hanging_laws.ts";
import { type Law, scene, sellOut, type Stage, status, until } from "./delivery_scene.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What deliveries owe to receivers and to the database. */
export function deliveryLaws(law: Law, stage: Stage): void {
  hangingLaws(law, stage);
  retryLaws(law, stage);
  leaseLaws(law, stage);
  markLaws(law, stage);
}

/** What becomes of an event that was not taken. */
function retryLaws(law: Law, stage: Stage): void {
  const { office } = stage;
  law(
    "events of a failing receiver are tried again at growing intervals for a day, then given up",
    async () => {
      const { tick, sent, reports } = await scene(stage, { bad: () => status(500) });
      await sellOut(office, 1);
      const startMs = office.clock.nowMs;
      while (office.clock.nowMs <= startMs + 2 * DAY_MS) {
        await tick();
        office.clock.nowMs += MINUTE_MS;
      }
      equal(sent.length, RETRY_DELAYS_MS.length + 1);
      const times = sent.map(({ atMs }) => atMs - startMs);
      const intervals = times.slice(1).map((atMs, index) => atMs - times[index]!);
      ok(intervals.every((interval, index) => index === 0 || interval > intervals[index - 1]!));
      ok(times.at(-1)! > 20 * HOUR_MS && times.at(-1)! <= DAY_MS, `${times.at(-1)}`);
      deepEqual(reports.map(({ what }) => what), ["delivery_given_up"]);
      equal(await rowsOf(office.sql, "deliveries"), 0);
      const ids = new Set(sent.map(({ headers }) => headers["webhook-id"]));
      equal(ids.size, 1);
    },
  );

  law("an event that its receiver refuses keeps none of the later ones", async () => {
    const { tick, heard } = await scene(stage, {
      picky: () => status(heard("picky").at(-1) === 1 ? 500 : 200),
    });
    await sellOut(office, 1, 2, 3);
    await tick();
    deepEqual(heard("picky"), [1, 2, 3]);
    equal(await rowsOf(office.sql, "deliveries"), 1);
  });

  for (const code of [301, 302, 307, 308, 400, 404, 429, 503]) {
    law(`${code} is a failure, and the event is sent again`, async () => {
      let answer = code;
      const { tick, sent } = await scene(stage, { one: () => status(answer) });
      await sellOut(office, 1);
      await tick();
      answer = 202;
      office.clock.nowMs += MINUTE_MS;
      await tick();
      office.clock.nowMs += DAY_MS;
      await tick();
      equal(sent.length, 2);
    });
  }

  law("410 disables a webhook: it hears of nothing more", async () => {
    const { tick, heard } = await scene(stage, {
      gone: () => status(410),
      good: () => status(200),
    });
    await sellOut(office, 1, 2);
    await tick();
    await sellOut(office, 3);
    await tick(true);
    deepEqual([heard("gone"), heard("good")], [[1], [1, 2, 3]]);
    const webhooks = await office.webhooks.list();
    equal(typeof webhooks.find(({ url }) => url === "gone")!.disabledAt, "string");
  });
}

/** Who sends what, and how much of it. */
function leaseLaws(law: Law, stage: Stage): void {
  const { office } = stage;
  law("a run that was cut off has its events sent again after the lease", async () => {
    let cut = true;
    const { tick, heard, delivery } = await scene(stage, {
      one: () => cut ? new Promise<Sent>(() => {}) : status(200),
    });
    await sellOut(office, 1);
    void tick();
    await until(() => heard("one").length === 1);
    cut = false;
    await delivery.wake();
    office.clock.nowMs += MINUTE_MS;
    await tick();
    deepEqual(heard("one"), [1]);
    office.clock.nowMs += MINUTE_MS;
    await tick();
    deepEqual(heard("one"), [1, 1]);
  });

  law("two runs at once send each event once", async () => {
    const { tick, heard } = await scene(stage, { one: () => status(200) });
    await sellOut(office, 20);
    await tick(true);
    await sellOut(office, ...Array.from({ length: 20 }, (_, index) => index));
    await Promise.all([tick(true, 20), tick(true, 20), tick(true, 20)]);
    deepEqual(heard("one").sort((a, b) => a - b), Array.from({ length: 21 }, (_, index) => index));
  });

  law("a run sends no more than it may, in the order of the events of a receiver", async () => {
    const { tick, heard } = await scene(stage, { one: () => status(200) });
    await sellOut(office, ...Array.from({ length: 30 }, (_, index) => index));
    await tick(true, 15);
    deepEqual(heard("one"), Array.from({ length: 10 }, (_, index) => index));
  });
}

/** When PostgreSQL is asked. */
function markLaws(law: Law, stage: Stage): void {
  const { office } = stage;
  law("PostgreSQL is not asked while nothing is due, and asked when something is", async () => {
    let answer = 200;
    const { tick, asked, delivery, sent } = await scene(stage, { one: () => status(answer) });
    const asksIn = async (minutes: number) => {
      const before = asked();
      for (let minute = 0; minute < minutes; minute++) {
        await tick();
        office.clock.nowMs += MINUTE_MS;
      }
      return asked() - before;
    };
    equal(await asksIn(350), 1, "then it sleeps");
    equal(await asksIn(360), 1, "but for one look in six hours");

    // Of the two runs of the last minute, one was before this event.
    answer = 500;
    await sellOut(office, 1);
    await delivery.deliverSoon();
    equal(sent.length, 1);
    equal(await asksIn(20), 4, "a look, and the attempts after ½, 2 and 10 minutes");
    equal(sent.length, 4);
  });

  // Below 24 hours, so that no event is given up when the calls that remove the mark were lost.
  law("without a webhook the cron asks PostgreSQL once in twelve hours", async () => {
    const { tick, asked } = await scene(stage, {});
    for (let hour = 0; hour < 24; hour++) {
      await tick();
      office.clock.nowMs += HOUR_MS;
    }
    equal(asked(), 2);
  });

  law("events written while the cron sets its mark are not overlooked", async () => {
    const { tick, delivery, asked } = await scene(stage, {
      one: async () => {
        await delivery.wake();
        return status(200);
      },
    });
    await sellOut(office, 1);
    await tick();
    await tick();
    equal(asked(), 2);
  });

  law("without the cache the outbox is asked", async () => {
    const { clock, outbox } = office;
    const away = () => Promise.reject(new Error("away"));
    const reports: string[] = [];
    let asked = 0;
    const delivery = stage.create({
      outbox: { ...outbox, claim: (options) => (asked++, outbox.claim(options)) },
      send: () => Promise.resolve(status(200)),
      cache: { read: away, lease: away, fill: away, release: away, evict: away, put: away },
      clock: () => clock.nowMs,
      random: () => 0,
      newId: () => "a",
      report: ({ what }) => reports.push(what),
    });
    await delivery.deliverDue({ saleIsOn: false, maxRequests: 49 });
    deepEqual([asked, reports], [1, ["cache_failed"]]);
  });
}
