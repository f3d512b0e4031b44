import { DependencyError } from "../../domain/failures.ts";
import type { Challenge, ChallengedJoin } from "../../ports/challenge.ts";
import type { Trace } from "../../ports/trace.ts";
import { boundedText } from "../fetch/bounded_text.ts";

const VERIFY_URL = "https://challenges.cloudflare.com/turnstile/v0/siteverify";
const SCRIPT_URL = "https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit";
const DEADLINE_MS = 3_000;
const MAX_ANSWER_BYTES = 16 * 1024;
/** The action of the widget in front of a line. A token of another action is for another form. */
const ACTION = "join";

/** The error codes that are a verdict on the token. All others are faults of this service or theirs. */
const VERDICTS = [
  "invalid-input-response",
  "missing-input-response",
  "timeout-or-duplicate",
];

export interface TurnstileChallengeOptions {
  readonly secret: string;
  readonly siteKey: string;
  readonly trace: Pick<Trace, "headers">;
  readonly verifyUrl?: string;
  /** A signal that aborts after so many milliseconds. */
  readonly deadline?: (ms: number) => AbortSignal;
}

interface Verdict {
  readonly success: boolean;
  readonly action?: unknown;
  readonly "error-codes"?: readonly string[];
}

/**
 * Cloudflare Turnstile. The address of the fan is not sent: phones change it between the challenge
 * and the join. Whose pages may show the widget is a setting of the widget at Cloudflare.
 */
export function turnstileChallenge(
  {
    secret,
    siteKey,
    trace,
    verifyUrl = VERIFY_URL,
    deadline = (ms) => AbortSignal.timeout(ms),
  }: TurnstileChallengeOptions,
): Challenge {
  async function verdict(token: string, join: ChallengedJoin): Promise<Verdict> {
    const response = await fetch(verifyUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...trace.headers() },
      body: JSON.stringify({
        secret,
        response: token,
        idempotency_key: await idempotencyKey(token, join),
      }),
      // A redirect could carry the secret elsewhere.
      redirect: "manual",
      signal: deadline(DEADLINE_MS),
    });
    return asVerdict(response.status, await boundedText(response, MAX_ANSWER_BYTES, "the verdict"));
  }

  return {
    siteKey,
    scriptUrl: SCRIPT_URL,
    async hasPassed(token, join) {
      const { success, action } = await verdict(token, join).catch((error) => {
        throw new DependencyError("turnstile", error);
      });
      return success && (!action || action === ACTION);
    },
  };
}

/** Throws unless the answer says of the token whether it is valid. */
function asVerdict(status: number, text: string): Verdict {
  let value: Partial<Verdict> | null;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`status ${status} without JSON`);
  }
  if (value?.success === true) return value as Verdict;
  const codes = value?.["error-codes"];
  const isVerdict = value?.success === false && Array.isArray(codes) && codes.length > 0 &&
    codes.every((code) => VERDICTS.includes(code));
  if (!isVerdict) throw new Error(`status ${status}, errors ${JSON.stringify(codes)}`);
  return value as Verdict;
}

/**
 * A UUID of token and join: Turnstile answers a call with the same one as it did before. So a join
 * that is sent again passes again, and the token of one fan passes for no other.
 */
async function idempotencyKey(token: string, { room, fan }: ChallengedJoin): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify([token, room, fan]));
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", text)).subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
