import type { memoryQueueStore } from "../../src/adapters/memory/queue_store.ts";
import type { RedisClient } from "../../src/adapters/upstash/client.ts";
import { lineHistories } from "./line/histories.ts";
import type { Program } from "./line/isolates.ts";
import { Laws } from "./line/laws.ts";
import type { LineHistory } from "./line/acts.ts";
import { memoryModelLines } from "./line/memory_lines.ts";
import { PROGRAM } from "./line/program.ts";
import { type MakeScripts, redisModelLines } from "./line/redis_lines.ts";
import type { Histories } from "./histories.ts";
import { pureCopy } from "./mutants.ts";
import type { Mutation } from "./mutations.ts";

const PROGRAM_FILES = [
  "application/admission.ts",
  "application/fronts.ts",
  "application/kept_fronts.ts",
  "application/queue_service.ts",
  "application/rules_on_demand.ts",
  "domain/failures.ts",
];

/** Histories of the line in Redis with scripts without the guard that the mutation removes. */
export async function mutatedRedisLine(
  folder: string,
  mutation: Mutation | null,
  redis: () => RedisClient,
): Promise<Histories<LineHistory>> {
  const load = await pureCopy(folder, mutation);
  const { createQueueScripts } = await load<{ createQueueScripts: MakeScripts }>(
    "adapters/upstash/queue_scripts.ts",
  );
  return lineHistories(redisModelLines(redis, createQueueScripts), PROGRAM, new Laws());
}

/** Histories of a copy of the source in `folder`, without the guard that the mutation removes. */
export async function mutatedLine(
  folder: string,
  mutation: Mutation | null,
): Promise<Histories<LineHistory>> {
  const load = await pureCopy(folder, mutation);
  const store = await load<{ memoryQueueStore: typeof memoryQueueStore }>(
    "adapters/memory/queue_store.ts",
  );
  const modules = await Promise.all(
    PROGRAM_FILES.map((file) => load<Partial<Program>>(file)),
  );
  const program = Object.assign({}, ...modules) as Program;
  return lineHistories(memoryModelLines(store.memoryQueueStore), program, new Laws());
}
