import type { Services } from "../../../src/application/services.ts";
import type { Config } from "../../../src/config.ts";
import type { App } from "../../../src/http/pipeline/api_env.ts";
import { siteFiles } from "../../../src/site/site.ts";
import type { Program } from "./program.ts";
import { works } from "./scheduler.ts";

/**
 * The API of a program, made once: it keeps nothing, and making it takes longer than a history. Each
 * request is served by the services of its own isolate.
 */
export function createSharedApi(program: Program, config: Config, template: Services): App {
  const { measure, continueTrace } = program.createTracing({ counters: NO_COUNTERS });
  const isolate = () => works.getStore()!.isolate;
  return program.createApi(config, {
    services: forwarded(template, () => isolate().services),
    clock: () => isolate().clock(),
    newId: () => isolate().newId(),
    randomHex: (bytes) => "1".repeat(2 * bytes),
    report: (event) => isolate().report(event),
    measure,
    continueTrace,
    observers: [],
    staticFiles: siteFiles,
  });
}

/** Round trips are counted by each isolate; here nothing takes real time. */
const NO_COUNTERS = { countRoundTrip() {} };

type Service = Record<string, unknown>;

/** Services of the same shape, whose methods are those of the present ones. */
function forwarded(template: Services, present: () => Services): Services {
  const services = Object.entries(template).map(([name, service]) => {
    if (service === null) return [name, null];
    if (typeof service === "function") {
      const call = (...args: unknown[]) =>
        (present() as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!(...args);
      return [name, call];
    }
    const members = Object.keys(service).map((member) => {
      const value = (service as Service)[member];
      if (typeof value !== "function") return [member, value];
      const call = (...args: unknown[]) => {
        const now = (present() as unknown as Record<string, Service>)[name]!;
        return (now[member] as (...args: unknown[]) => unknown)(...args);
      };
      return [member, call];
    });
    return [name, Object.fromEntries(members)];
  });
  return Object.fromEntries(services);
}
