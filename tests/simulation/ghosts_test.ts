import { deepEqual } from "node:assert/strict";
import { ghostsTable, isKept, playGhostSales, SMALL_GHOST_SALE, VANISHING } from "./ghosts.ts";
import { SMALL_SALE } from "./plan.ts";
import { openMemoryLine } from "./memory_line.ts";

Deno.test("absent fans cost the others less than 3 % of their admissions", async () => {
  const rows = await playGhostSales({ ...SMALL_GHOST_SALE, openLine: openMemoryLine });
  const broken = rows.filter((row) => !isKept(row) || row.result.longestIdleMs > 0);
  deepEqual(broken.map(({ name, ratio }) => [name, ratio]), [], ghostsTable(60, rows));
});

Deno.test("so do ghosts where polls are a few seconds apart", async () => {
  const { plan } = SMALL_GHOST_SALE;
  const absences = [{ name: "90 % ghosts", ghosts: 0.9, vanishing: 0 }];
  const room = { ...plan.room, pollMaxSeconds: 5 };
  const sales = { ...SMALL_GHOST_SALE, plan: { ...plan, seed: 2, room }, absences };
  const rows = await playGhostSales({ ...sales, openLine: openMemoryLine });
  const broken = rows.filter((row) => !isKept(row) || row.result.longestIdleMs > 0);
  deepEqual(broken.map(({ name, ratio }) => [name, ratio]), [], ghostsTable(5, rows));
});

Deno.test("so do fans who vanish when near, where polls are five minutes apart", async () => {
  const plan = { ...SMALL_SALE, room: { ...SMALL_SALE.room, pollMaxSeconds: 300 } };
  const sales = { plan, absences: [VANISHING], openLine: openMemoryLine };
  const rows = await playGhostSales(sales);
  const broken = rows.filter((row) => !isKept(row) || row.result.longestIdleMs > 0);
  deepEqual(broken.map(({ name, ratio }) => [name, ratio]), [], ghostsTable(300, rows));
});
