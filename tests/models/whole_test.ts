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

// More of them: whole_full_test.ts.
historiesTest("whole", "tests/models/whole_test.ts", 60, wholeHistories(() => stage!));
