import type { RequestContext } from "../../application/request_context.ts";
import type { FanId } from "../../domain/ids.ts";
import type { QueueToken } from "../../domain/queue.ts";
import { networkOf } from "../../domain/network.ts";
import { ok, refused, type Result } from "../../domain/result.ts";
import type { RateLimiter } from "../../ports/rate_limiter.ts";
import type { ApiFailureOf } from "../problems/failures.ts";
import type { VerifyNamedToken } from "./named_tokens.ts";
import type { QueueTokens } from "./queue_tokens.ts";
import type { VerifyUser } from "./user_tokens.ts";

/** What the credentials prove, by the need of the route. */
export interface Callers {
  nobody: Record<never, never>;
  user: { readonly fan: FanId };
  /** A fan with a queue token; no user token is needed. */
  place: { readonly token: QueueToken };
  /** A fan who may send the token of an earlier place. */
  joining: { readonly fan: FanId; readonly earlier: QueueToken | null };
  /** A fan with a queue token. The act checks that the place is admitted. */
  admitted: { readonly fan: FanId; readonly token: QueueToken };
  operator: { readonly operator: string };
  /** A door, or an operator. */
  door: { readonly role: "DOOR" | "OPERATOR"; readonly name: string };
}

export type Needs = keyof Callers;

export type AuthenticationFailure = ApiFailureOf<
  | "UNAUTHENTICATED"
  | "QUEUE_TOKEN_REQUIRED"
  | "QUEUE_TOKEN_INVALID"
  | "QUEUE_TOKEN_MISMATCH"
  | "RATE_LIMITED"
>;

/** The refusals of each need. The documentation uses the same table. */
export const AUTHENTICATION_FAILURES: {
  readonly [N in Needs]: readonly AuthenticationFailure["kind"][];
} = {
  nobody: [],
  user: ["UNAUTHENTICATED", "RATE_LIMITED"],
  place: ["QUEUE_TOKEN_REQUIRED", "QUEUE_TOKEN_INVALID", "RATE_LIMITED"],
  joining: ["UNAUTHENTICATED", "QUEUE_TOKEN_INVALID", "QUEUE_TOKEN_MISMATCH", "RATE_LIMITED"],
  admitted: [
    "UNAUTHENTICATED",
    "QUEUE_TOKEN_REQUIRED",
    "QUEUE_TOKEN_INVALID",
    "QUEUE_TOKEN_MISMATCH",
    "RATE_LIMITED",
  ],
  operator: ["UNAUTHENTICATED", "RATE_LIMITED"],
  door: ["UNAUTHENTICATED", "RATE_LIMITED"],
};

/** The checks of each kind of credentials. */
export interface Authentication {
  readonly verifyUser: VerifyUser;
  readonly queueTokens: QueueTokens;
  readonly verifyOperator: VerifyNamedToken;
  readonly verifyDoor: VerifyNamedToken;
  /** Counts credentials that nobody here signed, by the network that sends them. */
  readonly limitFailed: RateLimiter;
}

/** What a request has to prove who sends it. */
export interface Sender {
  readonly headers: Headers;
  /** By the platform. No header of the caller says it. */
  readonly address: string;
}

type Checked<N extends Needs> = Promise<Result<Callers[N], AuthenticationFailure>>;

/**
 * Checks the credentials without a store. A good credential is never limited, whatever else its
 * address sends: mobile networks share addresses.
 */
