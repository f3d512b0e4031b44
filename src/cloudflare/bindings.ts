import type { StaticFile } from "../http/pages/static_files.ts";
import type { RateLimiter } from "../ports/rate_limiter.ts";
import type { Report } from "../ports/report.ts";
import type { LocationCache } from "./front_documents.ts";

/** Static files. The Worker runs first and adds its own headers to them. */
export interface AssetsBinding {
  fetch(url: string): Promise<Response>;
}

/** The rate limit of Cloudflare. It counts for each location and gives only `success`. */
export interface RateLimitBinding {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

/** The environment of the Worker: settings as text, and bindings. */
export interface WorkerEnv {
  readonly ASSETS?: AssetsBinding;
  readonly JOIN_RATE_LIMIT?: RateLimitBinding;
}

/** Keeps tasks running after the answer. */
export interface WorkerContext {
  waitUntil(task: Promise<unknown>): void;
  passThroughOnException(): void;
  readonly props: unknown;
}

export function assetsOf({ ASSETS }: WorkerEnv): StaticFile {
  return async (path) => {
    const response = await ASSETS?.fetch(`http://assets/${path}`);
    return response?.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  };
}

/** Without the binding, or if it fails, every fan may join: the queue still limits admissions. */
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

/** The cache of the location, which every Worker has. */
export function locationCache(): LocationCache {
  return (caches as unknown as { readonly default: LocationCache }).default;
}

/** The settings in the environment of the Worker. */
export function settingsOf(env: WorkerEnv): Record<string, string> {
  const texts = Object.entries(env).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(texts);
}
