import { ageingContract } from "./queue_store/ageing.ts";
import { boundedUpkeepContract } from "./queue_store/bounded_upkeep.ts";
import { countsContract } from "./queue_store/counts.ts";
import { drainingContract, wipedDrawContract } from "./queue_store/draining.ts";
import { drawContract } from "./queue_store/draw.ts";
import { endingContract } from "./queue_store/ending.ts";
import { fairnessContract } from "./queue_store/fairness.ts";
import { gatheringContract } from "./queue_store/gathering.ts";
import { governingContract, pollBoundContract } from "./queue_store/governing.ts";
import type { MakeQueue } from "./queue_store/harness.ts";
import { interleavingContract } from "./queue_store/interleaving.ts";
import { joiningContract } from "./queue_store/joining.ts";
import { lookingContract } from "./queue_store/looking.ts";
import { missedTurnContract } from "./queue_store/missed_turn.ts";
import { promotionContract } from "./queue_store/promotion.ts";
import { rateContract } from "./queue_store/rate.ts";
import { resetContract } from "./queue_store/reset.ts";
import { secondDrawContract } from "./queue_store/second_draw.ts";
import { showingUpContract } from "./queue_store/showing_up.ts";
import { openingContract, statesContract } from "./queue_store/states.ts";
import { recountContract, stockContract } from "./queue_store/stock.ts";

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
  governingContract(name, harness);
  pollBoundContract(name, harness);
  statesContract(name, harness);
  openingContract(name, harness);
  gatheringContract(name, harness);
  drawContract(name, harness);
  secondDrawContract(name, harness);
  drainingContract(name, harness);
  wipedDrawContract(name, harness);
  fairnessContract(name, harness);
  rateContract(name, harness);
  stockContract(name, harness);
  recountContract(name, harness);
}
