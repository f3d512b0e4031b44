import { memoryQueueStore } from "../../../src/adapters/memory/queue_store.ts";
import { type MakeQueue, queueStoreContract } from "../../contract/queue_store.ts";
import { TEST_SETTINGS } from "../../contract/queue_store/harness.ts";
import { testClock } from "../../contract/test_clock.ts";

const memoryQueue: MakeQueue = async (chosen = {}) => {
  const settings = { ...TEST_SETTINGS, ...chosen };
  const clock = testClock();
  let made = 0;
  const queue = memoryQueueStore({ settings, clock, newId: () => `id-${++made}` });
  return { queue, settings, clock, wipe: async () => queue.wipe(), close: async () => {} };
};

queueStoreContract("memory queue", memoryQueue);