export function authenticate<N extends Needs>(
  authentication: Authentication,
  needs: N,
  sender: Sender,
  context: RequestContext,
): Checked<N> {
  const checks: { [Need in Needs]: () => Checked<Need> } = {
    nobody: () => Promise.resolve(ok({})),
    user: () => user(authentication, sender, context),
    place: async () => {
      const found = await place(authentication, sender);
      return found.ok || found.failure.kind !== "QUEUE_TOKEN_INVALID"
        ? found
        : await counted(authentication, sender.address, found.failure);
    },
    joining: async () => {
      const fan = await user(authentication, sender, context);
      if (!fan.ok) return fan;
      if (!sender.headers.get("Queue-Token")) return ok({ ...fan.value, earlier: null });
      const earlier = await ownPlace(authentication, sender, fan.value.fan);
      return earlier.ok ? ok({ ...fan.value, earlier: earlier.value.token }) : earlier;
    },
    admitted: async () => {
      const fan = await user(authentication, sender, context);
      if (!fan.ok) return fan;
      const found = await ownPlace(authentication, sender, fan.value.fan);
      return found.ok ? ok({ ...fan.value, ...found.value }) : found;
    },
    operator: async () => {
      const operator = await nameOf(sender, authentication.verifyOperator);
      return operator === null ? await refusedBearer(authentication, sender) : ok({ operator });
    },
    door: async () => {
      const operator = await nameOf(sender, authentication.verifyOperator);
      if (operator !== null) return ok({ role: "OPERATOR", name: operator });
      const door = await nameOf(sender, authentication.verifyDoor);
      if (door !== null) return ok({ role: "DOOR", name: door });
      return await refusedBearer(authentication, sender);
    },
  };
  return checks[needs]();
}

/** The fan of a user token. */
export async function verifiedFan(
  authentication: Authentication,
  token: string,
  address: string,
  context: RequestContext,
): Promise<Result<FanId, ApiFailureOf<"UNAUTHENTICATED" | "RATE_LIMITED">>> {
  const fan = await authentication.verifyUser(token, context);
  if (fan.ok) return fan;
  const refusal = { kind: "UNAUTHENTICATED" } as const;
  return fan.failure === "EXPIRED"
    ? refused(refusal)
    : await counted(authentication, address, refusal);
}

async function user(
  authentication: Authentication,
  sender: Sender,
  context: RequestContext,
): Checked<"user"> {
  const token = bearer(sender);
  if (token === null) return await refusedBearer(authentication, sender);
  const fan = await verifiedFan(authentication, token, sender.address, context);
  return fan.ok ? ok({ fan: fan.value }) : fan;
}

async function nameOf(sender: Sender, verify: VerifyNamedToken): Promise<string | null> {
  const token = bearer(sender);
  return token === null ? null : await verify(token);
}

async function place({ queueTokens }: Authentication, { headers }: Sender) {
  const header = headers.get("Queue-Token");
  if (!header) return refused({ kind: "QUEUE_TOKEN_REQUIRED" } as const);
  const token = queueTokens.verify(header);
  return token ? ok({ token }) : refused({ kind: "QUEUE_TOKEN_INVALID" } as const);
}

/** The queue token, if it belongs to this fan. One that is not valid counts for nothing: its fan is known. */
async function ownPlace(
  authentication: Authentication,
  sender: Sender,
  fan: FanId,
): Checked<"place"> {
  const found = await place(authentication, sender);
  if (!found.ok || found.value.token.fan === fan) return found;
  return refused({ kind: "QUEUE_TOKEN_MISMATCH" });
}

/** The refusal of an `Authorization` header that is missing, which counts for nothing, or wrong. */
async function refusedBearer(authentication: Authentication, { headers, address }: Sender) {
  const refusal = { kind: "UNAUTHENTICATED" } as const;
  return headers.get("Authorization")
    ? await counted(authentication, address, refusal)
    : refused(refusal);
}

/** The refusal of a credential that nobody here signed, or that of too many of them. */
async function counted<Refusal>(
  { limitFailed }: Authentication,
  address: string,
  refusal: Refusal,
): Promise<{ ok: false; failure: Refusal | ApiFailureOf<"RATE_LIMITED"> }> {
  const retryAfterSeconds = await limitFailed(networkOf(address));
  return retryAfterSeconds === null
    ? refused(refusal)
    : refused({ kind: "RATE_LIMITED", of: "CREDENTIALS", retryAfterSeconds });
}

function bearer({ headers }: Sender): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.get("Authorization") ?? "")?.[1] ?? null;
}
