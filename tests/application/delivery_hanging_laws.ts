import { deepEqual, equal } from "node:assert/strict";
import { MAX_IN_FLIGHT_PER_RECEIVER } from "../../src/application/delivery_turns.ts";
import { PARALLEL_RECEIVERS } from "../../src/application/webhook_delivery.ts";
import { SILENT_REST_MS } from "../../src/domain/webhook.ts";
import type { Sent } from "../../src/ports/webhook_sender.ts";
import { type Law, scene, sellOut, silent, type Stage, status, until } from "./delivery_scene.ts";

const MINUTE_MS = 60_000;

/** What a receiver that hangs takes from others. */
export function hangingLaws(law: Law, stage: Stage): void {
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
    const areAllHeard = () => names.every((name) => heard(name).length > 0);
    await until(() => heard("good").length === 19 && areAllHeard());
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
    let bad: () => Sent | Promise<Sent> = () => silent;
    const names = Array.from({ length: PARALLEL_RECEIVERS + 3 }, (_, index) => `bad${index}`);
    const receivers = Object.fromEntries(names.map((name) => [name, () => bad()]));
    const { delivery, tick, heard } = await scene(stage, { ...receivers, good: () => status(200) });
    await sellOut(office, 1, 2, 3);
    await tick();
    deepEqual([heard("bad0"), heard("good")], [[1], [1, 2, 3]]);
    office.clock.nowMs += SILENT_REST_MS - 1;
    await sellOut(office, 4);
    await delivery.deliverSoon();
    deepEqual([heard("bad0"), heard("good")], [[1], [1, 2, 3, 4]]);
    office.clock.nowMs += 1;
    await sellOut(office, 5);
    // Older events of the others are due, and they hang: a receiver behind five of them is not asked.
    const hanging = Promise.withResolvers<Sent>();
    bad = () => hanging.promise;
    const run = delivery.deliverSoon();
    try {
      await until(() => heard("good").length === 5);
    } finally {
      hanging.resolve(silent);
      await run;
    }
    deepEqual(heard("good"), [1, 2, 3, 4, 5]);
    await tick(true);
    deepEqual(names.map((name) => heard(name).length), names.map(() => 2));
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
