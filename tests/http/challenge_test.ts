import assert from "node:assert/strict";
import { DependencyError } from "../../src/domain/failures.ts";
import { standInChallenge, standInToken } from "../../src/local/stand_in_challenge.ts";
import type { ReportedEvent } from "../../src/ports/report.ts";
import { BOX_STARTS_MS, newFan } from "../support/api_box.ts";
import { type Box, type BoxOptions, openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";
import { changeRoom, makeRoom, newRoomName, standing } from "../support/room.ts";
import { testClock } from "../support/test_clock.ts";
import { trips } from "../scenarios/round_trips.ts";

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

/** A box with a challenge whose verifier can be away. */
function challengedBox(options: BoxOptions = {}) {
  const clock = testClock(BOX_STARTS_MS);
  const standIn = standInChallenge({ clock });
  const verifier = { isAway: false, asked: 0 };
  let tokens = 0;
  const box = openBox(database.sql, {
    ...options,
    clock,
    challenge: {
      ...standIn,
      async hasPassed(...asked) {
        verifier.asked++;
        if (verifier.isAway) throw new DependencyError("turnstile", new Error("no answer"));
        return await standIn.hasPassed(...asked);
      },
    },
  });
  return { box, verifier, token: () => standInToken(clock(), `t${++tokens}`) };
}

function join(box: Box, room: string, fan: string, challengeToken?: string, place?: string) {
  const json = { room, ...(challengeToken === undefined ? {} : { challengeToken }) };
  return box.call("POST", "/v1/queue/tokens", { fan, json, ...(place ? { place } : {}) });
}

Deno.test("a challenged room gives a place for a passed challenge, and says what is missing", async () => {
  const { box, token } = challengedBox();
  const room = await makeRoom(box, { challengeAtJoin: true });
  const fan = newFan("a");
  const [missing, forged, passed] = [
    await join(box, room, fan),
    await join(box, room, fan, "forged"),
    await join(box, room, fan, token()),
  ];
  assert.deepEqual([missing.status, missing.body.code, missing.body.siteKey], [
    403,
    "CHALLENGE_REQUIRED",
    "stand-in",
  ]);
  assert.deepEqual([forged.status, forged.body.code, forged.body.siteKey], [
    403,
    "CHALLENGE_FAILED",
    "stand-in",
  ]);
  assert.deepEqual([passed.status, passed.body.state], [201, "ADMITTED"]);
});

Deno.test("a join that is sent again is not challenged again, with whatever token", async () => {
  const { box, verifier, token } = challengedBox();
  const room = await makeRoom(box, { challengeAtJoin: true });
  const fan = newFan("a");
  const passed = token();
  const first = await join(box, room, fan, passed);
  const { ticket } = first.body;
  for (const again of [passed, undefined, "forged", token()]) {
    const { status, body } = await join(box, room, fan, again);
    assert.deepEqual([status, body.ticket], [200, ticket]);
  }
  verifier.isAway = true;
  assert.equal((await join(box, room, fan, passed)).status, 200);
  assert.equal((await standing(box, first.body.token)).state, "ADMITTED");
});

Deno.test("a token counts for one join of one fan, and for five minutes", async () => {
  const { box, token } = challengedBox();
  const room = await makeRoom(box, { challengeAtJoin: true });
  const shared = token();
  assert.equal((await join(box, room, newFan("a"), shared)).status, 201);
  assert.equal((await join(box, room, newFan("b"), shared)).body.code, "CHALLENGE_FAILED");
  const old = token();
  box.clock.advance(300_000);
  assert.equal((await join(box, room, newFan("c"), old)).body.code, "CHALLENGE_FAILED");
});

Deno.test("while the verifier is away nobody gets in without it, and everybody may try again", async () => {
  const { box, verifier, token } = challengedBox();
  const room = await makeRoom(box, { challengeAtJoin: true });
  const fan = newFan("a");
  const passed = token();
  verifier.isAway = true;
  const away = await join(box, room, fan, passed);
  assert.deepEqual([away.status, away.body.code], [503, "DEPENDENCY_UNAVAILABLE"]);
  assert.ok(Number(away.headers.get("Retry-After")) > 0);
  assert.equal((await join(box, room, fan)).body.code, "CHALLENGE_REQUIRED");
  const { body } = await box.call("GET", `/v1/queue?room=${room}`);
  assert.deepEqual([body.waiting, body.admitted], [0, 0]);
  verifier.isAway = false;
  assert.equal((await join(box, room, fan, passed)).status, 201);
  verifier.isAway = true;
  box.reports.length = 0;
  assert.equal((await join(box, room, fan, token())).status, 200, "a fan who has a place");
  assert.deepEqual(box.reports.map(({ what }) => what), ["dependency_failed"]);
});

Deno.test("a room asks for the challenge while its setting is on, and the change is in the audit log", async () => {
  const { box, token } = challengedBox();
  const room = await makeRoom(box);
  const notice = () => box.call("GET", `/v1/rooms/${room}`);
  assert.equal((await join(box, room, newFan("a"))).status, 201);
  assert.equal("challenge" in (await notice()).body, false);
  const { body } = await changeRoom(box, room, { challengeAtJoin: true, reason: "bots" });
  assert.deepEqual([body.challengeAtJoin, body.version], [true, 2]);
  assert.deepEqual((await notice()).body.challenge, { siteKey: "stand-in" });
  assert.equal((await join(box, room, newFan("b"))).status, 403);
  assert.equal((await join(box, room, newFan("c"), token())).status, 201);
  const audit = await box.call("GET", `/v1/admin/audit?room=${room}`, { operator: true });
  const [{ before, after, reason }] = audit.body.items;
  assert.deepEqual([before, after, reason], [
    { challengeAtJoin: false },
    { challengeAtJoin: true },
    "bots",
  ]);
  await changeRoom(box, room, { challengeAtJoin: false });
  assert.equal("challenge" in (await notice()).body, false);
  assert.equal((await join(box, room, newFan("d"))).status, 201);
});

Deno.test("after a wipe a room still asks, and whoever was in line needs no new challenge", async () => {
  const { box, token } = challengedBox();
  const room = await makeRoom(box, { challengeAtJoin: true, capacity: 1 });
  const [a, b] = [newFan("a"), newFan("b")];
  const places = [await join(box, room, a, token()), await join(box, room, b, token())]
    .map(({ body }) => body.token);
  await box.wipeLine();
  assert.equal((await join(box, room, newFan("c"))).body.code, "CHALLENGE_REQUIRED");
  const back = await join(box, room, b, undefined, places[1]);
  assert.deepEqual([back.status, back.body.ticket], [201, 2]);
});

Deno.test("a challenged join costs one round trip to Redis, refused or not", async () => {
  const { box, token } = challengedBox();
  const room = await makeRoom(box, { challengeAtJoin: true });
  await join(box, room, newFan("a"), token());
  const line = { redis: 1, postgres: 0 };
  for (const brought of [undefined, "forged", token()]) {
    assert.deepEqual(trips(await join(box, room, newFan("b"), brought)), line);
  }
});

Deno.test("a token that nobody asks for does no harm", async () => {
  const { box } = challengedBox();
  assert.equal((await join(box, "main", newFan("a"), "whatever")).status, 201);
  const without = openBox(database.sql);
  assert.equal((await join(without, "main", newFan("a"), "whatever")).status, 201);
  for (const challengeToken of ["", "x".repeat(2_049), 7, null]) {
    const fan = newFan("a");
    const { status, body } = await without.call("POST", "/v1/queue/tokens", {
      fan,
      json: { challengeToken },
    });
    assert.deepEqual([status, body.errors[0].path], [400, "challengeToken"]);
  }
});

Deno.test("a room cannot ask for a challenge that is not set up", async () => {
  const box = openBox(database.sql);
  const json = { challengeAtJoin: true };
  const answers = [
    await box.call("PATCH", "/v1/admin/rooms/main", { operator: true, json }),
    await box.call("POST", "/v1/admin/rooms", {
      operator: true,
      json: { room: newRoomName(), ...json },
    }),
  ];
  for (const { status, body } of answers) {
    assert.deepEqual([status, body.code], [400, "VALIDATION_FAILED"]);
    assert.equal(body.errors[0].path, "challengeAtJoin");
    assert.match(body.errors[0].message, /TURNSTILE_SECRET/);
  }
  assert.equal((await changeRoom(box, "main", { challengeAtJoin: false })).body.version, 1);
});

Deno.test("a room that asks goes on asking where the settings of the challenge were lost", async () => {
  const { box } = challengedBox();
  const room = await makeRoom(box, { challengeAtJoin: true });
  const without = openBox(database.sql);
  const { status, body } = await join(without, room, newFan("a"), standInToken(BOX_STARTS_MS, "x"));
  assert.deepEqual([status, body.code], [503, "DEPENDENCY_UNAVAILABLE"]);
  const [{ what, error }, ...others] = without.reports as [ReportedEvent, ...ReportedEvent[]];
  assert.deepEqual([what, others], ["challenge_failed", []]);
  assert.match(String((error as Error).cause), /no TURNSTILE_SECRET is set/);
  const { text } = await without.call("GET", "/v1/admin/metrics", { operator: true });
  assert.match(text, /stanchion_isolate_faults_total\{[^}]*what="challenge_failed"\} 1\n/);
  assert.equal((await without.call("GET", `/v1/rooms/${room}`)).status, 200);
  await changeRoom(without, room, { challengeAtJoin: false });
  assert.equal((await join(without, room, newFan("a"))).status, 201);
});

