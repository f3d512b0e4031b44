import { deepEqual, equal, ok } from "node:assert/strict";
import { DependencyError } from "../../src/domain/failures.ts";
import { openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";
import { joinRoom, makeRoom } from "../support/room.ts";

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

Deno.test("the log has route, room, code and fan of each request, and no secret", async () => {
  const box = openBox(database.sql, { settings: { LOG_SAMPLE_PERCENT: "100" } });
  const { call, lines } = box;
  const room = await makeRoom(box);
  const fan = "a fan whose name is nobody's business";
  const place = (await joinRoom(box, room, fan)).body.token;
  lines.length = 0;
  await joinRoom(box, room, fan);
  await call("GET", "/v1/queue/tokens/me", { place });
  await call("GET", "/v1/queue/tokens/me", { place: "x.y.z" });
  await call("GET", `/v1/rooms/${room}`);
  await call("GET", "/v1/admin/audit?limit=1", { operator: true });
  await call("GET", "/an/unknown/path?token=secret");
  const logged = lines.map((line) => JSON.parse(line));
  const named = logged[0].fan;
  deepEqual(logged.map((line) => [line.route, line.status, line.code, line.room, line.fan]), [
    ["POST /v1/queue/tokens", 200, null, room, named],
    ["GET /v1/queue/tokens/me", 200, null, room, named],
    ["GET /v1/queue/tokens/me", 401, "QUEUE_TOKEN_INVALID", null, null],
    ["GET /v1/rooms/{room}", 200, null, room, null],
    ["GET /v1/admin/audit", 200, null, null, null],
    ["other", 404, "NOT_FOUND", null, null],
  ]);
  ok(named);
  const text = lines.join("\n");
  const userToken = await box.userToken(fan);
  for (const secret of [fan, place, userToken, box.config.operators[0]!.token, "secret"]) {
    equal(text.includes(secret), false, secret);
  }
});

Deno.test("by default a local run logs its faults alone", async () => {
  const { call, lines } = openBox(database.sql, {
    wrap: (stores) => ({
      ...stores,
      accounts: {
        ...stores.accounts,
        balance: () => Promise.reject(new DependencyError("postgres", new Error("away"))),
      },
    }),
  });
  await call("GET", "/v1/queue");
  await call("GET", "/v1/queue/tokens/me");
  deepEqual(lines, []);
  await call("GET", "/v1/balance", { fan: "a" });
  const { status, code, requestId } = JSON.parse(lines[0]!);
  deepEqual([lines.length, status, code], [1, 503, "DEPENDENCY_UNAVAILABLE"]);
  ok(requestId);
});
