import type { IdempotentRequest } from "../../ports/idempotency.ts";
import { ok, refused, type Result } from "../../domain/result.ts";
import type { Callers, Needs } from "../auth/authentication.ts";
import type { ApiFailureOf } from "../problems/failures.ts";
import type { AnyEndpoint } from "./endpoint.ts";

export const IDEMPOTENCY_HEADER = "Idempotency-Key";
/** The header of an answer that an earlier request with the same key got. */
export const REPLAYED_HEADER = "Idempotency-Replayed";

const KEY = /^[\x21-\x7e]{1,255}$/;

/** What a request asks for, as its schemas parsed it. */
export interface Asked {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** The idempotency key of a request; undefined on a route without keys, null without a key. */
export async function readIdempotency(
  { idempotent, method, path, compared = (body: unknown) => body }: AnyEndpoint,
  headers: Headers,
  caller: Callers[Needs],
  asked: Asked,
): Promise<
  Result<IdempotentRequest | null | undefined, ApiFailureOf<"IDEMPOTENCY_KEY_REQUIRED">>
> {
  if (!idempotent) return ok(undefined);
  const key = headers.get(IDEMPOTENCY_HEADER);
  if (key === null && idempotent === "optional") return ok(null);
  if (key === null || !KEY.test(key)) return refused({ kind: "IDEMPOTENCY_KEY_REQUIRED" });
  return ok({
    caller: nameOf(caller),
    route: `${method} ${path}`,
    key,
    bodyHash: await hashOf({ ...asked, body: compared(asked.body) }),
  });
}

/** The owner of a key. Fans, operators and doors are kept apart. */
function nameOf(caller: Callers[Needs]): string {
  if ("fan" in caller) return `fan:${caller.fan}`;
  if ("operator" in caller) return `operator:${caller.operator}`;
  if ("role" in caller) return `${caller.role.toLowerCase()}:${caller.name}`;
  throw new Error("a route with idempotency keys needs the credentials of a fan or an operator");
}

/**
 * The hash of what is asked for. zod orders members by the schema, so their order is no matter.
 * Lists of ids are sets.
 */
async function hashOf(asked: Asked): Promise<string> {
  const text = JSON.stringify(
    asked,
    (name, value) => name.endsWith("Ids") && Array.isArray(value) ? value.toSorted() : value,
  );
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
