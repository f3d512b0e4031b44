import type { RequestContext } from "../../application/request_context.ts";
import type { FanId } from "../../domain/ids.ts";
import type { QueueToken } from "../../domain/queue.ts";
import { ok, refused, type Result } from "../../domain/result.ts";
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
  "UNAUTHENTICATED" | "QUEUE_TOKEN_REQUIRED" | "QUEUE_TOKEN_INVALID" | "QUEUE_TOKEN_MISMATCH"
>;

/** The refusals of each need. The documentation uses the same table. */
export const AUTHENTICATION_FAILURES: {
  readonly [N in Needs]: readonly AuthenticationFailure["kind"][];
} = {
  nobody: [],
  user: ["UNAUTHENTICATED"],
  place: ["QUEUE_TOKEN_REQUIRED", "QUEUE_TOKEN_INVALID"],
  joining: ["UNAUTHENTICATED", "QUEUE_TOKEN_INVALID", "QUEUE_TOKEN_MISMATCH"],
  admitted: [
    "UNAUTHENTICATED",
    "QUEUE_TOKEN_REQUIRED",
    "QUEUE_TOKEN_INVALID",
    "QUEUE_TOKEN_MISMATCH",
  ],
  operator: ["UNAUTHENTICATED"],
  door: ["UNAUTHENTICATED"],
};

/** The checks of each kind of credentials. */
export interface Authentication {
  readonly verifyUser: VerifyUser;
  readonly queueTokens: QueueTokens;
  readonly verifyOperator: VerifyNamedToken;
  readonly verifyDoor: VerifyNamedToken;
}

type Checked<N extends Needs> = Promise<Result<Callers[N], AuthenticationFailure>>;

/** Checks the credentials without a store. */
export function authenticate<N extends Needs>(
  authentication: Authentication,
  needs: N,
  headers: Headers,
  context: RequestContext,
): Checked<N> {
  const checks: { [Need in Needs]: () => Checked<Need> } = {
    nobody: () => Promise.resolve(ok({})),
    user: () => user(authentication, headers, context),
    place: () => place(authentication, headers),
    joining: async () => {
      const fan = await user(authentication, headers, context);
      if (!fan.ok) return fan;
      if (!headers.get("Queue-Token")) return ok({ ...fan.value, earlier: null });
      const earlier = await ownPlace(authentication, headers, fan.value.fan);
      return earlier.ok ? ok({ ...fan.value, earlier: earlier.value.token }) : earlier;
    },
    admitted: async () => {
      const fan = await user(authentication, headers, context);
      if (!fan.ok) return fan;
      const found = await ownPlace(authentication, headers, fan.value.fan);
      return found.ok ? ok({ ...fan.value, ...found.value }) : found;
    },
    operator: () => operator(authentication, headers),
    door: async () => {
      const found = await operator(authentication, headers);
      if (found.ok) return ok({ role: "OPERATOR", name: found.value.operator });
      const token = bearer(headers);
      const name = token === null ? null : await authentication.verifyDoor(token);
      return name === null ? found : ok({ role: "DOOR", name });
    },
  };
  return checks[needs]();
}

async function user(
  authentication: Authentication,
  headers: Headers,
  context: RequestContext,
): Checked<"user"> {
  const token = bearer(headers);
  const fan = token === null ? null : await authentication.verifyUser(token, context);
  return fan === null ? refused({ kind: "UNAUTHENTICATED" }) : ok({ fan });
}

async function operator(authentication: Authentication, headers: Headers): Checked<"operator"> {
  const token = bearer(headers);
  const name = token === null ? null : await authentication.verifyOperator(token);
  return name === null ? refused({ kind: "UNAUTHENTICATED" }) : ok({ operator: name });
}

async function place(authentication: Authentication, headers: Headers): Checked<"place"> {
  const header = headers.get("Queue-Token");
  if (!header) return refused({ kind: "QUEUE_TOKEN_REQUIRED" });
  const token = authentication.queueTokens.verify(header);
  return token ? ok({ token }) : refused({ kind: "QUEUE_TOKEN_INVALID" });
}

/** The queue token, if it belongs to this fan. */
async function ownPlace(
  authentication: Authentication,
  headers: Headers,
  fan: FanId,
): Checked<"place"> {
  const found = await place(authentication, headers);
  if (!found.ok || found.value.token.fan === fan) return found;
  return refused({ kind: "QUEUE_TOKEN_MISMATCH" });
}

function bearer(headers: Headers): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.get("Authorization") ?? "")?.[1] ?? null;
}
