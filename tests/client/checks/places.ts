import { deepEqual, equal, notEqual, ok, rejects, throws } from "node:assert/strict";
import {
  admitted,
  type Checks,
  type Create,
  device,
  gone,
  json,
  problem,
  readableToken,
  waiting,
} from "../support/device.ts";

/** A check may run over the built package, which has an error class of its own. */
const PLACE_ENDED = /^Error: the place in line is/;
const JOIN = "POST /v1/queue/tokens";
const POLL = "GET /v1/queue/tokens/me";

const calls = (sent: readonly { method: string; path: string; headers: Headers }[]) =>
  sent.map(({ method, path, headers }) =>
    [`${method} ${path}`, headers.get("Queue-Token"), headers.has("Authorization")] as const
  );

/** A sale in which a payment ends the place so many milliseconds after its answer. */
function paying(create: Create, endsAfterMs = 250) {
  let endsMs = Infinity;
  let joins = 0;
  const parts = device(create, ({ method, path, atMs }) => {
    if (path === "/v1/payments") {
      endsMs = atMs + endsAfterMs;
      return json(201, { payments: [] });
    }
    if (method === "POST") {
      return json(201, admitted(atMs + 900_000, { token: `t${++joins}` }));
    }
    return json(200, atMs < endsMs ? admitted(atMs + 900_000) : gone({ endedBecause: "PAID" }));
  });
  return parts;
}

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

  async "who leaves after a join whose answer was lost is gone, too"(create) {
    const { client, time, server } = device(create, () => Promise.reject(new TypeError("lost")));
    const place = await client().joinQueue();
    await time.settle();
    const lost = rejects(place.leave(), TypeError);
    await time.pass(60_000);
    await lost;
    server.answer = ({ method }) =>
      method === "POST"
        ? json(200, waiting(10, { token: "t1" }))
        : json(200, gone({ endedBecause: "LEFT" }));
    const asked = server.sent.length;
    await place.leave();
    deepEqual(calls(server.sent).slice(asked), [
      [JOIN, null, true],
      ["DELETE /v1/queue/tokens/me", "t1", false],
    ]);
    equal(place.current.phase, "gone");
    await time.pass(60_000);
    equal(server.sent.length, asked + 2);
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

  async "who leaves is gone, and nothing is kept or asked any more"(create) {
    const { client, time, server, storage } = device(
      create,
      () => json(201, waiting(10, { token: "t1" })),
    );
    const place = await client().joinQueue();
    await time.settle();
    server.answer = () => Promise.reject(new TypeError("no network"));
    const left = place.leave();
    await time.settle();
    server.answer = () => json(200, gone({ endedBecause: "LEFT" }));
    await time.pass(1_000);
    await left;
    equal(place.current.phase, "gone");
    equal(storage.values.size, 0);
    const asked = server.sent.length;
    await time.pass(60_000);
    equal(server.sent.length, asked);
  },

  async "who stops keeps the place"(create) {
    const { client, time, server, storage } = device(
      create,
      () => json(201, waiting(10, { token: "t1" })),
    );
    const place = await client().joinQueue();
    await time.settle();
    place.stop();
    await time.pass(60_000);
    equal(server.sent.length, 1);
    equal(storage.values.size, 1);
  },

  async "an answer that the admission has ended makes the place ask"(create) {
    const { client, time, server } = device(
      create,
      () => json(201, admitted(time.now() + 600_000, { token: "t1" })),
    );
    const fan = client();
    const place = await fan.joinQueue();
    await time.settle();
    server.answer = ({ path }) =>
      path === "/v1/concerts"
        ? problem(403, "NOT_ADMITTED")
        : json(200, gone({ endedBecause: "REMOVED" }));
    const { error } = await fan.GET("/v1/concerts");
    equal(error?.code, "NOT_ADMITTED");
    deepEqual(calls(server.sent)[1], ["GET /v1/concerts", "t1", true]);
    await time.pass(1);
    equal(place.current.phase, "gone");
  },

  async "a place that a payment ended is not given again, also where it ends after the first question"(
    create,
  ) {
    const { client, time, server } = paying(create);
    const fan = client();
    const place = await fan.joinQueue();
    await place.admitted();
    await fan.pay({ reservationIds: ["r1"] });
    const ended = rejects(place.admitted(), PLACE_ENDED);
    const joined = fan.joinQueue();
    await time.pass(1_000);
    await ended;
    deepEqual(place.current.line, gone({ endedBecause: "PAID" }));
    const next = await joined;
    notEqual(next, place);
    await time.settle();
    deepEqual([next.current.phase, next.token], ["admitted", "t2"]);
    const questions = calls(server.sent).filter(([call]) => call === POLL);
    equal(questions.length, 2);
  },

  async "a reload after a payment does not take the ended admission for a live one"(create) {
    const { client, time } = paying(create);
    const fan = client();
    const place = await fan.joinQueue();
    await place.admitted();
    await fan.pay({ reservationIds: ["r1"] });
    place.stop();
    const reloaded = await client().joinQueue();
    const ended = rejects(reloaded.admitted(), PLACE_ENDED);
    await time.pass(1_000);
    await ended;
  },

  async "an admission that goes on after a payment is asked for four times, and given again"(
    create,
  ) {
    const { client, time, server } = paying(create, Infinity);
    const fan = client();
    const place = await fan.joinQueue();
    await place.admitted();
    const paidAt = time.now();
    await fan.pay({ reservationIds: ["r1"] });
    const joined = fan.joinQueue();
    await time.pass(60_000);
    equal(await joined, place);
    deepEqual(
      server.sent.slice(2).map(({ atMs }) => atMs - paidAt),
      [0, 300, 1_200, 3_900],
    );
    equal((await place.admitted()).state, "ADMITTED");
  },

  async "a place is given where there is no answer whether its admission has ended"(create) {
    const { client, time, server } = paying(create, Infinity);
    const fan = client();
    const place = await fan.joinQueue();
    await place.admitted();
    await fan.pay({ reservationIds: ["r1"] });
    server.answer = () => Promise.reject(new TypeError("no network"));
    const joined = fan.joinQueue();
    await time.pass(1_000);
    equal(await joined, place);
    deepEqual(place.current.failure, { status: null, problem: null });
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
