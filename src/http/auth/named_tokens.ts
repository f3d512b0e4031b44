import { timingSafeEqual } from "hono/utils/buffer";
import type { NamedToken } from "../../config_values.ts";

/** The name of the operator or of the door whose token this is, or null. */
export type VerifyNamedToken = (token: string) => Promise<string | null>;

/** Compares with every token in constant time, so that the duration reveals nothing. */
export function createNamedTokenVerifier(tokens: readonly NamedToken[]): VerifyNamedToken {
  return async (given) => {
    let found: string | null = null;
    for (const { name, token } of tokens) {
      if (await timingSafeEqual(token, given)) found ??= name;
    }
    return found;
  };
}
