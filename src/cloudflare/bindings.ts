import { PROGRAM_VERSION } from "../domain/version.ts";
import type { StaticFile } from "../http/pages/static_files.ts";
import type { RateLimiter } from "../ports/rate_limiter.ts";
import type { Report } from "../ports/report.ts";
import type { RequestObserver } from "../ports/request_observer.ts";
import { type AnalyticsBinding, analyticsObserver } from "./analytics.ts";
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
  readonly REQUESTS?: AnalyticsBinding;
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

/** The period of the binding in wrangler.toml. It does not say when a key may try again. */
const JOIN_PERIOD_SECONDS = 60;

/** The limit of joins for each location. Without the binding, or if it fails, that of the isolate. */
export function joinLimitOf(
  { JOIN_RATE_LIMIT }: WorkerEnv,
  { ofIsolate, report }: { readonly ofIsolate: RateLimiter; readonly report: Report },
): RateLimiter {
  if (!JOIN_RATE_LIMIT) return ofIsolate;
  return async (fan) => {
    try {
      return (await JOIN_RATE_LIMIT.limit({ key: fan })).success ? null : JOIN_PERIOD_SECONDS;
    } catch (error) {
      report({ what: "rate_limit_failed", error });
      return await ofIsolate(fan);
    }
  };
}

/** The address of the caller. Cloudflare sets this header, whatever the caller sent. */
export function addressOf(request: Request): string {
  return request.headers.get("CF-Connecting-IP") ?? "";
}

/** Without the binding nothing is written. */
export function analyticsOf({ REQUESTS }: WorkerEnv, report: Report): RequestObserver[] {
  return REQUESTS ? [analyticsObserver(REQUESTS, { version: PROGRAM_VERSION, report })] : [];
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
