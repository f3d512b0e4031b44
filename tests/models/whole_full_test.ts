import { historiesTest } from "./histories.ts";
import { createStage, wholeHistories } from "./whole/stage.ts";
import type { Stage } from "./whole/world.ts";

let stage: Stage | undefined;

Deno.test.beforeAll(async () => {
  stage = await createStage();
});
Deno.test.afterAll(async () => {
  await stage?.database.close();
});

// More of them: `deno task simulate`.
historiesTest("whole", "tests/models/whole_full_test.ts", 1_940, wholeHistories(() => stage!));
