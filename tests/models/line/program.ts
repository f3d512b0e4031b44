import { createDescribeLine } from "../../../src/application/admission.ts";
import { createFronts } from "../../../src/application/fronts.ts";
import { createKeptFronts } from "../../../src/application/kept_fronts.ts";
import { createQueueService } from "../../../src/application/queue_service.ts";
import { createRulesOnDemandQueue } from "../../../src/application/rules_on_demand.ts";
import { DependencyError } from "../../../src/domain/failures.ts";
import type { Program } from "./isolates.ts";

/** The program as it is. */
export const PROGRAM: Program = {
  createDescribeLine,
  createFronts,
  createKeptFronts,
  createQueueService,
  createRulesOnDemandQueue,
  DependencyError,
};
