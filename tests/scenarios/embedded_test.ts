import { apiContract } from "./scenarios.ts";
import { localTarget } from "../support/local_target.ts";

apiContract("memory and PGlite", localTarget);
