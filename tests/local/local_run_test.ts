import assert from "node:assert/strict";
import { assetsIn } from "../support/assets.ts";
import { LOCALHOST_ADDRESSES, urlHost } from "../support/localhost.ts";
import { type Answer, failToStart, type Run, signIn, start } from "../support/local_run.ts";

/** Holds and pays the first seat of the demo sale. */
async function buyFirstSeat(run: Run, user: string): Promise<Answer> {
  const { body: { token: place } } = await run.call("POST", "/v1/queue/tokens", { user });
  const { body: { reservations } } = await run.call("POST", "/v1/reservations", {
    user,
    place,
    json: { concertId: 1, scheduleId: 1, seatIds: [1] },
  });
  await run.call("POST", "/v1/balance/charges", { user, key: "c", json: { amount: 200_000 } });
  const reservationIds = [reservations[0].reservationId];
  return await run.call("POST", "/v1/payments", { user, key: "p", json: { reservationIds } });
}

/** The run of the tests that only ask. */
let run: Run;
Deno.test.beforeAll(async () => {
  run = await start();
});
Deno.test.afterAll(async () => {
  await run[Symbol.asyncDispose]();
});

Deno.test("the local run prints its address, sells a seat, and stops on SIGTERM", async () => {
  await using run = await start();
  assert.match(run.welcome, /operator token: [0-9a-f]{64}/);
  const { port } = new URL(run.base);
  assert.deepEqual(run.welcome.match(/http\S+/g), [`http://localhost:${port}`], "one address");
  assert.doesNotMatch(run.welcome, /crowd/);
  const user = await signIn(run, "alice");
  const paid = await buyFirstSeat(run, user);
  assert.deepEqual([paid.status, paid.body.balance], [201, 60_000]);
  const page = await (await fetch(`${run.base}/docs`)).text();
  for (const path of assetsIn(page)) {
    const asset = await fetch(run.base + path);
    assert.deepEqual([asset.status, (await asset.text()).length > 0], [200, true], path);
  }
  assert.equal(await run.stop("SIGTERM"), 0);
});

Deno.test("the local run answers on both addresses of localhost", async () => {
  const { port } = new URL(run.base);
  for (const host of ["localhost", ...LOCALHOST_ADDRESSES.map(urlHost)]) {
    const response = await fetch(`http://${host}:${port}/healthz`);
    assert.deepEqual([response.status, await response.text()], [200, '{"status":"alive"}\n'], host);
  }
});

Deno.test("JSON answers of the local run end in a newline, problems too, and no other answer gets one", async () => {
  const see = async (path: string, options: RequestInit = {}) => {
    const response = await fetch(run.base + path, options);
    return { response, text: await response.text() };
  };
  for (const path of ["/healthz", "/nowhere", "/openapi.json"]) {
    assert.match((await see(path)).text, /[}]\n$/, path);
  }
  assert.doesNotMatch((await see("/docs")).text, /\n\n$/);
  const head = await see("/healthz", { method: "HEAD" });
  assert.deepEqual([head.response.status, head.text], [200, ""]);
  assert.equal(head.response.headers.get("Content-Length"), null, "not that of no body");
});

Deno.test("an answer has one ETag, compressed, plain, and at 304", async () => {
  const user = await signIn(run, "alice");
  const { body: { token: place } } = await run.call("POST", "/v1/queue/tokens", { user });
  const admitted = { Authorization: `Bearer ${user}`, "Queue-Token": place };
  const seats = "/v1/concerts/1/schedules/1/seats";
  for (const [path, credentials] of [["/openapi.json", {}], [seats, admitted]] as const) {
    const see = async (headers: Record<string, string>) => {
      const response = await fetch(run.base + path, { headers: { ...credentials, ...headers } });
      await response.body?.cancel();
      return { status: response.status, tag: response.headers.get("ETag")! };
    };
    const compressed = await see({ "Accept-Encoding": "gzip" });
    const { tag } = compressed;
    assert.match(tag, /^W\/"[^"]+"$/);
    assert.deepEqual(compressed, { status: 200, tag });
    assert.deepEqual(await see({ "Accept-Encoding": "identity" }), { status: 200, tag });
    for (const known of [tag, tag.replace("W/", ""), `"a", ${tag}`, "*"]) {
      const answer = await see({ "Accept-Encoding": "gzip", "If-None-Match": known });
      assert.deepEqual(answer, { status: 304, tag }, known);
    }
    assert.equal((await see({ "If-None-Match": 'W/"a"' })).status, 200);
  }
});

