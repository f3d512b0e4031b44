import { apiContract } from "./scenarios.ts";
import { workerTarget } from "../support/worker_target.ts";

apiContract("API in workerd", workerTarget);
