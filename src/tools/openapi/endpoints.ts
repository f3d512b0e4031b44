import { createIsolateCounters } from "../../application/isolate_counters.ts";
import { createKeptFronts } from "../../application/kept_fronts.ts";
import { assemble } from "../../composition/assemble.ts";
import { createEmbeddedStores } from "../../composition/embedded_stores.ts";
import { createTracing } from "../../composition/tracing.ts";
import { parseConfig } from "../../config.ts";
import { apiEndpoints } from "../../http/endpoints.ts";
import type { AnyEndpoint } from "../../http/pipeline/endpoint.ts";

/** The endpoints of every deployment, to be described: their services have no database. */
export function describedEndpoints(): AnyEndpoint[] {
  const config = parseConfig({}, () => "5".repeat(64));
  const clock = () => 0;
  const random = () => 0.5;
  const newId = () => "id";
  const sql = () => Promise.reject(new Error("these services are only described"));
  const counters = createIsolateCounters({ clock, isolate: "" });
  const { trace } = createTracing({ counters });
  const stores = createEmbeddedStores(config, {
    sql,
    trace,
    clock,
    newId,
    random,
    onFront: () => {},
  });
  const services = assemble(config, {
    trace,
    counters,
    stores,
    clock,
    newId,
    random,
    sleep: () => Promise.resolve(),
    report: () => {},
    limitJoins: () => Promise.resolve(null),
    keptFronts: createKeptFronts({ clock }),
    frontDocuments: null,
  });
  return apiEndpoints(config, services);
}
