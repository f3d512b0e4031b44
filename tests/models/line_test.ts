import { historiesTest } from "./histories.ts";
import { lineHistories } from "./line/histories.ts";
import { Laws } from "./line/laws.ts";
import { memoryModelLines } from "./line/memory_lines.ts";
import { PROGRAM } from "./line/program.ts";

// More of them: line_full_test.ts.
const histories = lineHistories(memoryModelLines(), PROGRAM, new Laws());
historiesTest("line", "tests/models/line_test.ts", 300, histories);
