import { deepEqual, equal, match } from "node:assert/strict";
import { joinLimitOf } from "../../src/cloudflare/bindings.ts";
import { createJoinLimit } from "../../src/composition/join_limit.ts";
import type { ReportedEvent } from "../../src/ports/report.ts";
import { newFan, type Received } from "../support/api_box.ts";
import { type Box, openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";
import { testClock } from "../support/test_clock.ts";

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

const LIMIT = 5;
const HOME = "192.0.2.7";

/** A box that takes few failed credentials, and the address from which its requests come. */
function openLimited(): { box: Box; from: (address: string) => void } {
  let address = HOME;
  const box = openBox(database.sql, {
    settings: {
      FAILED_CREDENTIALS_PER_MINUTE: String(LIMIT),
      DOOR_TOKEN: "north:d".padEnd(40, "d"),
    },
    address: () => address,
  });
  return { box, from: (given) => address = given };
}

const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
const codeOf = ({ status, body }: Received) => [status, body?.code ?? null];

/** One request with each kind of credential that nobody here signed. */
function failures(box: Box): (() => Promise<Received>)[] {
  return [
    () => box.call("GET", "/v1/balance", bearer("junk")),
    () => box.call("GET", "/v1/admin/rooms", bearer("junk")),
    () => box.call("GET", "/v1/queue/tokens/me", { place: "junk" }),
    () => box.call("POST", "/v1/admin/checkins", { ...bearer("junk"), json: {} }),
    () => box.call("GET", "/v1/balance", { headers: { Authorization: "Basic YTpi" } }),
  ];
}

Deno.test("failed credentials of all kinds count together, and are RATE_LIMITED for the rest of a minute", async () => {
  const { box } = openLimited();
  const all = failures(box);
  equal(all.length, LIMIT);
  for (const fail of all) equal((await fail()).status, 401);
  for (const fail of all) {
    const answer = await fail();
    deepEqual(codeOf(answer), [429, "RATE_LIMITED"]);
    equal(answer.headers.get("Retry-After"), "60");
    match(answer.body.detail, /credentials .* try again in 60 s/);
  }
  box.clock.advance(59_001);
  equal((await all[0]!()).headers.get("Retry-After"), "1");
  box.clock.advance(999);
  equal((await all[0]!()).status, 401, "after Retry-After");
});

Deno.test("good credentials are never refused for what others of their address send", async () => {
  const { box } = openLimited();
  const fan = newFan("a");
  const place = await box.join(fan);
  const [fail] = failures(box);
  for (let sent = 0; sent < 3 * LIMIT; sent++) await fail!();
  equal((await fail!()).status, 429);
  equal((await box.call("GET", "/v1/balance", { fan })).status, 200);
  equal((await box.call("GET", "/v1/concerts", { fan, place })).status, 200);
  equal((await box.call("GET", "/v1/queue/tokens/me", { place })).status, 200);
  // A fan who signed in learns that the queue token is no longer good, and joins without it.
  for (const [method, path] of [["GET", "/v1/concerts"], ["POST", "/v1/queue/tokens"]] as const) {
    const answer = await box.call(method, path, { fan, place: "junk" });
    deepEqual(codeOf(answer), [401, "QUEUE_TOKEN_INVALID"]);
  }
  equal((await box.call("GET", "/v1/admin/rooms", { operator: true })).status, 200);
  const door = box.config.doors[0]!.token;
  const code = await box.call("POST", "/v1/admin/checkins", {
    ...bearer(door),
    json: { code: "x" },
  });
  deepEqual(codeOf(code), [400, "TICKET_CODE_INVALID"]);
});

Deno.test("what nobody can have guessed does not count: none, an expired one, another fan's place", async () => {
  const { box } = openLimited();
  const [fan, other] = [newFan("a"), newFan("b")];
  const place = await box.join(fan);
  const old = await box.userToken(fan);
  box.clock.advance(25 * 3_600_000);
  for (let sent = 0; sent < 3 * LIMIT; sent++) {
    equal((await box.call("GET", "/v1/balance")).status, 401);
    equal((await box.call("GET", "/v1/balance", bearer(old))).status, 401);
    equal((await box.call("GET", "/v1/concerts", { fan: other, place })).status, 403);
  }
  equal((await failures(box)[0]!()).status, 401);
});

Deno.test("each network counts alone, and no header names another one", async () => {
  const { box, from } = openLimited();
  const [fail] = failures(box);
  for (let sent = 0; sent < LIMIT; sent++) equal((await fail!()).status, 401);
  equal((await fail!()).status, 429);
  const forged = Object.fromEntries(
    ["CF-Connecting-IP", "X-Forwarded-For", "X-Real-IP", "True-Client-IP", "Forwarded"]
      .map((name) => [name, "198.51.100.9"]),
  );
  const headers = { ...forged, Authorization: "Bearer junk" };
  equal((await box.call("GET", "/v1/balance", { headers })).status, 429);
  from("198.51.100.9");
  equal((await fail!()).status, 401);
  // One caller has all addresses of a /64.
  for (let sent = 0; sent < LIMIT; sent++) {
    from(`2001:db8::${sent + 1}`);
    equal((await fail!()).status, 401);
  }
  from("2001:db8::ffff");
  equal((await fail!()).status, 429);
});

Deno.test("the form of the line counts its user tokens, and answers 429 with its page", async () => {
  const { box } = openLimited();
  const headers = { "Sec-Fetch-Site": "same-origin", "Accept-Language": "en" };
  const send = (token: string) =>
    box.call("POST", "/line", { headers, raw: new URLSearchParams({ access_token: token }) });
  for (let sent = 0; sent < LIMIT; sent++) equal((await send("junk")).status, 200);
  const limited = await send("junk");
  deepEqual([limited.status, limited.headers.get("Retry-After")], [429, "60"]);
  match(limited.headers.get("Content-Type")!, /^text\/html/);
  match(limited.text, /try again in 60 s/);
  equal((await send(await box.userToken(newFan("a")))).status, 303);
});

Deno.test("joins are limited for each fan, by API and by form together, and cost no call when refused", async () => {
  const clock = testClock();
  let calls = 0;
  const box = openBox(database.sql, {
    clock,
    limitJoins: createJoinLimit(clock),
    wrap: (stores) => ({
      ...stores,
      queue: {
        ...stores.queue,
        join: (...given) => {
          calls++;
          return stores.queue.join(...given);
        },
      },
    }),
  });
  const fan = newFan("eager");
  const join = () => box.call("POST", "/v1/queue/tokens", { fan });
  let allowed = 0;
  let answer = await join();
  for (; answer.status < 400 && allowed < 1_000; answer = await join()) allowed++;
  equal(allowed, 120);
  deepEqual(codeOf(answer), [429, "RATE_LIMITED"]);
  equal(answer.headers.get("Retry-After"), "60");
  const before = calls;
  equal((await join()).status, 429);
  const headers = { "Sec-Fetch-Site": "same-origin" };
  const raw = new URLSearchParams({ access_token: await box.userToken(fan) });
  const page = await box.call("POST", "/line", { headers, raw });
  deepEqual([page.status, page.headers.get("Retry-After")], [429, "60"]);
  equal(calls, before);
  equal((await box.call("POST", "/v1/queue/tokens", { fan: newFan("calm") })).status, 201);
  clock.advance(60_000);
  equal((await join()).status, 200);
});

Deno.test("on Workers joins are counted by the binding; without it, or when it fails, by the isolate", async () => {
  const reports: ReportedEvent[] = [];
  const asked: string[] = [];
  const parts = {
    ofIsolate: (fan: string) => {
      asked.push(fan);
      return Promise.resolve(7);
    },
    report: (event: ReportedEvent) => void reports.push(event),
  };
  const limits = (limit: (options: { key: string }) => Promise<{ success: boolean }>) =>
    joinLimitOf({ JOIN_RATE_LIMIT: { limit } }, parts);
  equal(await limits(() => Promise.resolve({ success: true }))("a"), null);
  equal(await limits(() => Promise.resolve({ success: false }))("a"), 60);
  deepEqual([asked, reports], [[], []]);
  equal(await limits(() => Promise.reject(new Error("away")))("b"), 7);
  equal(await joinLimitOf({}, parts)("c"), 7);
  deepEqual(asked, ["b", "c"]);
  deepEqual(reports.map(({ what }) => what), ["rate_limit_failed"]);
});

Deno.test("wrangler.toml allows as many joins as the isolate", async () => {
  const file = await Deno.readTextFile(new URL("../../wrangler.toml", import.meta.url));
  const [, limit, period] = /simple = \{ limit = (\d+), period = (\d+) \}/.exec(file)!;
  const clock = testClock();
  const limitJoins = createJoinLimit(clock);
  for (let join = 0; join < Number(limit); join++) equal(await limitJoins("a"), null);
  equal(await limitJoins("a"), Number(period));
});