Deno.test("the local run compresses answers for those who accept that", async () => {
  const { hostname, port } = new URL(run.base);
  const ask = async (coding: string) => {
    const connection = await Deno.connect({ hostname, port: Number(port) });
    const request = `GET /openapi.json HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n` +
      `Accept-Encoding: ${coding}\r\n\r\n`;
    await connection.write(new TextEncoder().encode(request));
    return new Uint8Array(await new Response(connection.readable).arrayBuffer());
  };
  const [plain, compressed] = [await ask("identity"), await ask("gzip")];
  assert.match(new TextDecoder().decode(compressed), /\r\ncontent-encoding: gzip\r\n/i);
  assert.ok(compressed.length < plain.length / 4, `${compressed.length} of ${plain.length} bytes`);
});

Deno.test("an invalid Host header gives no 500", async () => {
  const { hostname, port } = new URL(run.base);
  for (const host of ["a b", "localhost:99999", "%%", "[::1", "<x>", "xn--"]) {
    for (const line of ["GET /v1/queue", "POST /dev/sign-in"]) {
      const connection = await Deno.connect({ hostname, port: Number(port) });
      const head = `${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`;
      const body = 'Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{"userId":"a"}';
      await connection.write(new TextEncoder().encode(head + body));
      const answer = await new Response(connection.readable).text();
      assert.match(answer, /^HTTP\/1.1 (200|400|403) /, `${line} of ${host}`);
    }
  }
});

Deno.test("DATA_DIR belongs to one process, and keeps money, seats, tokens and keys over a kill", async () => {
  const folder = await Deno.makeTempDir();
  try {
    let user: string;
    const codeOf = async (run: Run) =>
      (await run.call("GET", "/v1/tickets", { user })).body.items[0].code;
    let code: string;
    {
      await using run = await start({ DATA_DIR: folder });
      user = await signIn(run, "alice");
      assert.equal((await buyFirstSeat(run, user)).status, 201);
      code = await codeOf(run);
      assert.match(await failToStart({ DATA_DIR: folder }), /in use by another process/);
      await run.stop("SIGKILL");
    }
    await using run = await start({ DATA_DIR: folder });
    const balance = await run.call("GET", "/v1/balance", { user });
    assert.deepEqual([balance.status, balance.body.balance], [200, 60_000]);
    const payments = await run.call("GET", "/v1/payments", { user });
    assert.equal(payments.body.items.length, 1);
    assert.equal(await codeOf(run), code);
    const concerts = await run.call("POST", "/v1/queue/tokens", { user });
    const list = await run.call("GET", "/v1/concerts", { user, place: concerts.body.token });
    assert.equal(list.body.concerts.length, 1, "the demo sale is not put up twice");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("bad settings stop the start, with every fault listed", async () => {
  const text = await failToStart({ QUEUE_CAPACITY: "0", SEAT_LIMIT: "x", PORT: "0" });
  for (const setting of ["QUEUE_CAPACITY", "SEAT_LIMIT", "PORT"]) assert.ok(text.includes(setting));
});

Deno.test("an unknown argument, and a crowd in a kept sale, stop the start in plain words", async () => {
  assert.match(
    await failToStart({}, "--crowds"),
    /--crowds is no argument: there is --crowd alone/,
  );
  assert.match(await failToStart({ DATA_DIR: "/tmp/kept" }, "--crowd"), /unset DATA_DIR\n$/);
});

Deno.test("a crowd buys seats of the demo sale, and goes when the run stops", async () => {
  const user = "operator-of-the-crowd-0123456789abcdef";
  await using run = await start({ ADMIN_TOKEN: user }, "--crowd");
  assert.match(run.welcome, /\n12 fans of a crowd are in line with you/);
  const soldSeats = async () =>
    (await run.call("GET", "/v1/admin/concerts/1/sales", { user })).body.items.length;
  while (await soldSeats() === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  const { body } = await run.call("GET", "/v1/queue");
  assert.ok(body.waiting >= 3 && body.capacity === 3, JSON.stringify(body));
  assert.equal(await run.stop("SIGTERM"), 0);
});

Deno.test("a DATA_DIR that cannot be one stops the start in plain words", async () => {
  const file = await Deno.makeTempFile();
  assert.match(await failToStart({ DATA_DIR: file }), /DATA_DIR cannot keep/);
  await Deno.remove(file);
});

Deno.test("a stalled client does not keep the local run from stopping", async () => {
  await using run = await start();
  const stalled = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(new URL(run.base).port),
  });
  const head = "POST /v1/queue/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{";
  await stalled.write(new TextEncoder().encode(head));
  await run.call("GET", "/healthz");
  assert.equal(await run.stop("SIGINT"), 0);
  stalled.close();
});

Deno.test("a port that is in use on an address of localhost is reported in plain words", async () => {
  for (const hostname of LOCALHOST_ADDRESSES) {
    const listener = Deno.listen({ hostname, port: 0 });
    const { port } = listener.addr;
    const text = await failToStart({ PORT: String(port) });
    listener.close();
    assert.equal(text, `Port ${port} is in use by another process. Set PORT to another one.\n`);
  }
});
