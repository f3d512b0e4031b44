import { assertNobodyLoses, DISTURBANCES } from "./disturbances.ts";
import { openMemoryLine } from "./memory_line.ts";

for (const [name, plan] of Object.entries(DISTURBANCES)) {
  Deno.test(`in memory, nobody who polls as told loses anything: ${name}`, async () => {
    await assertNobodyLoses(plan, openMemoryLine);
  });
}
