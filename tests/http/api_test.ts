import { apiContract } from "../contract/api.ts";
import { localTarget } from "../support/local_target.ts";

apiContract("memory and PGlite", localTarget);
