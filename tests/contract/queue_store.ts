import { ageingContract } from "./queue_store/ageing.ts";
import { boundedUpkeepContract } from "./queue_store/bounded_upkeep.ts";
import { countsContract } from "./queue_store/counts.ts";
import { endingContract } from "./queue_store/ending.ts";
import type { MakeQueue } from "./queue_store/harness.ts";
import { interleavingContract } from "./queue_store/interleaving.ts";
import { joiningContract } from "./queue_store/joining.ts";
import { lookingContract } from "./queue_store/looking.ts";
import { missedTurnContract } from "./queue_store/missed_turn.ts";
import { promotionContract } from "./queue_store/promotion.ts";
import { resetContract } from "./queue_store/reset.ts";
import { showingUpContract } from "./queue_store/showing_up.ts";

export type { MakeQueue, QueueHarness } from "./queue_store/harness.ts";

/** What every adapter of the QueueStore port does. `name` begins the name of each test. */
export function queueStoreContract(name: string, harness: MakeQueue): void {
  joiningContract(name, harness);
  promotionContract(name, harness);
  showingUpContract(name, harness);
  missedTurnContract(name, harness);
  ageingContract(name, harness);
  endingContract(name, harness);
  resetContract(name, harness);
  countsContract(name, harness);
  boundedUpkeepContract(name, harness);
  lookingContract(name, harness);
  interleavingContract(name, harness);
}
