import type { Clock } from "../../../src/ports/clock.ts";
import type { Program } from "./program.ts";
import type { Wire } from "./scheduler.ts";

/** What the application calls. */
export const WIRE_NAMES = [
  "redis",
  "postgres",
  "identity provider",
  "verifier",
  "receiver",
  "documents",
] as const;
export type WireName = typeof WIRE_NAMES[number];
export type Wires = { readonly [Name in WireName]: Wire };

/** How the stores are now. Times are those until which it lasts. */
export interface Weather {
  readonly awayUntilMs: Record<WireName, number>;
  /** Redis refuses what may write. */
  shortOfMemoryUntilMs: number;
  /** Receivers take a request and never answer it. */
  hangUntilMs: number;
}

/** The deadlines of the adapters. */
const DEADLINES_MS: { readonly [Name in WireName]: number } = {
  redis: 2_000,
  postgres: 8_000,
  "identity provider": 2_000,
  verifier: 3_000,
  receiver: 5_000,
  documents: 1_000,
};
/** These write nothing, or make room. */
const NEEDS_NO_MEMORY = new Set(["cache.read", "cache.evict", "cache.release", "queue.ping"]);

export function newWeather(): Weather {
  const away = WIRE_NAMES.map((name) => [name, -Infinity]);
  return {
    awayUntilMs: Object.fromEntries(away),
    shortOfMemoryUntilMs: -Infinity,
    hangUntilMs: -Infinity,
  };
}

export function createWires(
  { DependencyError }: Pick<Program, "DependencyError">,
  weather: Weather,
  clock: Clock,
): Wires {
  function failure(name: WireName, why: string): Error {
    if (name === "redis" || name === "postgres") return new DependencyError(name, new Error(why));
    return new TypeError(why);
  }
  const wires = WIRE_NAMES.map((name): [WireName, Wire] => [name, {
    name,
    deadlineMs: DEADLINES_MS[name],
    isDown: (what) =>
      clock() < weather.awayUntilMs[name] ||
      (name === "redis" && clock() < weather.shortOfMemoryUntilMs && !NEEDS_NO_MEMORY.has(what)),
    failure: (why) => failure(name, why),
  }]);
  return Object.fromEntries(wires) as Wires;
}
