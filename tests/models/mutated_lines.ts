import type { memoryQueueStore } from "../../src/adapters/memory/queue_store.ts";
import type { MakeQueue } from "../contract/queue_store/harness.ts";
import { memoryLines } from "./memory.ts";
import { pureCopy } from "./mutants.ts";
import type { Mutation } from "./mutations.ts";

/** Lines of a copy of the source in `folder`, without the guard that the mutation removes. */
export async function mutatedLines(folder: string, mutation: Mutation | null): Promise<MakeQueue> {
  const load = await pureCopy(folder, mutation);
  const module = await load<{ memoryQueueStore: typeof memoryQueueStore }>(
    "adapters/memory/queue_store.ts",
  );
  return memoryLines(module.memoryQueueStore);
}
