import { historiesTest } from "./histories.ts";
import { lineHistories } from "./line/histories.ts";
import { Laws } from "./line/laws.ts";
import { memoryModelLines } from "./line/memory_lines.ts";
import { PROGRAM } from "./line/program.ts";

const histories = lineHistories(memoryModelLines(), PROGRAM, new Laws());
historiesTest("line", "tests/models/line_full_test.ts", 1_500, histories);
