import { historiesTest } from "./histories.ts";
import { lineHistories } from "./line_histories.ts";
import { memoryLines } from "./memory.ts";

const FILE = "tests/models/line_full_test.ts";
historiesTest("line", FILE, 3_000, lineHistories(memoryLines()));
