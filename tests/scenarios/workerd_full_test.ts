import { apiScenarios } from "./api_scenarios.ts";
import { workerTarget } from "../support/worker_target.ts";

apiScenarios("API in workerd", workerTarget);
