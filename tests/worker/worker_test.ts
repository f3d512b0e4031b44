import assert from "node:assert/strict";
import { checkAssets } from "../support/assets.ts";
import { boxEnvironment, newFan, OPERATOR_TOKEN, type Received } from "../support/api_box.ts";
import { joinRoom, makeRoom } from "../support/room.ts";
import { type DeployedWorker, deployWorker } from "../support/deployed_worker.ts";
import { type RemoteBackend, startRemoteBackend } from "../support/remote_backend.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";
import { waitUntil } from "../support/wait.ts";
import { startWorker } from "../support/worker_harness.ts";

let backend: RemoteBackend;
let worker: DeployedWorker;

Deno.test.beforeAll(async () => {
  backend = await startRemoteBackend();
  worker = await deployWorker(backend);
});
Deno.test.afterAll(async () => {
  await worker.close();
  await backend.close();
});

function topUp(fan: string, amount: number): Promise<Received> {
  const json = { userId: fan, amount };
  const key = encodeURIComponent(fan);
  return worker.box.call("POST", "/v1/admin/balance/charges", { operator: true, key, json });
}

/**
 * A room with one fan admitted, and one who waits. Admissions lapse by the real clock: where one
 * has lapsed before the second fan joined, the next room's admissions last four times as long.
 */
async function fullRoom(
  admissionTtlSeconds: number,
): Promise<{ room: string; first: string; second: string }> {
  const room = await makeRoom(worker.box, { capacity: 1, admissionTtlSeconds });
  const [first, second] = [newFan("first"), newFan("second")];
  await joinRoom(worker.box, room, first);
  const { state } = (await joinRoom(worker.box, room, second)).body;
  if (state === "ADMITTED" && admissionTtlSeconds < 100) return fullRoom(4 * admissionTtlSeconds);
  assert.equal(state, "WAITING");
  return { room, first, second };
}

Deno.test("the Worker is alive and ready, and gives its OpenAPI document", async () => {
  const { call } = worker.box;
  assert.deepEqual((await call("GET", "/healthz")).body, { status: "alive" });
  const { body } = await call("GET", "/readyz");
  assert.deepEqual(body.dependencies, { redis: "up", postgres: "up" });
  const document = await call("GET", "/openapi.json");
  assert.equal(document.headers.get("Content-Type"), "application/json");
  assert.match(document.body.openapi, /^3\.1\./);
});

Deno.test("the pages and their assets come from the Worker, with its headers", async () => {
  const { call } = worker.box;
  const page = await call("GET", "/docs");
  assert.match(page.headers.get("Content-Security-Policy")!, /script-src 'self'/);
  assert.equal((await call("GET", "/docs/guides/retries")).status, 200);
  await checkAssets(worker.box);
});

Deno.test("a page of this machine reads the answers of a Worker over local stores, no other page", async () => {
  const { call } = worker.box;
  for (const path of ["/v1/queue", "/v1/admin/rooms"]) {
    for (const [origin, allowed] of [["http://localhost:5173", true], ["https://a.test", false]]) {
      const headers = { "Origin": String(origin), "Access-Control-Request-Method": "GET" };
      const answers = [
        await call("OPTIONS", path, { headers }),
        await call("GET", path, { headers }),
      ];
      for (const { headers } of answers) {
        assert.equal(headers.get("Access-Control-Allow-Origin"), allowed ? origin : null);
      }
    }
  }
});

Deno.test("a fan joins, lists, holds and pays, and the place ends", async () => {
  const { box } = worker;
  const fan = newFan("all the way");
  const sale = await putOnSale(box, { dates: [3], price: 700 });
  const { scheduleId, seatIds } = sale.schedules[0]!;
  const joined = await box.call("POST", "/v1/queue/tokens", { fan });
  assert.deepEqual([joined.status, joined.body.state], [201, "ADMITTED"]);
  const place = joined.body.token;
  const seen = async (path: string) => (await box.call("GET", path, { fan, place })).body;
  const { concerts } = await seen("/v1/concerts");
  assert.ok(concerts.some(({ concertId }: { concertId: number }) => concertId === sale.concertId));
  const dates = `/v1/concerts/${sale.concertId}/schedules`;
  assert.equal((await seen(dates)).schedules[0].status, "ON_SALE");
  assert.equal((await seen(`${dates}/${scheduleId}/seats`)).seats.length, 3);
  const held = await holdSeats(box, fan, place, sale, seatIds.slice(0, 2));
  assert.equal((await topUp(fan, 2000)).status, 201);
  const paid = await pay(box, fan, held);
  assert.deepEqual([paid.status, paid.body.totalAmount, paid.body.balance], [201, 1400, 600]);
  await waitUntil("the end of the place after the payment", async () => {
    const { body } = await box.call("GET", "/v1/queue/tokens/me", { place });
    return body.state === "GONE";
  });
});

Deno.test("nobody signs in without a credential, and nobody charges their own balance", async () => {
  const { call } = worker.box;
  const signIn = await call("POST", "/dev/sign-in", { json: { userId: "alice" } });
  assert.deepEqual([signIn.status, signIn.body.code], [404, "NOT_FOUND"]);
  const own = await call("POST", "/v1/balance/charges", {
    fan: newFan("minter"),
    key: "mint",
    json: { amount: 1000 },
  });
  assert.deepEqual([own.status, own.body.code], [403, "FORBIDDEN"]);
});