Deno.test("the form without a script is no way around the challenge", async () => {
  const { box } = challengedBox();
  const room = await makeRoom(box, { challengeAtJoin: true });
  const fan = newFan("a");
  const answer = await box.fetch(
    new Request(`http://stanchion.test/line?room=${room}`, {
      method: "POST",
      redirect: "manual",
      headers: {
        "Origin": "http://stanchion.test",
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ access_token: await box.userToken(fan) }),
    }),
  );
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /whether you are a person, which needs JavaScript/);
  const { body } = await box.call("GET", `/v1/queue?room=${room}`);
  assert.deepEqual([body.waiting, body.admitted], [0, 0]);
});

Deno.test("the page of the line alone may load the script of the challenge, and only where one is set up", async () => {
  const { box: ofStandIn } = challengedBox();
  const ofTurnstile = openBox(database.sql, {
    challenge: {
      siteKey: "key",
      scriptUrl: "https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit",
      hasPassed: () => Promise.resolve(false),
    },
  });
  async function page(box: Box, path: string) {
    const answer = await box.fetch(new Request(`http://stanchion.test${path}`));
    const script = / data-challenge="([^"]*)"/.exec(await answer.text())?.[1] ?? null;
    return { policy: answer.headers.get("Content-Security-Policy")!, script };
  }
  const { policy, script } = await page(ofTurnstile, "/line");
  const host = "https://challenges.cloudflare.com";
  assert.ok(policy.includes(`script-src 'self' ${host}; frame-src ${host};`), policy);
  assert.equal(script, `${host}/turnstile/v0/api.js?render=explicit`);
  const [shop, plain, local] = [
    await page(ofTurnstile, "/shop"),
    await page(openBox(database.sql), "/line"),
    await page(ofStandIn, "/line"),
  ];
  assert.equal(plain.policy, shop.policy);
  assert.equal(local.policy, shop.policy);
  assert.ok(!shop.policy.includes("http"), shop.policy);
  assert.deepEqual([shop.script, plain.script, local.script], [null, null, "/dev/challenge.js"]);
});
