import { deepEqual, equal, ok } from "node:assert/strict";
import { RETRY_DELAYS_MS, SILENT_REST_MS } from "../../src/domain/webhook.ts";
import { MAX_IN_FLIGHT_PER_RECEIVER } from "../../src/application/delivery_turns.ts";
import type { Sent } from "../../src/ports/webhook_sender.ts";
import { rowsOf } from "../contract/webhooks/receiver.ts";
import { scene, sellOut, silent, type Stage, status, until } from "./delivery_scene.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Registers or collects a law. */
type Law = (name: string, run: () => Promise<void>) => void;

/** What deliveries owe to receivers and to the database. */
export function deliveryLaws(law: Law, stage: Stage): void {
  hangingLaws(law, stage);
  retryLaws(law, stage);
  leaseLaws(law, stage);
  markLaws(law, stage);
}

/** What a receiver that hangs takes from others. */
function hangingLaws(law: Law, stage: Stage): void {
  const { office } = stage;
  law("a receiver that hangs keeps neither another receiver nor its own later events", async () => {
    const hanging = Promise.withResolvers<Sent>();
    const { tick, heard } = await scene(stage, {
      bad: () => hanging.promise,
      good: () => status(200),
    });
    await sellOut(office, 1, 2, 3);
    const first = tick();
    // The other receiver has everything before the deadline of the one that hangs.
    await until(() => heard("good").length === 3 && heard("bad").length > 0);
    await sellOut(office, 4);
    await tick(true);
    deepEqual([heard("bad"), heard("good")], [[1], [1, 2, 3, 4]]);
    hanging.resolve(status(200));
    await first;
    await tick(true);
    deepEqual(heard("bad"), [1, 2, 3, 4]);
  });

  law("hanging receivers have one delivery in flight each, whatever follows answers", async () => {
    const hanging = Promise.withResolvers<Sent>();
    const names = ["bad1", "bad2", "bad3", "bad4", "bad5"];
    const bad = Object.fromEntries(names.map((name) => [name, () => hanging.promise]));
    const { delivery, heard } = await scene(stage, { ...bad, good: () => status(200) });
    const runs: Promise<void>[] = [];
    for (let concertId = 0; concertId < 20; concertId++) {
      await sellOut(office, concertId);
      runs.push(delivery.deliverSoon());
    }
    // All but what the run has that waits for the five: one deadline, once.
    await until(() => heard("good").length === 19);
    deepEqual(names.map((name) => heard(name).length), [1, 1, 1, 1, 1]);
    hanging.resolve(silent);
    await Promise.all(runs);
    equal(heard("good").length, 20);
  });

  law("receivers that have taken an event lately come before others in a run", async () => {
    const hanging = Promise.withResolvers<Sent>();
    let bad: () => Sent | Promise<Sent> = () => status(500);
    const names = ["bad1", "bad2", "bad3", "bad4", "bad5"];
    const receivers = Object.fromEntries(names.map((name) => [name, () => bad()]));
    const { delivery, heard } = await scene(stage, { ...receivers, good: () => status(200) });
    await sellOut(office, 1);
    await delivery.deliverSoon();
    bad = () => hanging.promise;
    await sellOut(office, 2);
    const run = delivery.deliverSoon();
    await until(() => names.every((name) => heard(name).length === 2));
    deepEqual(heard("good"), [1, 2]);
    hanging.resolve(silent);
    await run;
  });

  law("a receiver that did not answer rests, and keeps none by what waits for it", async () => {
    const bad = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [`bad${index}`, () => silent]),
    );
    const { delivery, tick, heard, sent } = await scene(stage, { ...bad, good: () => status(200) });
    await sellOut(office, 1, 2, 3);
    await tick();
    deepEqual([heard("bad0"), heard("good")], [[1], [1, 2, 3]]);
    office.clock.nowMs += SILENT_REST_MS - 1;
    await sellOut(office, 4);
    await delivery.deliverSoon();
    deepEqual([heard("bad0"), heard("good")], [[1], [1, 2, 3, 4]]);
    office.clock.nowMs += 1;
    await sellOut(office, 5);
    const before = sent.length;
    await delivery.deliverSoon();
    equal(sent[before]?.url, "good", "though older events of eight others are due");
    deepEqual(heard("good"), [1, 2, 3, 4, 5]);
    await tick(true);
    deepEqual(Object.keys(bad).map((name) => heard(name).length), Array(8).fill(2));
  });

  law(
    "a receiver that answers is served by several runs at once, but not by any number",
    async () => {
      let answers = Promise.withResolvers<Sent>();
      answers.resolve(status(200));
      const { delivery, heard } = await scene(stage, { slow: () => answers.promise });
      await sellOut(office, 0);
      await delivery.deliverSoon();
      answers = Promise.withResolvers<Sent>();
      const runs: Promise<void>[] = [];
      for (let concertId = 1; concertId <= 10; concertId++) {
        await sellOut(office, concertId);
        runs.push(delivery.deliverSoon());
        await until(() =>
          heard("slow").length === 1 + Math.min(concertId, MAX_IN_FLIGHT_PER_RECEIVER)
        );
      }
      await Promise.all(runs.slice(MAX_IN_FLIGHT_PER_RECEIVER));
      equal(heard("slow").length, 1 + MAX_IN_FLIGHT_PER_RECEIVER);
      answers.resolve(status(200));
      await Promise.all(runs);
      equal(heard("slow").length, 11);
    },
  );

  law(
    "a receiver that hangs takes one deadline of a run, and its other events lose no attempt",
    async () => {
      const { tick, heard, sent } = await scene(stage, { bad: () => silent });
      await sellOut(office, 1, 2, 3);
      await tick();
      deepEqual(heard("bad"), [1]);
      office.clock.nowMs += MINUTE_MS;
      await tick();
      deepEqual(heard("bad"), [1, 2], "events that it has not seen come first");
      const rows = await office.sql("select attempts from deliveries order by sequence", []);
      deepEqual(rows.map(({ attempts }) => attempts), [1, 1, 0]);
      equal(sent.length, 2);
    },
  );

  law(
    "hanging receivers as many as there may be keep no other for longer than their deadlines",
    async () => {
      const bad = Object.fromEntries(
        Array.from({ length: 19 }, (_, index) => [`bad${index}`, () => silent]),
      );
      const { tick, heard } = await scene(stage, { ...bad, good: () => status(200) });
      await sellOut(office, 1);
      await tick();
      deepEqual(heard("good"), [1]);
    },
  );
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

  law("without a webhook the cron asks PostgreSQL once a week", async () => {
    const { tick, asked } = await scene(stage, {});
    for (let hour = 0; hour < 7 * 24; hour++) {
      await tick();
      office.clock.nowMs += HOUR_MS;
    }
    equal(asked(), 1);
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
