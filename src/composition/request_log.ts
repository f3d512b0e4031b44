import { createLogPseudonyms } from "../adapters/node_crypto/pseudonyms.ts";
import { createRequestLog, type RequestLogDependencies } from "../application/request_log.ts";
import type { Config } from "../config.ts";
import type { RequestObserver } from "../ports/request_observer.ts";

/** The log of requests; the first signing key is the secret of its pseudonyms. */
export function requestLogOf(
  { logSamplePercent, signingKeys: [seed] }: Config,
  given: Pick<RequestLogDependencies, "clock" | "random" | "write">,
): RequestObserver {
  return createRequestLog({
    ...given,
    samplePercent: logSamplePercent,
    pseudonymOf: createLogPseudonyms(seed!),
  });
}
