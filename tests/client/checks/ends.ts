import { deepEqual, equal, notEqual, rejects } from "node:assert/strict";
import {
  admitted,
  type Checks,
  type Create,
  device,
  gone,
  json,
  problem,
  waiting,
} from "../support/device.ts";
import { calls, JOIN, PLACE_ENDED, POLL } from "../support/sent.ts";

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

/** How places end: by leaving, by a payment, by the end of the admission. */
export const endChecks: Checks = {
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

  async "an answer that the queue token is unknown makes the place join anew"(create) {
    const { client, time, server } = device(
      create,
      () => json(201, admitted(time.now() + 600_000, { token: "t1" })),
    );
    const fan = client();
    const place = await fan.joinQueue();
    await time.settle();
    server.answer = ({ method, path }) =>
      method === "POST" && path === "/v1/queue/tokens"
        ? json(201, admitted(time.now() + 600_000, { token: "t2" }))
        : problem(401, "QUEUE_TOKEN_INVALID");
    await fan.GET("/v1/concerts");
    await time.pass(1);
    deepEqual([place.current.phase, place.token], ["admitted", "t2"]);
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
};
