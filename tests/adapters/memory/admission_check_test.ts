import { memoryAdmissionCheck } from "../../../src/adapters/memory/admission_check.ts";
import { memoryCache } from "../../../src/adapters/memory/cache.ts";
import { memoryQueueStore } from "../../../src/adapters/memory/queue_store.ts";
import { admissionCheckContract } from "../../contract/admission_check/contract.ts";
import { TEST_SETTINGS } from "../../contract/queue_store/harness.ts";
import { testClock } from "../../support/test_clock.ts";

admissionCheckContract("memory admission check", async () => {
  const clock = testClock();
  const queue = memoryQueueStore({ settings: TEST_SETTINGS, clock, newId: () => "epoch" });
  const cache = memoryCache({ clock });
  return { queue, cache, check: memoryAdmissionCheck({ queue, cache }), close: async () => {} };
});
