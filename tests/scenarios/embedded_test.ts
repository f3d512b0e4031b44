import { apiScenarios } from "./api_scenarios.ts";
import { localTarget } from "../support/local_target.ts";

apiScenarios("memory and PGlite", () => localTarget());