Deno.test("a fan who joins too often is RATE_LIMITED, and nobody else", async () => {
  const fan = newFan("hasty");
  const join = (who: string) => worker.box.call("POST", "/v1/queue/tokens", { fan: who });
  const allowed = 10;
  let refused: Received | undefined;
  let joined = 0;
  // Windows may share the joins. Only a machine that needs a second for each join never gets there.
  for (; joined <= 50 * allowed; joined++) {
    const answer = await join(fan);
    if (answer.status === 429) {
      refused = answer;
      break;
    }
    assert.equal(answer.status, joined === 0 ? 201 : 200);
  }
  assert.ok(refused, "the limit is never reached");
  assert.ok(joined >= allowed, `the limit is reached after ${joined} joins`);
  assert.equal(refused.body.code, "RATE_LIMITED");
  assert.match(refused.headers.get("Retry-After")!, /^[1-9]\d*$/);
  assert.equal((await join(newFan("calm"))).status, 201);
});

Deno.test("the cron ends admissions, promotes waiting fans, and sweeps lapsed holds", async () => {
  const sale = await putOnSale(worker.box);
  const holder = newFan("holder");
  const place = await worker.box.join(holder);
  const [held] = await holdSeats(worker.box, holder, place, sale, [sale.schedules[0]!.seatIds[0]!]);
  const { sql } = backend.database;
  await sql(
    `update reservations
      set created_at = now() - interval '2 seconds', expires_at = now() - interval '1 second'
      where reservation_id = $1`,
    [held!],
  );
  const statusOf = async () =>
    (await sql(`select status from reservations where reservation_id = $1`, [held!]))[0]!["status"];
  assert.equal(await statusOf(), "HELD");

  const { box } = worker;
  const { room, first, second } = await fullRoom(2);
  // A look of the operator is no call of the fan, so here only the cron promotes.
  const stateOf = async (fan: string) => {
    const path = `/v1/admin/fans/${encodeURIComponent(fan)}?room=${room}`;
    return (await box.call("GET", path, { operator: true })).body.place?.state;
  };
  await waitUntil("the promotion by the cron", async () => {
    assert.equal(await worker.fireCron(), "ok");
    return await stateOf(second) !== "WAITING";
  });
  assert.deepEqual([await stateOf(first), await stateOf(second)], [undefined, "ADMITTED"]);
  assert.equal(await statusOf(), "EXPIRED");
});

Deno.test("with faulty settings every call and the cron fail, and the log lists every fault", async () => {
  const faulty = await startWorker({
    settings: { ...backend.settings, QUEUE_CAPACITY: "0", ADMIN_TOKEN: "short", CURRENCY: "won" },
  });
  try {
    for (const path of ["healthz", "docs", "v1/queue", "nothing"]) {
      const response = await fetch(`${faulty.url}${path}`);
      assert.equal(response.headers.get("Content-Type"), "application/problem+json");
      assert.equal(response.headers.get("X-Content-Type-Options"), "nosniff");
      const { status, code, instance } = await response.json();
      assert.deepEqual([response.status, status, code], [500, 500, "INTERNAL"]);
      assert.match(instance, /^urn:stanchion:request:/);
    }
    assert.equal(await faulty.fireCron(), "exception");
    const faultLines = () => faulty.logs().filter((line) => line.includes("faulty_settings"));
    await waitUntil("five log lines", () => faultLines().length >= 5);
    assert.equal(faultLines().length, 5, "four calls and the cron's event");
    for (const line of faultLines()) {
      const { faults } = JSON.parse(line) as { faults: { setting: string }[] };
      assert.deepEqual(
        new Set(faults.map(({ setting }) => setting)),
        new Set([
          "QUEUE_CAPACITY",
          "ADMIN_TOKEN",
          "CURRENCY",
          "USER_JWT_SECRET",
          "QUEUE_TOKEN_SECRET",
          "SIGNING_KEY",
        ]),
      );
    }
  } finally {
    await faulty.close();
  }
});

Deno.test("with another CURRENCY than that of the database every call fails from the first statement on", async () => {
  await putOnSale(worker.box);
  const settings = { ...backend.settings, ...boxEnvironment({ CURRENCY: "USD" }) };
  const other = await startWorker({ settings });
  try {
    const call = async (path: string, headers = {}) => {
      const response = await fetch(`${other.url}${path}`, { headers });
      return [response.status, (await response.json()).code];
    };
    const operator = { Authorization: `Bearer ${OPERATOR_TOKEN}` };
    assert.deepEqual(await call("v1/admin/rooms", operator), [500, "INTERNAL"]);
    for (const path of ["healthz", "v1/queue", "v1/admin/rooms", "nothing"]) {
      assert.deepEqual(await call(path, operator), [500, "INTERNAL"], path);
    }
    assert.equal(await other.fireCron(), "exception");
    const faultLines = () => other.logs().filter((line) => line.includes("faulty_settings"));
    await waitUntil("six log lines", () => faultLines().length >= 6);
    for (const line of faultLines()) {
      assert.match(line, /"setting":"CURRENCY","message":"must be KRW: /);
    }
  } finally {
    await other.close();
  }
});
