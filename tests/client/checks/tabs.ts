import { deepEqual, equal, ok } from "node:assert/strict";
import {
  admitted,
  type Checks,
  type Create,
  device,
  fakeChannels,
  fakeLocks,
  gone,
  json,
  problem,
  waiting,
} from "../support/device.ts";

/** A browser with tabs of one origin. */
function browser(create: Create) {
  const parts = device(create, () => json(200, waiting(10, { token: "t1" })));
  const shared = { locks: fakeLocks(), channel: fakeChannels(), random: () => 0 };
  return { ...parts, tab: () => parts.client(shared) };
}

export const tabChecks: Checks = {
  async "a tab that follows does not give a place again that its payment ended"(create) {
    const { tab, time, server } = browser(create);
    let endsMs = Infinity;
    server.answer = ({ method, path, atMs }) => {
      if (path === "/v1/payments") {
        endsMs = atMs + 250;
        return json(201, { payments: [] });
      }
      if (method === "POST" || atMs < endsMs) {
        return json(200, admitted(time.now() + 900_000, { token: "t1" }));
      }
      return json(200, gone({ endedBecause: "PAID" }));
    };
    const first = await tab().joinQueue();
    await time.settle();
    const fan = tab();
    const second = await fan.joinQueue();
    await second.admitted();
    await fan.pay({ reservationIds: ["r1"] });
    const joined = fan.joinQueue();
    await time.pass(1_000);
    deepEqual([first.current.phase, second.current.phase], ["gone", "gone"]);
    ok(await joined !== second);
  },

  async "of several tabs one polls, and all tell the same"(create) {
    const { tab, time, server } = browser(create);
    const places = [await tab().joinQueue(), await tab().joinQueue(), await tab().joinQueue()];
    await time.pass(60_500);
    equal(server.sent.length, 7);
    for (const { current, token } of places) {
      deepEqual([current, token], [places[0]!.current, "t1"]);
    }
    server.answer = () => json(200, admitted(time.now() + 60_000));
    await time.pass(10_000);
    deepEqual(places.map(({ current }) => current.phase), ["admitted", "admitted", "admitted"]);
  },

  async "a tab that is opened later shows the place at once, and asks nothing"(create) {
    const { tab, time, server, storage } = browser(create);
    const first = await tab().joinQueue();
    await time.pass(3_000);
    storage.values.clear();
    const late = await tab().joinQueue();
    await time.pass(1_000);
    deepEqual([late.current, late.token], [first.current, "t1"]);
    equal(server.sent.length, 1);
  },

  async "when the polling tab is closed, another polls on, at the told time"(create) {
    const { tab, time, server } = browser(create);
    const first = await tab().joinQueue();
    const second = await tab().joinQueue();
    await time.pass(5_000);
    first.stop();
    await time.pass(4_900);
    equal(server.sent.length, 1, "not before");
    await time.pass(100);
    equal(server.sent.length, 2);
    await time.pass(10_000);
    deepEqual([server.sent.length, second.current.phase], [3, "waiting"]);
  },

  async "a polling tab that is frozen is replaced by another"(create) {
    const { client, time, server } = device(create, () => json(200, waiting(10, { token: "t1" })));
    const shared = { locks: fakeLocks(), channel: fakeChannels(), random: () => 0 };
    let frozen = false;
    const clock = {
      ...time,
      setTimeout: (run: () => void, ms: number) => time.setTimeout(() => frozen || run(), ms),
    };
    await client({ ...shared, clock }).joinQueue();
    const second = await client(shared).joinQueue();
    await time.pass(5_000);
    frozen = true;
    await time.pass(17_000);
    equal(server.sent.length, 2, "twelve seconds after the told time");
    await time.pass(20_500);
    deepEqual([server.sent.length, second.current.phase], [4, "waiting"]);
    // When it thaws, it follows.
    frozen = false;
    await time.pass(20_000);
    equal(server.sent.length, 6);
  },

  async "a tab that pays while the polling one is frozen asks itself"(create) {
    const { client, time, server } = device(
      create,
      ({ path }) =>
        path === "/v1/payments"
          ? json(201, { payments: [] })
          : json(200, admitted(time.now() + 900_000, { token: "t1" })),
    );
    const shared = { locks: fakeLocks(), channel: fakeChannels(), random: () => 0 };
    let frozen = false;
    const channel = (name: string) => {
      const port = shared.channel(name);
      return {
        ...port,
        get onmessage() {
          return port.onmessage;
        },
        set onmessage(run) {
          port.onmessage = (event) => frozen || run!(event);
        },
      };
    };
    await client({ ...shared, channel }).joinQueue();
    const fan = client(shared);
    const second = await fan.joinQueue();
    await second.admitted();
    frozen = true;
    await fan.pay({ reservationIds: ["r1"] });
    server.answer = () => json(200, gone({ endedBecause: "PAID" }));
    const joined = fan.joinQueue();
    await time.pass(15_000);
    equal(second.current.phase, "gone");
    ok(await joined !== second);
  },

  async "a polling tab in an outage is not replaced"(create) {
    const { tab, time, server } = browser(create);
    const first = await tab().joinQueue();
    const second = await tab().joinQueue();
    await time.settle();
    server.answer = () => problem(503, "DEPENDENCY_UNAVAILABLE", { "Retry-After": "100" });
    await time.pass(100_000);
    equal(server.sent.length, 2);
    deepEqual(second.current, first.current);
  },

  async "whoever leaves in one tab has left in all"(create) {
    const { tab, time, server } = browser(create);
    const first = await tab().joinQueue();
    const second = await tab().joinQueue();
    await time.settle();
    server.answer = () => json(200, gone({ endedBecause: "LEFT" }));
    await second.leave();
    await time.settle();
    deepEqual([first.current.phase, first.token], ["gone", null]);
    await time.pass(60_000);
    equal(server.sent.length, 2);
  },

  async "a tab that learns of the end of the admission makes the polling tab ask"(create) {
    const { tab, time, server } = browser(create);
    server.answer = () => json(200, admitted(time.now() + 600_000, { token: "t1" }));
    const first = await tab().joinQueue();
    const other = tab();
    await other.joinQueue();
    await time.settle();
    server.answer = ({ path }) =>
      path === "/v1/concerts" ? problem(403, "NOT_ADMITTED") : json(200, gone());
    await other.GET("/v1/concerts");
    await time.settle();
    equal(first.current.phase, "gone");
  },

  async "without locks or channels each tab polls by itself"(create) {
    for (const missing of [{ locks: null }, { channel: null }]) {
      const { client, time, server } = device(
        create,
        () => json(200, waiting(10, { token: "t1" })),
      );
      const shared = { locks: fakeLocks(), channel: fakeChannels(), ...missing };
      await client(shared).joinQueue();
      await client(shared).joinQueue();
      await time.pass(10_500);
      ok(server.sent.length >= 3, `${server.sent.length}`);
    }
  },
};
