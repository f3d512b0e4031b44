import assert from "node:assert/strict";
import { takeBack } from "../../../../src/tools/load_test/operator/take_back.ts";

type Answer = readonly [status: number, body: unknown];

/** What a server that answers like this leaves to be noted, and the requests that it got. */
async function takeBackFrom(answers: (request: string) => Answer) {
  const requests: string[] = [];
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    const line = `${request.method} ${pathname}`;
    requests.push(line);
    const [status, body] = answers(line);
    return Response.json(body, { status });
  });
  const notes = await takeBack({
    base: `http://127.0.0.1:${server.addr.port}`,
    operatorToken: "operator",
    room: "rush-1",
    fans: [{ userId: "a", queueToken: "token" }, { userId: "b", queueToken: null }],
    now: () => performance.now(),
  });
  return { notes, requests };
}

const ON_SALE = { items: [{ concertId: 7, status: "ON_SALE" }], nextCursor: null };
const COUNTS = { gathered: 0, waiting: 1, admitted: 0, parked: 0 };

Deno.test("takeBack() ends the places that keep the room: by token, then by the operator", async () => {
  let ended = 0;
  const { notes, requests } = await takeBackFrom((request) => {
    if (request === "GET /v1/admin/concerts") return [200, ON_SALE];
    if (request === "DELETE /v1/admin/rooms/rush-1") {
      return ended > 0 ? [200, {}] : [409, { code: "ROOM_IN_USE" }];
    }
    if (request.startsWith("DELETE /v1/admin/rooms/rush-1/places/")) ended++;
    return [200, COUNTS];
  });
  assert.deepEqual(notes, []);
  assert.deepEqual(requests.slice(0, 5), [
    "GET /v1/admin/concerts",
    "PATCH /v1/admin/concerts/7",
    "DELETE /v1/admin/rooms/rush-1",
    "DELETE /v1/queue/tokens/me",
    "GET /v1/admin/rooms/rush-1",
  ]);
  assert.equal(ended, 2);
});

Deno.test("takeBack() says what it could not take back", async () => {
  const refused = await takeBackFrom(() => [401, { code: "UNAUTHENTICATED" }]);
  assert.match(
    refused.notes.join(),
    /^The concert of the room rush-1 may still be on sale: .* 401/,
  );
  const inUse = await takeBackFrom((request) =>
    request === "GET /v1/admin/concerts"
      ? [200, { items: [], nextCursor: null }]
      : request === "DELETE /v1/admin/rooms/rush-1"
      ? [409, { code: "ROOM_IN_USE" }]
      : [200, COUNTS]
  );
  assert.match(inUse.notes.join(), /^The concert is withdrawn, and the room .*: 409 ROOM_IN_USE$/);
});

Deno.test("takeBack() takes a room that was never made as taken back", async () => {
  const { notes } = await takeBackFrom((request) =>
    request === "GET /v1/admin/concerts"
      ? [200, { items: [], nextCursor: null }]
      : [404, { code: "ROOM_NOT_FOUND" }]
  );
  assert.deepEqual(notes, []);
});
