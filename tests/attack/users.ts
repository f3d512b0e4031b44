import { exportJWK, exportSPKI, generateKeyPair } from "jose";
import { createSigningKeys } from "../../src/adapters/node_crypto/signing_keys.ts";
import type { ApiBox, BoxSettings } from "../support/api_box.ts";
import { ed25519Signed, hmacSigned } from "./tokens.ts";
import { AUDIENCE, ISSUER, type Material } from "./wrong_bearers.ts";

/** Who signs the user tokens of a box. */
export interface IdentityProvider {
  readonly settings: BoxSettings;
  readonly sign: Material["sign"];
  /** Forgeries that only its kind of keys makes possible. */
  forgeries(claims: Readonly<Record<string, unknown>>): Promise<Record<string, string>>;
  close(): Promise<void>;
}

const NAMES = { USER_JWT_ISSUER: ISSUER, USER_JWT_AUDIENCE: AUDIENCE };
const SECRET = "u".repeat(32);

/** One that shares a secret with the service. */
export function secretProvider(): IdentityProvider {
  const signed = (alg: string, hash: string) => (claims: Record<string, unknown>) =>
    hmacSigned({ header: { alg, typ: "JWT" }, claims }, SECRET, hash);
  return {
    settings: { ...NAMES, USER_JWT_SECRET: SECRET },
    sign: (claims, header = {}) =>
      hmacSigned({ header: { alg: "HS256", typ: "JWT", ...header }, claims }, SECRET),
    forgeries: (claims) =>
      Promise.resolve({
        "of HS384": signed("HS384", "sha384")(claims),
        "of HS512": signed("HS512", "sha512")(claims),
        "of HS256 that says HS512": signed("HS512", "sha256")(claims),
        "of HS512 that says HS256": signed("HS256", "sha512")(claims),
        "of the secret in the header": hmacSigned({
          header: { alg: "HS256", jwk: { kty: "oct", k: btoa("x".repeat(32)) } },
          claims,
        }, "x".repeat(32)),
      }),
    close: () => Promise.resolve(),
  };
}

const IDP_SEED = "7".repeat(64);
const EVIL_SEED = "6".repeat(64);

function publicJwk(seed: string, kid: string): Record<string, unknown> {
  return { ...createSigningKeys([seed]).publicKeys[0]!, kid };
}

/** One that publishes its keys: a key set that is served on loopback. */
export async function keySetProvider(): Promise<IdentityProvider> {
  const rsa = await generateKeyPair("RS256", { extractable: true });
  const ed = publicJwk(IDP_SEED, "ed");
  const rsaJwk = { ...await exportJWK(rsa.publicKey), alg: "RS256", kid: "rsa" };
  const pem = await exportSPKI(rsa.publicKey);
  const evil = publicJwk(EVIL_SEED, "ed");
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json({ keys: [ed, rsaJwk] }),
  );
  const hs256 = (kid: string, key: string | Uint8Array) => (claims: Record<string, unknown>) =>
    hmacSigned({ header: { alg: "HS256", typ: "JWT", kid }, claims }, key);
  const x = Uint8Array.fromBase64(String(ed["x"]), { alphabet: "base64url" });
  return {
    settings: {
      ...NAMES,
      USER_JWT_SECRET: "",
      USER_JWKS_URL: `http://127.0.0.1:${server.addr.port}/jwks.json`,
    },
    sign: (claims, header = {}) =>
      ed25519Signed(
        { header: { alg: "EdDSA", typ: "JWT", kid: "ed", ...header }, claims },
        IDP_SEED,
      ),
    forgeries: (claims) => {
      const by = (header: Record<string, unknown>, seed = IDP_SEED) =>
        ed25519Signed({ header: { alg: "EdDSA", kid: "ed", ...header }, claims }, seed);
      return Promise.resolve({
        "of HS256 by the public key's PEM": hs256("rsa", pem)(claims),
        "of HS256 by the public key's PEM without its last line end": hs256("rsa", pem.trim())(
          claims,
        ),
        "of HS256 by the public key's JWK": hs256("ed", JSON.stringify(ed))(claims),
        "of HS256 by the public key's bytes": hs256("ed", x)(claims),
        "of HS256 by the public key's x": hs256("ed", String(ed["x"]))(claims),
        "of HS256 by the modulus": hs256("rsa", String(rsaJwk.n))(claims),
        "of HS256 by the key set": hs256("rsa", JSON.stringify({ keys: [ed, rsaJwk] }))(claims),
        "of an unknown kid": by({ kid: "unknown" }),
        "of another key's kid": by({ kid: "rsa" }),
        "of a kid that is a path": by({ kid: "../../../dev/null" }),
        "of a kid that is a query": by({ kid: "' or 1=1 --" }),
        "of RS256 with an Ed25519 signature": by({ alg: "RS256", kid: "rsa" }),
        "of ES256 with an Ed25519 signature": by({ alg: "ES256" }),
        "of a stranger's key": by({}, EVIL_SEED),
        "of the key in its own header": by({ jwk: evil }, EVIL_SEED),
        "of the key at its own address": by({ jku: "https://evil.test/jwks.json" }, EVIL_SEED),
        "of the certificate in its header": by({ x5c: [btoa("evil")] }, EVIL_SEED),
        "of a shared secret of another run": hmacSigned(
          { header: { alg: "HS256", typ: "JWT" }, claims },
          SECRET,
        ),
      });
    },
    close: () => server.shutdown(),
  };
}

/** A box whose fans have the tokens of this provider. */
export function withProvider(box: ApiBox, { sign }: IdentityProvider): ApiBox {
  const userToken = (fan: string) => {
    const now = Math.floor(box.clock() / 1000);
    return Promise.resolve(
      sign({ sub: fan, iat: now, exp: now + 3600, iss: ISSUER, aud: AUDIENCE }),
    );
  };
  return {
    ...box,
    userToken,
    async call(method, path, { fan, ...sent } = {}) {
      if (fan === undefined) return await box.call(method, path, sent);
      const headers = { ...sent.headers, Authorization: `Bearer ${await userToken(fan)}` };
      return await box.call(method, path, { ...sent, headers });
    },
  };
}
