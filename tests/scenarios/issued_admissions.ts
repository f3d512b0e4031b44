import assert from "node:assert/strict";
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { makeRoom } from "../support/room.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";
import { trips } from "./round_trips.ts";
import type { OpenBox, Scenario } from "./scenario.ts";

const [SHOP, MERCH] = ["https://shop.example.com", "merch"] as const;
const ISSUER = "https://tickets.example.com";
const SETTINGS = { ADMISSION_AUDIENCES: `${SHOP}, ${MERCH}`, ADMISSION_ISSUER: ISSUER };
const PATH = "/v1/queue/admissions";

/** A box that issues admissions, and a fan who is admitted in it. */
async function openShop(open: OpenBox, settings: Record<string, string> = {}) {
  const box = await open({ ...SETTINGS, ...settings });
  const fan = newFan("in");
  const place = await box.join(fan);
  return { box, fan, place };
}

function issue(box: ApiBox, fan: string, place: string, json?: unknown) {
  return box.call("POST", PATH, { fan, place, ...(json === undefined ? {} : { json }) });
}

/** The claims, verified with the public keys that the box serves. */
async function claimsOf(box: ApiBox, admission: string, audience: string = SHOP) {
  const { body } = await box.call("GET", "/.well-known/jwks.json");
  const { payload, protectedHeader } = await jwtVerify<{ room: string }>(
    admission,
    createLocalJWKSet(body),
    {
      issuer: box.config.admissions!.issuer,
      audience,
      typ: "admission+jwt",
      algorithms: ["EdDSA"],
      currentDate: new Date(box.clock()),
    },
  );
  return { ...payload, kid: protectedHeader.kid };
}

