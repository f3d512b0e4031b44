import type { memoryCache } from "../../src/adapters/memory/cache.ts";
import type { createSeatStatuses } from "../../src/application/seat_statuses.ts";
import { controls } from "./controls.ts";
import { memoryCaches } from "./memory.ts";
import { pureCopy } from "./mutants.ts";
import { SEAT_STATUSES_MUTATIONS } from "./cache_mutations.ts";
import type { Mutation } from "./mutations.ts";
import { seatStatusesHistories } from "./seat_statuses_histories.ts";

async function statusesOf(folder: string, mutation: Mutation | null) {
  const load = await pureCopy(folder, mutation);
  const cache = await load<{ memoryCache: typeof memoryCache }>("adapters/memory/cache.ts");
  const statuses = await load<{ createSeatStatuses: typeof createSeatStatuses }>(
    "application/seat_statuses.ts",
  );
  return seatStatusesHistories({ harness: memoryCaches(cache.memoryCache), ...statuses });
}

controls("seat statuses", SEAT_STATUSES_MUTATIONS, statusesOf);
