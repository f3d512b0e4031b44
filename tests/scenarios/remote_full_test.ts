import { apiScenarios } from "./api_scenarios.ts";
import { remoteTarget } from "../support/remote_target.ts";

apiScenarios("API over Upstash and Neon", remoteTarget);
