import { rejects } from "node:assert/strict";
import type { memoryCache } from "../../src/adapters/memory/cache.ts";
import type { createPaymentService } from "../../src/application/payment_service.ts";
import type { createReadThrough } from "../../src/application/read_through.ts";
import { CACHE_MUTATIONS } from "./cache_mutations.ts";
import { cacheHistories } from "./cache_histories.ts";
import { controls } from "./controls.ts";
import { memoryCaches } from "./memory.ts";
import { mutate, pureCopy } from "./mutants.ts";
import type { Mutation } from "./mutations.ts";

/**
 * A test that cannot fail shows nothing. Each guard is taken out of a copy of the source, and the
 * model has to notice, by the law that it guards.
 */
async function cacheOf(folder: string, mutation: Mutation | null) {
  const load = await pureCopy(folder, mutation);
  const cache = await load<{ memoryCache: typeof memoryCache }>("adapters/memory/cache.ts");
  const through = await load<{ createReadThrough: typeof createReadThrough }>(
    "application/read_through.ts",
  );
  const paying = await load<{ createPaymentService: typeof createPaymentService }>(
    "application/payment_service.ts",
  );
  const harness = memoryCaches(cache.memoryCache);
  return cacheHistories({ harness, ...through, ...paying });
}

controls("cache", CACHE_MUTATIONS, cacheOf);

Deno.test("a control whose text is gone from the source fails", async () => {
  const [mutation] = CACHE_MUTATIONS;
  await rejects(mutate({ ...mutation!, text: "no such text" }), /has its text 0 times/);
});
