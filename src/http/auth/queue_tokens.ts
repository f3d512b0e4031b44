import { createHmac, timingSafeEqual } from "node:crypto";
import { isFanId, type RoomId } from "../../domain/ids.ts";
import type { QueueToken } from "../../domain/queue.ts";

/** The `typ` of the token's header. A user token never has it. */
export const QUEUE_TOKEN_TYPE = "stanchion-queue+jwt";

const MAX_TOKEN_LENGTH = 4096;
const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const HEADER = encode({ alg: "HS256", typ: QUEUE_TOKEN_TYPE });

export type SignQueueToken = (token: QueueToken) => string;

/** Queue tokens: JWTs (RFC 7519) signed with HS256. */
export interface QueueTokens {
  readonly sign: SignQueueToken;
  /** The content of a token; null if no secret of this service signed it. No store is needed. */
  verify(token: string): QueueToken | null;
}

/**
 * Signs with the first secret and accepts all, so that secrets can be rotated. The HMAC is
 * synchronous: each poll verifies a token, and WebCrypto would cross to a thread pool each time.
 */
export function createQueueTokens(secrets: readonly string[]): QueueTokens {
  const signature = (secret: string, input: string) =>
    createHmac("sha256", secret).update(input).digest("base64url");

  return {
    sign(token) {
      const input = `${HEADER}.${encode(claimsOf(token))}`;
      return `${input}.${signature(secrets[0]!, input)}`;
    },
    verify(token) {
      if (token.length > MAX_TOKEN_LENGTH) return null;
      const [header, payload, signed, ...rest] = token.split(".");
      // Only one header is possible, so no other algorithm or type reaches the signature.
      if (header !== HEADER || !payload || !signed || rest.length > 0) return null;
      const input = `${header}.${payload}`;
      const isSigned = secrets.some((secret) => isEqual(signature(secret, input), signed));
      return isSigned ? tokenOf(payload) : null;
    },
  };
}

/** Compares in a time that does not depend on the content. */
function isEqual(expected: string, given: string): boolean {
  const [a, b] = [encoder.encode(expected), encoder.encode(given)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

function encode(value: unknown): string {
  return encoder.encode(JSON.stringify(value)).toBase64(BASE64URL);
}

/**
 * `at`: when the token was made. `near` and `drawn`: 1 or absent. `name`: the pseudonym, or absent.
 */
function claimsOf(
  { room, fan, order, epoch, madeAtMs, isNear, pseudonym, isDrawn }: QueueToken,
) {
  return {
    sub: fan,
    room,
    epoch,
    ord: order,
    at: madeAtMs,
    ...(isNear ? { near: 1 } : {}),
    ...(pseudonym === null ? {} : { name: pseudonym }),
    ...(isDrawn ? { drawn: 1 } : {}),
  };
}

/** The token in a payload whose signature is valid; null if the payload is none. */
function tokenOf(payload: string): QueueToken | null {
  const { sub: fan, room, epoch, ord: order, at, near, name = null, drawn } = parse(payload);
  const isWellFormed = isFanId(fan) && typeof room === "string" && typeof epoch === "string" &&
    Number.isSafeInteger(order) && Number.isFinite(at) &&
    (name === null || typeof name === "string");
  if (!isWellFormed) return null;
  return {
    room: room as RoomId,
    fan,
    order: order as number,
    epoch,
    madeAtMs: at as number,
    isNear: near === 1,
    pseudonym: name,
    isDrawn: drawn === 1,
  };
}

function parse(payload: string): Record<string, unknown> {
  try {
    return { ...JSON.parse(decoder.decode(Uint8Array.fromBase64(payload, BASE64URL))) };
  } catch {
    return {};
  }
}
