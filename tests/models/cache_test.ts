import { createPaymentService } from "../../src/application/payment_service.ts";
import { createReadThrough } from "../../src/application/read_through.ts";
import { cacheHistories } from "./cache_histories.ts";
import { historiesTest } from "./histories.ts";
import { memoryCaches } from "./memory.ts";

const FILE = "tests/models/cache_test.ts";
const histories = cacheHistories({
  harness: memoryCaches(),
  createReadThrough,
  createPaymentService,
});

// More of them: cache_full_test.ts.
historiesTest("cache", FILE, 200, histories);

/** The shortest histories that the model once failed on. */
const FOUND: Record<string, Parameters<typeof histories.play>[0]["acts"]> = {
  "a cut-off follower does not hang those who wait in the same isolate": [
    { act: "ask", isolate: 0, key: 1, many: 1 },
    { act: "ask", isolate: 1, key: 1, many: 2 },
    { act: "pass", ms: 200 },
    { act: "land", load: 1, as: "CUT OFF", ttl: 0 },
  ],
  "a load cut off while the cache is broken does not hang those who ask later": [
    { act: "break down", as: "DEAF" },
    { act: "ask", isolate: 0, key: 0, many: 1 },
    { act: "land", load: 0, as: "CUT OFF", ttl: 0 },
    { act: "ask", isolate: 0, key: 0, many: 1 },
  ],
  "a value that outlives its leader does not outlive its own time": [
    { act: "ask", isolate: 0, key: 0, many: 2 },
    { act: "land", load: 0, as: "CUT OFF", ttl: 0 },
    { act: "pass", ms: 200 },
    { act: "land", load: 0, as: "VALUE", ttl: 0 },
    { act: "pass", ms: 1_000 },
    { act: "ask", isolate: 0, key: 0, many: 1 },
  ],
  "a result of nothing is not served to later callers": [
    { act: "ask", isolate: 0, key: 0, many: 2 },
    { act: "pass", ms: 200 },
    { act: "land", load: 1, as: "NULL", ttl: 0 },
    { act: "ask", isolate: 0, key: 0, many: 1 },
  ],
};

for (const [law, acts] of Object.entries(FOUND)) {
  Deno.test(`cache: ${law}`, () => histories.play({ acts }));
}
