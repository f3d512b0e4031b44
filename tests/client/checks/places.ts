import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import {
  admitted,
  type Checks,
  device,
  gone,
  json,
  problem,
  readableToken,
  waiting,
} from "../support/device.ts";
import { calls, JOIN, PLACE_ENDED, POLL } from "../support/sent.ts";

export const placeChecks: Checks = {
  async "a place tells waiting, admitted and gone, and its iteration ends"(create) {
    const { client, time, server } = device(create, () => json(201, waiting(2, { token: "t1" })));
    const place = await client().joinQueue("club");
    const phases: string[] = [];
    const seen: string[] = [];
    place.subscribe(({ phase }) => phases.push(phase));
    const iteration = (async () => {
      for await (const { phase } of place) seen.push(phase);
    })();
    await time.settle();
    deepEqual(JSON.parse(server.sent[0]!.body), { room: "club" });
    server.answer = () => json(200, admitted(time.now() + 60_000));
    await time.pass(2_000);
    server.answer = () => json(200, gone({ endedBecause: "REMOVED" }));
    await time.pass(60_000);
    deepEqual(phases, ["joining", "waiting", "admitted", "gone"]);
    await iteration;
    deepEqual(seen, phases);
    equal(place.token, null);
  },

  async "a newer token of an answer is used from then on, and polls need no access token"(create) {
    const { client, time, server } = device(create, () => json(201, waiting(2, { token: "t1" })));
    const place = await client().joinQueue();
    await time.settle();
    server.answer = () => json(200, waiting(2, { token: "t2" }));
    await time.pass(2_000);
    server.answer = () => json(200, waiting(2));
    await time.pass(2_000);
    deepEqual(calls(server.sent), [[JOIN, null, true], [POLL, "t1", false], [POLL, "t2", false]]);
    equal(place.token, "t2");
  },

  async "after a reset the fan rejoins at once with the old token"(create) {
    const { client, time, server } = device(create, () => json(201, waiting(10, { token: "t1" })));
    const place = await client().joinQueue();
    await time.settle();
    server.answer = ({ method }) =>
      method === "POST"
        ? json(201, waiting(10, { token: "t2" }))
        : json(200, gone({ reason: "LINE_RESET" }));
    await time.pass(10_000);
    deepEqual(calls(server.sent).slice(1), [[POLL, "t1", false], [JOIN, "t1", true]]);
    deepEqual([place.current.phase, place.token], ["waiting", "t2"]);
    server.answer = () => json(200, waiting(10));
    await time.pass(10_000);
    deepEqual(calls(server.sent).at(-1), [POLL, "t2", false]);
  },

  async "a rejoin that fails is tried again with the old token"(create) {
    const { client, time, server } = device(
      create,
      () => json(201, admitted(time.now() + 60_000, { token: "t1" })),
    );
    const place = await client().joinQueue();
    await time.settle();
    server.answer = ({ method }) =>
      method === "POST"
        ? problem(503, "DEPENDENCY_UNAVAILABLE", { "Retry-After": "5" })
        : json(200, gone({ reason: "LINE_RESET" }));
    await time.pass(60_000);
    deepEqual([place.current.phase, place.current.failure?.status], ["joining", 503]);
    server.answer = () => json(201, waiting(10, { token: "t2" }));
    await time.pass(40_000);
    ok(calls(server.sent).some(([call, token]) => call === JOIN && token === "t1"));
    equal(place.token, "t2");
  },

  async "a line that is reset at each join is asked three times, and later again"(create) {
    const { client, time, server } = device(
      create,
      ({ method }) =>
        method === "POST"
          ? json(200, gone({ reason: "LINE_RESET", token: "t1" }))
          : json(200, gone({ reason: "LINE_RESET" })),
    );
    await client().joinQueue();
    await time.settle();
    equal(server.sent.length, 3);
  },

  async "a token that the server does not know is given up, and the place joined anew"(create) {
    const { client, time, server, storage } = device(
      create,
      () => json(201, waiting(10, { token: "t1" })),
    );
    const first = await client().joinQueue();
    await time.settle();
    first.stop();
    server.answer = ({ method }) =>
      method === "POST"
        ? json(201, waiting(10, { token: "t2" }))
        : problem(401, "QUEUE_TOKEN_INVALID");
    const second = await client().joinQueue();
    await time.pass(10_000);
    deepEqual(calls(server.sent).slice(1), [[POLL, "t1", false], [JOIN, null, true]]);
    equal(second.token, "t2");
    ok([...storage.values.values()].every((kept) => !kept.includes("t1")));
  },

  async "a refused join ends the place with its problem"(create) {
    const { client, time } = device(create, () => problem(409, "LINE_CLOSED"));
    const place = await client().joinQueue();
    const admission = rejects(place.admitted(), PLACE_ENDED);
    await time.settle();
    const { current } = place;
    ok(current.phase === "refused" && current.problem.code === "LINE_CLOSED");
    await admission;
  },

  async "a reload shows the place at once, and asks when it was told"(create) {
    const { client, time, server } = device(create, () => json(201, waiting(10, { token: "t1" })));
    const before = await client({ random: () => 0 }).joinQueue();
    await time.pass(4_000);
    before.stop();
    const after = await client({ random: () => 0 }).joinQueue();
    deepEqual([after.current, after.token], [before.current, "t1"]);
    await time.pass(5_900);
    equal(server.sent.length, 1, "not before");
    await time.pass(100);
    deepEqual(calls(server.sent)[1], [POLL, "t1", false]);
  },

  async "a reload asks at once about an admission"(create) {
    const { client, time, server } = device(
      create,
      () => json(200, admitted(time.now() + 60_000, { token: "t1" })),
    );
    const before = await client().joinQueue();
    await time.settle();
    before.stop();
    const after = await client().joinQueue();
    equal(after.current.phase, "admitted");
    await time.settle();
    equal(server.sent.length, 2);
  },

  async "each fan and each room has a place of its own on one device"(create) {
    const { client, time, server } = device(create, () => json(201, waiting(10, { token: "t1" })));
    await client().joinQueue();
    await time.settle();
    await client({ accessToken: readableToken("bob") }).joinQueue();
    await client().joinQueue("club");
    await time.settle();
    deepEqual(calls(server.sent).map(([call, token]) => [call, token]), [
      [JOIN, null],
      [JOIN, null],
      [JOIN, null],
    ]);
  },

  async "a place stops when the access token becomes that of another fan"(create) {
    const joined = () => json(201, waiting(10, { token: "t1" }));
    const reset = () => json(200, gone({ reason: "LINE_RESET" }));
    /** When the fan changes: before a poll, before the answer to it, before that to a join. */
    const moments: Record<string, [name: string, sent: string[], kept: boolean]> = {
      BEFORE: ["ann", [JOIN, POLL], true],
      [POLL]: ["ann", [JOIN, POLL], true],
      [JOIN]: ["ann", [JOIN], false],
    };
    for (const [moment, [first, sent, kept]] of Object.entries(moments)) {
      let name = first;
      const { client, time, server, storage } = device(create, ({ method, path }) => {
        if (`${method} ${path}` === moment) name = "bob";
        return method === "POST" || moment === "BEFORE" ? joined() : reset();
      });
      const place = await client({
        getAccessToken: () => readableToken(name),
        accessToken: undefined!,
      })
        .joinQueue();
      const ended = rejects(place.admitted(), PLACE_ENDED);
      await time.settle();
      if (moment === "BEFORE") name = "bob";
      await time.pass(60_000);
      await ended;
      const { current, token } = place;
      deepEqual([current.phase, token], ["stopped", null], moment);
      deepEqual(calls(server.sent).map(([call]) => call), sent, moment);
      const stored = [...storage.values];
      equal(stored.length, kept ? 1 : 0, moment);
      ok(stored.every(([key, value]) => key.includes("ann") && value.includes("t1")));
    }
  },

  async "a place goes on while there is no access token"(create) {
    const { client, time } = device(create, () => json(201, waiting(10, { token: "t1" })));
    let token: string | null = readableToken("ann");
    const place = await client({ getAccessToken: () => token, accessToken: undefined! })
      .joinQueue();
    await time.settle();
    token = null;
    await time.pass(60_000);
    equal(place.current.phase, "waiting");
  },

  async "one client has one place a room"(create) {
    const { client, time, server } = device(create, () => json(201, waiting(10, { token: "t1" })));
    const one = client();
    const [first, second] = await Promise.all([one.joinQueue(), one.joinQueue("main")]);
    equal(first, second);
    equal(await one.joinQueue(), first);
    await time.settle();
    equal(server.sent.length, 1);
  },

  async "a listener that throws stops no polling"(create) {
    const { client, time, server } = device(create, () => json(201, waiting(2, { token: "t1" })));
    const place = await client().joinQueue();
    const { queueMicrotask } = globalThis;
    const thrown: (() => void)[] = [];
    globalThis.queueMicrotask = (run) => void thrown.push(run);
    place.subscribe(({ phase }) => {
      if (phase === "waiting") throw new Error("a fault of the page");
    });
    await time.pass(10_000);
    globalThis.queueMicrotask = queueMicrotask;
    throws(thrown[0]!, /a fault of the page/);
    ok(server.sent.length > 3);
  },
};
