import type { MiddlewareHandler } from "hono";
import type { ContinueTrace } from "../../ports/trace.ts";
import type { ApiEnv } from "./api_env.ts";

/** W3C Trace Context: version, trace id, id of the caller's span, flags; in later versions more. */
const TRACEPARENT =
  /^(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;

/** `bytes` random bytes, in hex. */
export type RandomHex = (bytes: number) => string;

export interface TraceContextOptions {
  readonly randomHex: RandomHex;
  readonly continueTrace: ContinueTrace;
}

/**
 * Continues the caller's trace, or begins one, with a span of its own for each request. The answer,
 * the log and the calls that go out name it.
 */
export function traceContext(
  { randomHex, continueTrace }: TraceContextOptions,
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const [, traceId, flags] = TRACEPARENT.exec(c.req.header("traceparent") ?? "") ?? [];
    const traceparent = `00-${traceId ?? randomHex(16)}-${randomHex(8)}-${flagsOf(flags)}`;
    c.set("traceparent", traceparent);
    await continueTrace(traceparent, next);
    c.res.headers.set("traceparent", traceparent);
  };
}

/** Of the flags, only "sampled" is known in version 00. */
function flagsOf(given: string | undefined): string {
  return Number.parseInt(given ?? "0", 16) & 1 ? "01" : "00";
}
