import { queueStoreContract, queueStoreStatistics } from "../../contract/queue_store/contract.ts";
import { memoryLines } from "../../models/memory.ts";

queueStoreContract("memory queue", memoryLines());
queueStoreStatistics("memory queue", memoryLines(), 2_000);
