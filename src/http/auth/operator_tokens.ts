import { timingSafeEqual } from "hono/utils/buffer";
import type { Operator } from "../../config.ts";

/** The name of the operator whose token this is, or null. */
export type VerifyOperator = (token: string) => Promise<string | null>;

/** Compares with every token in constant time, so that the duration reveals nothing. */
export function createOperatorVerifier(operators: readonly Operator[]): VerifyOperator {
  return async (token) => {
    let found: string | null = null;
    for (const operator of operators) {
      if (await timingSafeEqual(operator.token, token)) found ??= operator.name;
    }
    return found;
  };
}
