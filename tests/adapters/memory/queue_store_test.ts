import { queueStoreContract } from "../../contract/queue_store/contract.ts";
import { memoryLines } from "../../models/memory.ts";

queueStoreContract("memory queue", memoryLines());
