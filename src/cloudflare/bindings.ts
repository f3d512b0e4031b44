import type { DocsAsset } from "../http/pages/reference.ts";
import type { RateLimiter } from "../ports/rate_limiter.ts";
import type { Report } from "../ports/report.ts";

/** Static files: the Worker runs first, and answers them with the headers of its own. */
export interface AssetsBinding {
  fetch(url: string): Promise<Response>;
}

/** Cloudflare's rate limit: counts per location, and tells only whether this call may go on. */
export interface RateLimitBinding {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

/** What a Worker is given: settings as texts, and bindings. */
export interface WorkerEnv {
  readonly ASSETS?: AssetsBinding;
  readonly JOIN_RATE_LIMIT?: RateLimitBinding;
}

/** What may run on after an answer. */
export interface WorkerContext {
  waitUntil(task: Promise<unknown>): void;
  passThroughOnException(): void;
  readonly props: unknown;
}

export function assetsOf({ ASSETS }: WorkerEnv): DocsAsset {
  return async (name) => {
    const response = await ASSETS?.fetch(`http://assets/docs/${name}`);
    return response?.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  };
}

/** Without the binding, or when it fails, everybody may join: the line itself bounds the crowd. */
export function joinLimitOf({ JOIN_RATE_LIMIT }: WorkerEnv, report: Report): RateLimiter {
  if (!JOIN_RATE_LIMIT) return () => Promise.resolve(true);
  return async (fan) => {
    try {
      return (await JOIN_RATE_LIMIT.limit({ key: fan })).success;
    } catch (error) {
      report({ what: "rate_limit_failed", error });
      return true;
    }
  };
}

/** The settings among what a Worker is given. */
export function settingsOf(env: WorkerEnv): Record<string, string> {
  const texts = Object.entries(env).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(texts);
}
