import { createHttpClient, type HttpClient, type HttpClientParts } from "./api/http_client.ts";
import { createStopSwitch, type StopSwitch } from "./api/stop_switch.ts";
import type { RushParts } from "./rush_parts.ts";
import { createObservations, type Observations } from "./observations.ts";

/** The audit sends all its requests at once. */
const OPERATOR_SOCKETS = 16;
const SAMPLER_SOCKETS = 1;
/** A server that is alive answers sooner, however busy its machine is. */
const OPERATOR_RETRY_LIMIT_MS = 300_000;

/** Clock, clients and observations of one rush. */
export interface RushTools {
  /** Milliseconds since the start of the rush. */
  readonly now: () => number;
  readonly observations: Observations;
  /** Retries until the crowd is stopped: its time limit is the only one. */
  readonly crowdClient: HttpClient;
  readonly crowdSwitch: StopSwitch;
  readonly samplerClient: HttpClient;
  readonly samplerSwitch: StopSwitch;
  readonly operatorClient: HttpClient;
  readonly operatorSwitch: StopSwitch;
  stopAllButOperator(): void;
}

export function createRushTools({ options, target, signal }: RushParts): RushTools {
  const startedAtMs = performance.now();
  const now = () => performance.now() - startedAtMs;
  const observations = createObservations();
  const crowdSwitch = createStopSwitch();
  const samplerSwitch = createStopSwitch();
  const operatorSwitch = createStopSwitch();
  const stopAll = () => {
    for (const each of [crowdSwitch, samplerSwitch, operatorSwitch]) each.stop();
  };
  if (signal.aborted) stopAll();
  else signal.addEventListener("abort", stopAll, { once: true });
  const { listener } = observations;
  const createClient = (
    parts: Pick<HttpClientParts, "sockets" | "stopSwitch"> & Partial<HttpClientParts>,
  ) => createHttpClient({ base: target.base, retryLimitMs: Infinity, now, listener, ...parts });
  return {
    now,
    observations,
    crowdClient: createClient({ sockets: options.sockets, stopSwitch: crowdSwitch }),
    crowdSwitch,
    samplerClient: createClient({ sockets: SAMPLER_SOCKETS, stopSwitch: samplerSwitch }),
    samplerSwitch,
    operatorClient: createClient({
      sockets: OPERATOR_SOCKETS,
      stopSwitch: operatorSwitch,
      retryLimitMs: OPERATOR_RETRY_LIMIT_MS,
      // The waits of the audit for a socket are not those of the crowd.
      listener: { ...listener, waitedForSocket() {} },
    }),
    operatorSwitch,
    stopAllButOperator() {
      crowdSwitch.stop();
      samplerSwitch.stop();
    },
  };
}
