import assert from "node:assert/strict";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { ApiBox } from "../support/api_box.ts";
import type { OpenBox, Scenario } from "./scenario.ts";

const ISSUER = "https://id.test";
const claims = { iss: ISSUER, aud: "tickets", sub: "a" };

function openJwksBox(open: OpenBox, url: string): Promise<ApiBox> {
  return open({
    USER_JWT_SECRET: "",
    USER_JWKS_URL: url,
    USER_JWT_ISSUER: ISSUER,
    USER_JWT_AUDIENCE: "tickets",
  });
}

export function jwksScenarios(test: Scenario): void {
  test("USER_JWKS_URL accepts RS256, ES256 and EdDSA keys of the set, and nothing else", async (open) => {
    const pairs = await Promise.all(
      ["RS256", "ES256", "EdDSA"].map(async (alg) => ({
        alg,
        ...await generateKeyPair(alg, { extractable: true }),
      })),
    );
    const keys = await Promise.all(
      pairs.map(async ({ alg, publicKey }) => ({ ...await exportJWK(publicKey), alg, kid: alg })),
    );
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => Response.json({ keys }),
    );
    const box = await openJwksBox(open, `http://127.0.0.1:${server.addr.port}/jwks.json`);
    const exp = Math.floor(box.clock() / 1000) + 60;
    const status = async (token: string) =>
      (await box.call("GET", "/v1/balance", { headers: { Authorization: `Bearer ${token}` } }))
        .status;
    for (const { alg, privateKey } of pairs) {
      const token = (kid: string) =>
        new SignJWT({ ...claims, exp }).setProtectedHeader({ alg, kid }).sign(privateKey);
      assert.equal(await status(await token(alg)), 200, alg);
      assert.equal(await status(await token("unknown")), 401, `${alg} with an unknown key id`);
    }
    const stranger = await generateKeyPair("ES256");
    const forged = new SignJWT({ ...claims, exp }).setProtectedHeader({
      alg: "ES256",
      kid: "ES256",
    });
    assert.equal(await status(await forged.sign(stranger.privateKey)), 401);
    const symmetric = new SignJWT({ ...claims, exp }).setProtectedHeader({
      alg: "HS256",
      kid: "ES256",
    });
    const publicBytes = new TextEncoder().encode(JSON.stringify(keys[1]));
    assert.equal(
      await status(await symmetric.sign(publicBytes)),
      401,
      "no HS256 with a public key",
    );
  });

  test("the last good keys serve through an outage, and tokens with unknown keys fetch nothing", async (open) => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const keys = [{ ...await exportJWK(publicKey), alg: "ES256", kid: "a" }];
    let fetches = 0;
    let isDown = false;
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      fetches++;
      return isDown ? new Response("down", { status: 500 }) : Response.json({ keys });
    });
    const box = await openJwksBox(open, `http://127.0.0.1:${server.addr.port}/jwks.json`);
    const status = async (kid: string) => {
      const exp = Math.floor(box.clock() / 1000) + 60;
      const token = await new SignJWT({ ...claims, exp }).setProtectedHeader({ alg: "ES256", kid })
        .sign(privateKey);
      return (await box.call("GET", "/v1/balance", {
        headers: { Authorization: `Bearer ${token}` },
      })).status;
    };
    assert.equal(await status("a"), 200);
    isDown = true;
    box.clock.advance(3_600_000);
    assert.equal(await status("a"), 200);
    const before = fetches;
    for (let call = 0; call < 10; call++) assert.equal(await status(`junk ${call}`), 401);
    assert.equal(fetches, before, "one attempt an interval");
    const { body } = await box.call("GET", "/readyz");
    assert.deepEqual(body.dependencies, { redis: "up", postgres: "up", jwks: "up" });
    box.clock.advance(24 * 3_600_000);
    assert.equal(await status("a"), 503);
    const down = await box.call("GET", "/readyz");
    assert.deepEqual([down.status, down.body.dependencies.jwks], [503, "down"]);
  });

  test("/readyz names the key set only where there is one", async (open) => {
    const { call } = await open();
    const { body } = await call("GET", "/readyz");
    assert.deepEqual(body.dependencies, { redis: "up", postgres: "up" });
  });

  test("a key set that cannot be fetched is DEPENDENCY_UNAVAILABLE, and never lets a token pass", async (open) => {
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response("down", { status: 500 }),
    );
    const box = await openJwksBox(open, `http://127.0.0.1:${server.addr.port}/jwks.json`);
    const { privateKey } = await generateKeyPair("ES256");
    const token = await new SignJWT({ ...claims, exp: Math.floor(box.clock() / 1000) + 60 })
      .setProtectedHeader({ alg: "ES256", kid: "any" }).sign(privateKey);
    const { status, body, headers } = await box.call("GET", "/v1/balance", {
      headers: { Authorization: `Bearer ${token}` },
    });
    assert.deepEqual([status, body.code], [503, "DEPENDENCY_UNAVAILABLE"]);
    assert.ok(headers.get("Retry-After"));
  });
}