export function issuedAdmissionScenarios(test: Scenario): void {
  test("POST /v1/queue/admissions answers a JWT that the public keys verify", async (open) => {
    const { box, fan, place } = await openShop(open);
    const { status, body, headers } = await issue(box, fan, place, { audience: SHOP });
    assert.deepEqual([status, Object.keys(body)], [201, ["admission", "expiresAt"]]);
    assert.equal(headers.get("Cache-Control"), "no-store");
    const { body: { keys } } = await box.call("GET", "/.well-known/jwks.json");
    assert.deepEqual(decodeProtectedHeader(body.admission), {
      alg: "EdDSA",
      typ: "admission+jwt",
      kid: keys[0].kid,
    });
    const claims = await claimsOf(box, body.admission);
    const nowS = Math.floor(box.clock() / 1000);
    const { iss, aud, room, iat, exp } = claims;
    assert.deepEqual({ iss, aud, room, iat, exp }, {
      iss: ISSUER,
      aud: SHOP,
      room: "main",
      iat: nowS,
      exp: nowS + 300,
    });
    assert.equal(body.expiresAt, new Date(exp! * 1000).toISOString());
    const again = await claimsOf(box, (await issue(box, fan, place)).body.admission);
    assert.notEqual(again.jti, claims.jti);
    assert.equal(again.sub, claims.sub);
  });

  test("the body of an admission is optional, and the first audience the default", async (open) => {
    const { box, fan, place } = await openShop(open);
    const headers = { "Content-Type": "application/json" };
    for (const sent of [{}, { json: {} }, { raw: "", headers }]) {
      const { status, body } = await box.call("POST", PATH, { fan, place, ...sent });
      assert.equal(status, 201);
      assert.equal((await claimsOf(box, body.admission)).aud, SHOP);
    }
    const other = await issue(box, fan, place, { audience: MERCH });
    assert.equal((await claimsOf(box, other.body.admission, MERCH)).aud, MERCH);
  });

  test("an audience that the deployment does not name is VALIDATION_FAILED and asks no store", async (open) => {
    const { box, fan, place } = await openShop(open);
    for (const audience of ["https://evil.example.com", `${SHOP}/`, "", MERCH.toUpperCase(), 7]) {
      const { status, body, headers } = await issue(box, fan, place, { audience });
      assert.deepEqual([status, body.code], [400, "VALIDATION_FAILED"], String(audience));
      assert.equal(body.errors[0].path, "audience");
      assert.match(headers.get("Server-Timing")!, /redis;desc="0".*postgres;desc="0"/);
    }
    for (const audience of ["", "x".repeat(256), 7]) {
      const { body: { errors } } = await issue(box, fan, place, { audience });
      assert.equal(errors[0].message, "must be text of 1 to 255 characters", String(audience));
    }
    const wrong = await issue(box, fan, place, { audience: "shop" });
    assert.equal(wrong.body.errors[0].message, `must be one of ${SHOP}, ${MERCH}`);
    const unknown = await issue(box, fan, place, { audiences: [SHOP] });
    assert.equal(unknown.body.errors[0].path, "audiences");
    const none = await openShop(open, { ADMISSION_AUDIENCES: "", ADMISSION_ISSUER: "" });
    for (const json of [undefined, {}, { audience: SHOP }]) {
      const { status, body } = await issue(none.box, none.fan, none.place, json);
      assert.deepEqual([status, body.code], [400, "VALIDATION_FAILED"]);
      assert.deepEqual(body.errors, [{
        path: "audience",
        message: "has no possible value here: this deployment issues no admissions",
      }]);
    }
  });

  test("D2: only an admitted fan gets an admission, and its end is that of the place at most", async (open) => {
    const { box, fan, place } = await openShop(open, {
      QUEUE_CAPACITY: "1",
      ADMISSION_TTL_SECONDS: "60",
    });
    const outside = newFan("waiting");
    const waiting = await box.join(outside);
    const refused = await issue(box, outside, waiting);
    assert.deepEqual(
      [refused.status, refused.body.code, refused.body.line.state],
      [403, "NOT_ADMITTED", "WAITING"],
    );
    assert.ok(refused.headers.get("Retry-After"));
    const { body } = await box.call("GET", "/v1/queue/tokens/me", { place });
    const endsAtMs = Date.parse(body.expiresAt);
    const issued = await issue(box, fan, place);
    assert.equal(Date.parse(issued.body.expiresAt), Math.floor(endsAtMs / 1000) * 1000);
    box.clock.advance(60_000);
    const late = await issue(box, fan, place);
    assert.deepEqual([late.status, late.body.line.state], [403, "GONE"]);
    assert.equal((await issue(box, fan, waiting)).body.code, "QUEUE_TOKEN_MISMATCH");
    assert.equal((await box.call("POST", PATH, { place })).body.code, "UNAUTHENTICATED");
    assert.equal((await box.call("POST", PATH, { fan })).body.code, "QUEUE_TOKEN_REQUIRED");
  });

  test("an admission names its room, outlives a payment, and no more is issued after it", async (open) => {
    const { box, fan } = await openShop(open);
    const room = await makeRoom(box, { capacity: 5 });
    const joined = await box.call("POST", "/v1/queue/tokens", { fan, json: { room } });
    const place = joined.body.token;
    const sale = await putOnSale(box, { price: 0, room });
    const held = await holdSeats(box, fan, place, sale, sale.schedules[0]!.seatIds.slice(0, 1));
    const { body } = await issue(box, fan, place);
    assert.equal((await claimsOf(box, body.admission)).room, room);
    assert.equal((await pay(box, fan, held)).status, 201);
    await box.settle();
    assert.equal((await issue(box, fan, place)).body.code, "NOT_ADMITTED");
    assert.equal((await claimsOf(box, body.admission)).room, room, "still valid");
    box.clock.advance(300_000);
    await assert.rejects(claimsOf(box, body.admission), { code: "ERR_JWT_EXPIRED" });
  });

  test("`sub` is a pseudonym of fan and audience, or by ADMISSION_SUBJECT the user id", async (open) => {
    const { box, fan, place } = await openShop(open);
    const subjectOf = async (who: string, token: string, audience: string, of: ApiBox = box) =>
      (await claimsOf(of, (await issue(of, who, token, { audience })).body.admission, audience))
        .sub!;
    const shop = await subjectOf(fan, place, SHOP);
    assert.match(shop, /^[\w-]{43}$/);
    assert.notEqual(await subjectOf(fan, place, MERCH), shop);
    const other = newFan("other");
    assert.notEqual(await subjectOf(other, await box.join(other), SHOP), shop);
    const keyed = await open({ ...SETTINGS, SIGNING_KEY: "6".repeat(64) });
    assert.notEqual(await subjectOf(fan, await keyed.join(fan), SHOP, keyed), shop);
    const named = await open({ ...SETTINGS, ADMISSION_SUBJECT: "user" });
    assert.equal(await subjectOf(fan, await named.join(fan), SHOP, named), fan);
  });

  test("SIGNING_KEY in rotation: the new key signs admissions, and those of the old one stay valid", async (open) => {
    const [fresh, old] = ["1".repeat(64), "2".repeat(64)];
    const before = await openShop(open, { SIGNING_KEY: old });
    const earlier = (await issue(before.box, before.fan, before.place)).body.admission;
    const { box, fan, place } = await openShop(open, { SIGNING_KEY: `${fresh},${old}` });
    const later = (await issue(box, fan, place)).body.admission;
    const jwks = await box.call("GET", "/.well-known/jwks.json");
    const kids = jwks.body.keys.map(({ kid }: { kid: string }) => kid);
    assert.equal(jwks.headers.get("Cache-Control"), "public, max-age=300");
    assert.deepEqual(
      [(await claimsOf(box, later)).kid, (await claimsOf(box, earlier)).kid],
      kids,
    );
    const after = await openShop(open, { SIGNING_KEY: fresh });
    assert.equal((await claimsOf(after.box, later)).kid, kids[0]);
    await assert.rejects(claimsOf(after.box, earlier), { code: "ERR_JWKS_NO_MATCHING_KEY" });
  });

  test("an admission is no user token, no queue token and no ticket code, nor the reverse", async (open) => {
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async () => {
      const { body } = await box.call("GET", "/.well-known/jwks.json");
      return Response.json(body);
    });
    const { box, fan, place } = await openShop(open, { ADMISSION_SUBJECT: "user" });
    const { body: { admission } } = await issue(box, fan, place);
    const bearer = { headers: { Authorization: `Bearer ${admission}` } };
    assert.equal((await box.call("GET", "/v1/balance", bearer)).body.code, "UNAUTHENTICATED");
    const own = await box.call("GET", "/v1/queue/tokens/me", { place: admission });
    assert.equal(own.body.code, "QUEUE_TOKEN_INVALID");
    const code = await box.call("POST", "/v1/admin/checkins", {
      operator: true,
      json: { code: admission },
    });
    assert.equal(code.body.code, "TICKET_CODE_INVALID");

    // Even where an operator gives the service's own keys, issuer and audience to user tokens.
    const confused = await open({
      ...SETTINGS,
      USER_JWT_SECRET: "",
      USER_JWKS_URL: `http://127.0.0.1:${server.addr.port}/jwks.json`,
      USER_JWT_ISSUER: ISSUER,
      USER_JWT_AUDIENCE: SHOP,
    });
    const answer = await confused.call("GET", "/v1/balance", bearer);
    assert.deepEqual([answer.status, answer.body.code], [401, "UNAUTHENTICATED"]);
    for (const other of [place, await box.userToken(fan)]) {
      await assert.rejects(claimsOf(box, other));
    }
  });

  test("an admission costs one call to Redis and none to PostgreSQL", async (open) => {
    const first = await openShop(open); // The first use of a script costs one round trip more.
    await issue(first.box, first.fan, first.place);
    const { box, fan, place } = await openShop(open);
    assert.deepEqual(trips(await issue(box, fan, place)), { redis: 1, postgres: 0 });
  });
}
