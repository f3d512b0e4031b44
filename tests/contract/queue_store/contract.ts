import { ageingContract } from "./ageing.ts";
import { boundedUpkeepContract } from "./bounded_upkeep.ts";
import { countsContract } from "./counts.ts";
import { drainingContract, wipedDrawContract } from "./draining.ts";
import { drawContract } from "./draw.ts";
import { endingContract } from "./ending.ts";
import { fairnessContract } from "./fairness.ts";
import { gatheringContract } from "./gathering.ts";
import { governingContract, pollBoundContract } from "./governing.ts";
import type { MakeQueue } from "./harness.ts";
import { interleavingContract } from "./interleaving.ts";
import { joiningContract } from "./joining.ts";
import { lookingContract } from "./looking.ts";
import { missedTurnContract } from "./missed_turn.ts";
import { promotionContract } from "./promotion.ts";
import { rateContract } from "./rate.ts";
import { resetContract } from "./reset.ts";
import { secondDrawContract } from "./second_draw.ts";
import { showingUpContract } from "./showing_up.ts";
import { openingContract, statesContract } from "./states.ts";
import { recountContract, stockContract } from "./stock.ts";

export type { MakeQueue, QueueHarness } from "./harness.ts";

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
