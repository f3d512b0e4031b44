import { apiContract } from "./scenarios.ts";
import { remoteTarget } from "../support/remote_target.ts";

apiContract("API over Upstash and Neon", remoteTarget);
