import { createPaymentService } from "../../src/application/payment_service.ts";
import { createReadThrough } from "../../src/application/read_through.ts";
import { cacheHistories } from "./cache_histories.ts";
import { historiesTest } from "./histories.ts";
import { memoryCaches } from "./memory.ts";

const FILE = "tests/models/cache_full_test.ts";
const harness = memoryCaches();
const histories = cacheHistories({ harness, createReadThrough, createPaymentService });

historiesTest("cache", FILE, 2_000, histories);
