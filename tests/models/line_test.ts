import { historiesTest } from "./histories.ts";
import { lineHistories } from "./line_histories.ts";
import { memoryLines } from "./memory.ts";

// More of them: line_full_test.ts.
historiesTest("line", "tests/models/line_test.ts", 300, lineHistories(memoryLines()));
