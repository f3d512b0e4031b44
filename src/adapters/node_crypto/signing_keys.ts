import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import type { PublicKey, SigningKeys } from "../../ports/signing_keys.ts";

/** What precedes the 32 bytes of a private key in PKCS #8 (RFC 8410, 7). */
const PKCS8_PREFIX = "302e020100300506032b657004220420";
/** 66 bits of the thumbprint. They tell the few keys of one service apart, and keep codes short. */
const KEY_ID_LENGTH = 11;
/** Of 64 bytes, which every signature has. */
const BASE64_PADDING = "==";
const encoder = new TextEncoder();

interface Key {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: PublicKey;
}

/**
 * Keys of seeds in hex: the private keys of RFC 8032. A signature takes 20 µs here, and is
 * synchronous: WebCrypto crosses to a thread pool each time.
 */
export function createSigningKeys(seeds: readonly string[]): SigningKeys {
  const keys = seeds.map(keyOf);
  const byId = new Map(keys.map((key) => [key.jwk.kid, key]));
  const [signing] = keys;
  if (!signing) throw new Error("there is no key to sign with");

  return {
    keyId: signing.jwk.kid,
    sign: (text) => sign(null, encoder.encode(text), signing.privateKey).toString("base64url"),
    verify(keyId, text, signature) {
      const key = byId.get(keyId);
      const bytes = decode(signature);
      return key !== undefined && bytes !== null &&
        verify(null, encoder.encode(text), key.publicKey, bytes);
    },
    publicKeys: [...byId.values()].map(({ jwk }) => jwk),
  };
}

function keyOf(seed: string): Key {
  const pkcs8 = Uint8Array.fromHex(PKCS8_PREFIX + seed).toBase64();
  const privateKey = createPrivateKey(
    `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----`,
  );
  const publicKey = createPublicKey(privateKey);
  const { x } = publicKey.export({ format: "jwk" }) as { x: string };
  const jwk = { kty: "OKP", crv: "Ed25519", x } as const;
  return {
    privateKey,
    publicKey,
    jwk: { ...jwk, kid: thumbprint(x).slice(0, KEY_ID_LENGTH), alg: "EdDSA", use: "sig" },
  };
}

/** RFC 7638, with the required members of RFC 8037. */
function thumbprint(x: string): string {
  const members = JSON.stringify({ crv: "Ed25519", kty: "OKP", x });
  return createHash("sha256").update(members).digest("base64url");
}

/** Null if it is not base64url. The strict decoder takes only one text for the same bytes. */
function decode(signature: string): Uint8Array | null {
  try {
    return Uint8Array.fromBase64(signature + BASE64_PADDING, {
      alphabet: "base64url",
      lastChunkHandling: "strict",
    });
  } catch {
    return null;
  }
}
