import { deepEqual } from "node:assert/strict";
import { ghostsTable, isKept, playGhostSales, SMALL_GHOST_SALE } from "./ghosts.ts";
import { openMemoryLine } from "./memory_line.ts";

Deno.test("absent fans cost the others less than 3 % of their admissions", async () => {
  const rows = await playGhostSales({ ...SMALL_GHOST_SALE, openLine: openMemoryLine });
  const broken = rows.filter((row) => !isKept(row) || row.result.longestIdleMs > 0);
  deepEqual(broken.map(({ name, ratio }) => [name, ratio]), [], ghostsTable(60, rows));
});
