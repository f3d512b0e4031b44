import { historiesTest } from "./histories.ts";
import { lineHistories } from "./line_histories.ts";
import { memoryLines } from "./memory.ts";

historiesTest("line", "tests/models/line_test.ts", 3_000, lineHistories(memoryLines()));
