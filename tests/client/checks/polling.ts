import { deepEqual, equal, ok } from "node:assert/strict";
import { admitted, type Checks, device, gone, json, problem, waiting } from "../support/device.ts";

/** A line in which the fan waits for ever, told to ask after ten seconds. */
const tenSeconds = () => json(200, waiting(10, { token: "t1" }));

export const pollingChecks: Checks = {
  async "a poll comes when it was told, up to a second earlier, and never later"(create) {
    for (const random of [0, 0.5, 0.999]) {
      const { client, time, server } = device(create, tenSeconds);
      await client({ random: () => random }).joinQueue();
      await time.pass(60_000);
      const at = server.sent.map(({ atMs }) => atMs);
      const gaps = at.slice(1).map((ms, index) => ms - at[index]!);
      ok(gaps.length >= 5, `${gaps}`);
      ok(gaps.every((gap) => gap <= 10_000 && gap >= 9_000), `${random}: ${gaps}`);
    }
  },

  async "the server's answer is older than its arrival"(create) {
    const { client, time, server } = device(create, async (): Promise<Response> => {
      await new Promise<void>((resolve) => time.setTimeout(resolve, 400));
      return tenSeconds();
    });
    await client({ random: () => 0 }).joinQueue();
    await time.pass(11_000);
    equal(server.sent[1]!.atMs - server.sent[0]!.atMs, 10_000);
  },

  async "after a sleep the line is asked at once, where an event says that it ended"(create) {
    const { client, time, server, wake } = device(create, tenSeconds);
    await client().joinQueue();
    await time.settle();
    time.sleep(3_600_000);
    wake("visibilitychange");
    await time.settle();
    equal(server.sent.length, 2);
  },

  async "after a sleep without an event, a quarter of the told time is waited at most"(create) {
    const { client, time, server } = device(create, tenSeconds);
    await client().joinQueue();
    await time.settle();
    time.sleep(3_600_000);
    await time.pass(2_500);
    equal(server.sent.length, 2);
  },

  async "an event that the device wakes asks nothing before the told time"(create) {
    const { client, time, server, wake } = device(create, tenSeconds);
    await client().joinQueue();
    await time.pass(5_000);
    for (const type of ["focus", "online", "pageshow", "visibilitychange"]) wake(type);
    await time.settle();
    equal(server.sent.length, 1);
  },

  async "a clock that is set back delays no poll"(create) {
    const { client, time, server } = device(create, tenSeconds);
    await client().joinQueue();
    await time.settle();
    time.setClock(-3_600_000);
    await time.pass(10_000);
    equal(server.sent.length, 2);
  },

  async "without a network, attempts grow rarer, to one in thirty seconds"(create) {
    const { client, time, server } = device(create, tenSeconds);
    const place = await client({ random: () => 0.999 }).joinQueue();
    await time.settle();
    server.answer = () => Promise.reject(new TypeError("no network"));
    await time.pass(180_000);
    const at = server.sent.slice(1).map(({ atMs }) => atMs);
    const gaps = at.slice(1).map((ms, index) => Math.round((ms - at[index]!) / 1000));
    deepEqual(gaps.slice(0, 7), [1, 2, 4, 8, 16, 30, 30]);
    equal(place.current.phase, "waiting");
    deepEqual(place.current.failure, { status: null, problem: null });
    server.answer = tenSeconds;
    await time.pass(30_000);
    equal(place.current.failure, null);
  },

  async "a network that comes back is used within a second"(create) {
    const { client, time, server, wake } = device(create, tenSeconds);
    await client().joinQueue();
    await time.settle();
    server.answer = () => Promise.reject(new TypeError("no network"));
    await time.pass(60_000);
    const before = server.sent.length;
    server.answer = tenSeconds;
    wake("online");
    await time.pass(1_000);
    equal(server.sent.length, before + 1);
  },

  async "`Retry-After` is honoured, whatever the status, and also when the network comes back"(
    create,
  ) {
    for (
      const [status, code] of [[429, "RATE_LIMITED"], [503, "DEPENDENCY_UNAVAILABLE"]] as const
    ) {
      const { client, time, server, wake } = device(
        create,
        () => problem(status, code, { "Retry-After": "20" }),
      );
      const place = await client().joinQueue();
      await time.pass(19_000);
      wake("online");
      await time.settle();
      equal(server.sent.length, 1, "not before");
      equal(place.current.failure?.problem?.code, code);
      server.answer = tenSeconds;
      await time.pass(3_000);
      equal(server.sent.length, 2);
      equal(place.current.phase, "waiting");
    }
  },

  async "a call that hangs is given up after ten seconds, and made again"(create) {
    const { client, time, server } = device(create, () => new Promise<Response>(() => {}));
    const place = await client().joinQueue();
    await time.pass(10_000);
    deepEqual(place.current.failure, { status: null, problem: null });
    server.answer = tenSeconds;
    await time.pass(1_000);
    equal(place.current.phase, "waiting");
  },

  async "a page that is no answer of the API is no answer"(create) {
    const { client, time, server } = device(
      create,
      () => new Response("<html>", { status: 403, headers: { "Content-Type": "text/html" } }),
    );
    const place = await client().joinQueue();
    await time.settle();
    deepEqual([place.current.phase, place.current.failure?.status], ["joining", 403]);
    server.answer = () => new Response("<html>", { headers: { "Content-Type": "text/html" } });
    await time.pass(2_000);
    equal(place.current.phase, "joining");
    server.answer = tenSeconds;
    await time.pass(10_000);
    equal(place.current.phase, "waiting");
  },

  async "an admission ends by the clock of the server, however wrong that of the device is"(
    create,
  ) {
    for (const wrongMs of [-3_600_000, 3_600_000]) {
      const { client, time, server } = device(create, tenSeconds);
      const endsMs = time.now() + 900_000;
      server.answer = ({ atMs }) =>
        json(
          200,
          atMs - wrongMs < endsMs ? admitted(endsMs, { token: "t1" }) : gone(),
          { Date: new Date(atMs - wrongMs).toUTCString() },
        );
      time.setClock(wrongMs);
      const place = await client().joinQueue();
      await time.pass(899_000);
      deepEqual([place.current.phase, server.sent.length], ["admitted", 1]);
      await time.pass(1_000);
      deepEqual([place.current.phase, server.sent.length], ["gone", 2]);
    }
  },

  async "no timer is longer than a runtime can count"(create) {
    const { client, time, server } = device(create, tenSeconds);
    const lengths: number[] = [];
    const clock = {
      ...time,
      setTimeout(run: () => void, ms: number) {
        lengths.push(ms);
        return time.setTimeout(run, ms);
      },
    };
    const days = 86_400_000;
    server.answer = ({ atMs }) => json(200, admitted(atMs + 200 * days, { token: "t1" }));
    await client({ clock }).joinQueue();
    await time.pass(199 * days);
    equal(server.sent.length, 1);
    await time.pass(days);
    equal(server.sent.length, 2);
    ok(Math.max(...lengths) < 2 ** 31, `${lengths}`);
  },

  async "an admission is asked for again at its end"(create) {
    const { client, time, server } = device(create, tenSeconds);
    const endsMs = time.now() + 900_000;
    server.answer = ({ atMs }) =>
      json(
        200,
        atMs < endsMs
          ? admitted(endsMs, { token: "t1" })
          : gone({ endedBecause: "ADMISSION_LAPSED" }),
      );
    const place = await client().joinQueue();
    equal((await place.admitted()).state, "ADMITTED");
    await time.pass(899_000);
    equal(server.sent.length, 1);
    await time.pass(1_000);
    deepEqual([place.current.phase, place.current.line], [
      "gone",
      gone({ endedBecause: "ADMISSION_LAPSED" }),
    ]);
    await time.pass(3_600_000);
    equal(server.sent.length, 2);
  },
};
