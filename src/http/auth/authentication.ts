import type { FailureOf } from "../../domain/failures.ts";
import type { FanId } from "../../domain/ids.ts";
import type { PlaceRef } from "../../domain/queue.ts";
import { ok, refused, type Result } from "../../domain/result.ts";
import type { VerifyOperator } from "./operator_tokens.ts";
import type { QueueTokens } from "./queue_tokens.ts";
import type { VerifyUser } from "./user_tokens.ts";

/** What each kind of caller has proved, by what a route needs. */
export interface Callers {
  nobody: Record<never, never>;
  user: { readonly fan: FanId };
  /** A fan with any place in line: no user credential is asked for. */
  place: { readonly place: PlaceRef };
  /** A fan who may bring the token of an earlier place. */
  joining: { readonly fan: FanId; readonly earlier: PlaceRef | null };
  /** A fan with a place in line; whether it is admitted is asked of the line itself. */
  admitted: { readonly fan: FanId; readonly place: PlaceRef };
  operator: { readonly operator: string };
}

export type Needs = keyof Callers;

export type DoorFailure = FailureOf<
  "UNAUTHENTICATED" | "QUEUE_TOKEN_REQUIRED" | "QUEUE_TOKEN_INVALID" | "QUEUE_TOKEN_MISMATCH"
>;

/** Which refusals each door has. The documentation is made from the same table. */
export const DOOR_FAILURES: { readonly [N in Needs]: readonly DoorFailure["kind"][] } = {
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
};

export interface Doors {
  readonly verifyUser: VerifyUser;
  readonly queueTokens: QueueTokens;
  readonly verifyOperator: VerifyOperator;
}

type Checked<N extends Needs> = Promise<Result<Callers[N], DoorFailure>>;

/** Checks credentials alone: no store is asked, whatever they say. */
export function checkDoor<N extends Needs>(doors: Doors, needs: N, headers: Headers): Checked<N> {
  const checks: { [Door in Needs]: () => Checked<Door> } = {
    nobody: () => Promise.resolve(ok({})),
    user: () => user(doors, headers),
    place: () => place(doors, headers),
    joining: async () => {
      const fan = await user(doors, headers);
      if (!fan.ok) return fan;
      if (!headers.get("Queue-Token")) return ok({ ...fan.value, earlier: null });
      const earlier = await placeOf(doors, headers, fan.value.fan);
      return earlier.ok ? ok({ ...fan.value, earlier: earlier.value.place }) : earlier;
    },
    admitted: async () => {
      const fan = await user(doors, headers);
      if (!fan.ok) return fan;
      const found = await placeOf(doors, headers, fan.value.fan);
      return found.ok ? ok({ ...fan.value, ...found.value }) : found;
    },
    operator: async () => {
      const token = bearer(headers);
      const operator = token === null ? null : await doors.verifyOperator(token);
      return operator === null ? refused({ kind: "UNAUTHENTICATED" }) : ok({ operator });
    },
  };
  return checks[needs]();
}

async function user(doors: Doors, headers: Headers): Checked<"user"> {
  const token = bearer(headers);
  const fan = token === null ? null : await doors.verifyUser(token);
  return fan === null ? refused({ kind: "UNAUTHENTICATED" }) : ok({ fan });
}

async function place(doors: Doors, headers: Headers): Checked<"place"> {
  const token = headers.get("Queue-Token");
  if (!token) return refused({ kind: "QUEUE_TOKEN_REQUIRED" });
  const found = await doors.queueTokens.verify(token);
  return found ? ok({ place: found }) : refused({ kind: "QUEUE_TOKEN_INVALID" });
}

/** The place of the queue token, if it is this fan's. */
async function placeOf(doors: Doors, headers: Headers, fan: FanId): Checked<"place"> {
  const found = await place(doors, headers);
  if (!found.ok || found.value.place.fan === fan) return found;
  return refused({ kind: "QUEUE_TOKEN_MISMATCH" });
}

function bearer(headers: Headers): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.get("Authorization") ?? "")?.[1] ?? null;
}
