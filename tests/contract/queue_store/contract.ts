import { ageingContract } from "./ageing.ts";
import { boundedUpkeepContract } from "./bounded_upkeep.ts";
import { challengeContract } from "./challenge.ts";
import { countsContract } from "./counts.ts";
import { drainingContract, wipedDrawContract } from "./draining.ts";
import { drawContract } from "./draw.ts";
import { endingContract } from "./ending.ts";
import { endingsContract } from "./endings.ts";
import { checkedRulesContract, failoverContract, lobbyFaultsContract } from "./faults.ts";
import { fairnessContract } from "./fairness.ts";
import { forgettingContract } from "./forgetting.ts";
import { gatheringContract } from "./gathering.ts";
import { pollBoundContract, rulesContract } from "./rules.ts";
import { contractTest, type MakeQueue } from "./harness.ts";
import { historyContract } from "./history.ts";
import { overviewContract } from "./overview.ts";
import { interleavingContract } from "./interleaving.ts";
import { joiningContract } from "./joining.ts";
import { lookingContract } from "./looking.ts";
import { missedTurnContract } from "./missed_turn.ts";
import { nearAndFarContract, saleContract } from "./near_and_far.ts";
import { promotionContract } from "./promotion.ts";
import { randomRateContract, rateContract } from "./rate.ts";
import { recountContract } from "./recount.ts";
import { releasesContract } from "./releases.ts";
import { removingContract } from "./removing.ts";
import { resetContract } from "./reset.ts";
import { resetOfDrawsContract } from "./reset_of_draws.ts";
import { secondDrawContract } from "./second_draw.ts";
import { showingUpContract } from "./showing_up.ts";
import { speedContract } from "./speed.ts";
import { openingContract, statesContract } from "./states.ts";
import { stockContract } from "./stock.ts";

export type { MakeQueue, QueueHarness } from "./harness.ts";

/** What every adapter of the QueueStore port does. The name of each test begins with `name`. */
export function queueStoreContract(name: string, harness: MakeQueue): void {
  const test = contractTest(name, harness);
  joiningContract(test);
  challengeContract(test);
  promotionContract(test);
  showingUpContract(test);
  missedTurnContract(test);
  nearAndFarContract(test);
  ageingContract(test);
  endingContract(test);
  endingsContract(test);
  forgettingContract(test);
  resetContract(test);
  resetOfDrawsContract(test);
  countsContract(test);
  historyContract(test);
  overviewContract(test);
  speedContract(test);
  boundedUpkeepContract(test);
  lookingContract(test);
  rulesContract(test);
  pollBoundContract(test);
  checkedRulesContract(test);
  removingContract(test);
  statesContract(test);
  openingContract(test);
  releasesContract(test);
  gatheringContract(test);
  drawContract(test);
  secondDrawContract(test);
  drainingContract(test);
  wipedDrawContract(test);
  lobbyFaultsContract(test);
  failoverContract(name, harness);
  rateContract(test);
  stockContract(test);
  recountContract(test);
}

/**
 * Its statistical part, thousands of calls a test: so many random acts, fair draws, rates at random.
 */
export function queueStoreStatistics(name: string, harness: MakeQueue, acts: number): void {
  const test = contractTest(name, harness);
  saleContract(test);
  interleavingContract(test, acts);
  fairnessContract(test);
  randomRateContract(test);
}
