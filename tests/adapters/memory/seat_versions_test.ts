import { memoryQueueStore } from "../../../src/adapters/memory/queue_store.ts";
import { memorySeatVersions } from "../../../src/adapters/memory/seat_versions.ts";
import { TEST_SETTINGS } from "../../contract/queue_store/harness.ts";
import { seatVersionsContract } from "../../contract/seat_versions/contract.ts";
import { testClock } from "../../support/test_clock.ts";

seatVersionsContract("memory seat versions", async () => {
  const clock = testClock();
  const queue = memoryQueueStore({ settings: TEST_SETTINGS, clock, newId: () => "epoch" });
  const versions = memorySeatVersions({ queue, clock });
  const pass = async (ms: number) => clock.advance(ms);
  return { queue, versions, clock, pass, close: async () => {} };
});
