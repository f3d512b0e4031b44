import { memoryAdmissionCheck } from "../../../src/adapters/memory/admission_check.ts";
import { memoryCache } from "../../../src/adapters/memory/cache.ts";
import { memoryQueueStore } from "../../../src/adapters/memory/queue_store.ts";
import { createKeptFronts } from "../../../src/application/kept_fronts.ts";
import { assemble } from "../../../src/composition/assemble.ts";
import { createPostgresRepositories } from "../../../src/composition/postgres_repositories.ts";
import { createIsolateCounters } from "../../../src/application/isolate_counters.ts";
import { createTracing } from "../../../src/composition/tracing.ts";
import { DependencyError } from "../../../src/domain/failures.ts";
import { createApi } from "../../../src/http/api.ts";

/** The application as its composition roots build it; a negative control brings a mutated one. */
export interface Program {
  readonly assemble: typeof assemble;
  readonly createApi: typeof createApi;
  readonly createIsolateCounters: typeof createIsolateCounters;
  readonly createKeptFronts: typeof createKeptFronts;
  readonly createPostgresRepositories: typeof createPostgresRepositories;
  readonly createTracing: typeof createTracing;
  readonly DependencyError: typeof DependencyError;
  readonly memoryAdmissionCheck: typeof memoryAdmissionCheck;
  readonly memoryCache: typeof memoryCache;
  readonly memoryQueueStore: typeof memoryQueueStore;
}

/** The files of these parts, in the order of their names. */
export const PROGRAM_FILES = [
  "composition/assemble.ts",
  "http/api.ts",
  "application/isolate_counters.ts",
  "application/kept_fronts.ts",
  "composition/postgres_repositories.ts",
  "composition/tracing.ts",
  "domain/failures.ts",
  "adapters/memory/admission_check.ts",
  "adapters/memory/cache.ts",
  "adapters/memory/queue_store.ts",
];

/** The program as it is. */
export const PROGRAM: Program = {
  assemble,
  createApi,
  createIsolateCounters,
  createKeptFronts,
  createPostgresRepositories,
  createTracing,
  DependencyError,
  memoryAdmissionCheck,
  memoryCache,
  memoryQueueStore,
};
